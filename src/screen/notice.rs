//! The notice: what the app says by the system's notifications while nobody looks at a screen.

use domain::{Registered, Timestamp, wire::SettlementRefund};
use serde::{Deserialize, Serialize};

use super::{Amount, MethodRow, Place, SettlementScreen};
use crate::transfers::{Payment, PaymentStage, Stage, Transfer};

/// Names told of each list: more do not fit into a notification.
const MOST_NAMES: usize = 3;

/// Something to say while nobody looks at a screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct Notice {
    /// What it is about: the store at its door, the payment, the deposit or the refund, by their ids. A later notice with
    /// the same id takes the place of the earlier one.
    pub id: String,
    /// What happened.
    pub kind: NoticeKind,
    /// The store's id; empty for a deposit.
    pub store_id: String,
    /// The store's name; empty when it has none or is not known, and for a deposit.
    pub store: String,
    /// At the door: the methods that work here, best first, at most three. Else the one that was used; empty
    /// where it is not registered any more.
    pub methods: Vec<String>,
    /// At the door: those that probably work here, best first, at most three.
    pub likely: Vec<String>,
    /// How many more work here, or probably do.
    pub more: u32,
    /// How much was to be paid or deposited, or came back; `None` at the door, and where it never came to an amount.
    pub amount: Option<Amount>,
    /// When, by the phone's clock, milliseconds since 1970.
    pub at_ms: i64,
}

/// What a notice says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// The member came into a store: these methods work here.
    AtTheDoor,
    /// A payment was made.
    Paid,
    /// A payment came to nothing; nothing was taken.
    NotPaid,
    /// A deposit is in the wallet.
    Deposited,
    /// A deposit came to nothing; nothing was taken.
    NotDeposited,
    /// A store gave back what was paid, or a part; the method is the one that the money came back to.
    Refunded,
}

/// What to say at the door of the store that `screen` shows; `None` unless it surely is this store and
/// something works there.
pub(crate) fn draw_at_the_door(screen: &SettlementScreen) -> Option<Notice> {
    let store = screen.store.as_ref()?;
    let is_sure = screen.place == Place::Here && screen.alarm.is_none();
    if !is_sure || (screen.active.is_empty() && screen.likely.is_empty()) {
        return None;
    }
    let beyond = |rows: &[MethodRow]| rows.len().saturating_sub(MOST_NAMES);
    Some(Notice {
        id: store.id.clone(),
        kind: NoticeKind::AtTheDoor,
        store_id: store.id.clone(),
        store: store.name.clone(),
        methods: names(&screen.active),
        likely: names(&screen.likely),
        more: u32::try_from(beyond(&screen.active) + beyond(&screen.likely)).unwrap_or(u32::MAX),
        amount: None,
        at_ms: screen.drawn_at_ms,
    })
}

fn names(rows: &[MethodRow]) -> Vec<String> {
    rows.iter().take(MOST_NAMES).map(|row| row.name.clone()).collect()
}

/// What to say of a payment that has ended; `None` where the member gave it up, or no till ever charged it.
pub(crate) fn draw_payment_notice(
    payment: &Payment,
    registered: &[Registered],
    now: Timestamp,
) -> Option<Notice> {
    let told = payment.told.as_ref();
    let kind = match payment.stage {
        PaymentStage::Done => NoticeKind::Paid,
        PaymentStage::Declined(_) => NoticeKind::NotPaid,
        PaymentStage::Expired if told.is_some() => NoticeKind::NotPaid,
        _ => return None,
    };
    Some(Notice {
        id: payment.id.to_string(),
        kind,
        store_id: told.map(|told| told.store.to_string()).unwrap_or_default(),
        store: told.map(|told| told.store_name.clone()).unwrap_or_default(),
        methods: name(&payment.method.0, registered),
        likely: Vec::new(),
        more: 0,
        amount: told.map(|told| told.amount.into()),
        at_ms: now.0,
    })
}

/// What to say of a deposit that has ended; `None` while it has not.
pub(crate) fn draw_deposit_notice(
    transfer: &Transfer,
    registered: &[Registered],
    now: Timestamp,
) -> Option<Notice> {
    let kind = match transfer.stage {
        Stage::Done => NoticeKind::Deposited,
        Stage::Failed(_) => NoticeKind::NotDeposited,
        Stage::Written | Stage::Accepted => return None,
    };
    Some(Notice {
        id: transfer.id.to_string(),
        kind,
        store_id: String::new(),
        store: String::new(),
        methods: name(&transfer.from.0, registered),
        likely: Vec::new(),
        more: 0,
        amount: Some(transfer.amount.into()),
        at_ms: now.0,
    })
}

/// What to say of a refund that was made.
pub(crate) fn draw_refund_notice(
    SettlementRefund { refund, settlement }: &SettlementRefund,
    registered: &[Registered],
    now: Timestamp,
) -> Notice {
    Notice {
        id: refund.id.to_string(),
        kind: NoticeKind::Refunded,
        store_id: settlement.store.to_string(),
        store: settlement.store_name.clone(),
        methods: name(&settlement.method.0, registered),
        likely: Vec::new(),
        more: 0,
        amount: Some(refund.amount.into()),
        at_ms: now.0,
    }
}

fn name(id: &str, registered: &[Registered]) -> Vec<String> {
    let mut known = registered.iter().filter(|registered| registered.method.id.0 == id);
    known.next().map(|registered| registered.method.name.clone()).into_iter().collect()
}
