//! Step 4: the settlement screen. Comes in: the stores in question, how they were found, the
//! member's methods and the rule's verdict on them. Goes out: one flat record, ready to draw.
//! Must not know: sensors, storage, the network.

mod draw;
mod model;
mod reason;

pub(crate) use draw::{Draw, draw};
pub use model::{
    Alarm, Amount, CandidateRow, ChannelKind, CodeNote, CodeWarning, Evidence, Freshness,
    KindOfMethod, MethodRow, MethodState, Place, ServerState, SettlementScreen, SignKind,
    SourceKind, StoreHead, SuggestionRow, TakenBy,
};
pub use reason::WhyNot;
