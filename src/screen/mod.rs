//! Step 4: the screens: settlement, payment, deposit, history, methods, account; and why a method stands as it does. Comes in: the stores in
//! question, how they were found, the member's methods and the rule's answer on them. Goes out: one flat record, ready to draw.
//! Must not know: sensors, storage, the network.

mod account;
mod deposit;
mod draw;
mod history;
mod methods;
mod model;
mod notice;
mod payment;
mod reason;
mod receipt;
mod shown_code;
mod storage;
mod why;

pub use account::{AccountScreen, DeviceRow, ProfileRow};
pub(crate) use account::{DrawAccount, draw_account};
pub use deposit::{
    DepositReason, DepositRow, DepositScreen, DepositSource, DepositState, DepositWallet,
};
pub(crate) use deposit::{DrawDeposits, draw_deposits, is_source};
pub(crate) use draw::{Draw, draw};
pub(crate) use history::draw_history;
pub use history::{HistoryKind, HistoryRefund, HistoryRow, HistoryScreen};
pub(crate) use methods::{DrawMethods, draw_methods};
pub use methods::{MethodsScreen, RegisteredRow};
pub use model::{
    Alarm, Amount, CandidateRow, Chance, ChannelKind, CodeNote, CodeWarning, Evidence, Freshness,
    KindOfMethod, MethodBasis, MethodRow, MethodState, Place, ServerState, SettlementScreen,
    SignKind, SourceKind, StoreHead, StoreQuestion, SuggestionRow, TakenBy,
};
pub use notice::{Notice, NoticeKind};
pub(crate) use notice::{
    draw_at_the_door, draw_deposit_notice, draw_payment_notice, draw_refund_notice,
};
pub(crate) use payment::{DrawPayment, draw_payment};
pub use payment::{NextStep, PaymentReason, PaymentScreen, PaymentState};
pub use reason::WhyNot;
pub use receipt::ReceiptFiles;
pub(crate) use receipt::draw_receipt;
pub use shown_code::ShownCode;
pub use storage::StorageWarning;
pub use why::StoreSays;
pub(crate) use why::draw_why;
