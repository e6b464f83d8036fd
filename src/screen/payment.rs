//! The payment screen: one payment from the tap to its end, and what the member is to do about it.

use domain::{Registered, Timestamp, wire::SettlementFailure};
use serde::{Deserialize, Serialize};

use super::{Amount, ChannelKind, ShownCode, WhyNot, shown_code::draw_code};
use crate::transfers::{Payment, PaymentFailure, PaymentStage};

/// Everything the payment screen shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct PaymentScreen {
    /// The id it was begun with; it is also the settlement's at the server, and the transfer's in the
    /// history once it is paid.
    pub id: String,
    /// How it is done at the till: by a code that was scanned, by one that this phone shows, or by holding it
    /// to the till's reader.
    pub channel: ChannelKind,
    /// Where it stands.
    pub state: PaymentState,
    /// The code to be shown to the till; `None` while there is none to show, and when the phone is held to a
    /// reader.
    pub code: Option<ShownCode>,
    /// Whether the app should turn the screen's brightness up: a code is to be read from it.
    pub bright: bool,
    /// Whom it pays: the store's id, in the server's words; empty until it has answered.
    pub store_id: String,
    /// The store's name; empty until the server has answered, or when the register names none.
    pub payee: String,
    /// Whether that store is not where this phone is: somebody elsewhere may have got hold of the code. Say so
    /// before the member agrees.
    pub elsewhere: bool,
    /// How much, in the server's words; `None` until it has answered.
    pub amount: Option<Amount>,
    /// The id of the method.
    pub method_id: String,
    /// The name of the method; empty when it is not registered any more.
    pub method: String,
    /// Why it was declined.
    pub reason: Option<PaymentReason>,
    /// Why the method does not work here, when that is the reason.
    pub why_not: Option<WhyNot>,
    /// What the member is to do.
    pub next_step: NextStep,
    /// Until when the member has to agree, by the phone's clock, milliseconds since 1970.
    pub approve_by_ms: Option<i64>,
    /// When it was begun, milliseconds since 1970.
    pub begun_at_ms: i64,
    /// When it was drawn, milliseconds since 1970.
    pub drawn_at_ms: i64,
    /// Counts the wallet's drawings of every screen: the larger number is the newer. Not in the JSON.
    #[serde(skip)]
    pub revision: u64,
}

/// Where a payment stands. The last four are final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    /// The server has not answered yet; nothing was paid.
    Awaited,
    /// The code is to be shown to the till, or the phone to be held to its reader; it has not charged that yet,
    /// and nothing was paid.
    Shown,
    /// The member is to agree; nothing was paid.
    ToApprove,
    /// The member has agreed, but whether that came to the server is not known yet. The wallet asks.
    Unknown,
    /// The server has the member's agreement, but does not know yet what became of the money.
    Pending,
    /// The member does not want to pay, but the server has not said yet that it heard that.
    Cancelling,
    /// It is paid.
    Done,
    /// Nothing was taken.
    Declined,
    /// No till charged the code in time, or the member did not agree in time; nothing was taken.
    Expired,
    /// The member did not want to pay; nothing was taken.
    Cancelled,
}

/// Why a payment was declined. Nothing was taken; another try is a new payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum PaymentReason {
    /// The method does not work here; why, the screen says beside it.
    MethodDoesNotWork,
    /// The method is not registered any more.
    NotRegistered,
    /// The wallet server cannot pay with such a method.
    NotPayable,
    /// The code is not the register's.
    CodeNotGenuine,
    /// The code is over.
    CodeOutOfDate,
    /// No terminal asks for this, or not any more.
    NoCharge,
    /// Somebody else pays it, or has.
    ChargeTaken,
    /// The wallet server was not reached in time.
    NotSent,
    /// The wallet server did not take it.
    NotTaken,
}

/// What the member is to do about a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum NextStep {
    /// Nothing.
    Nothing,
    /// Agree, by the settlement code, or give it up.
    Approve,
    /// Wait, and not pay in another way until it is known what became of it.
    Wait,
    /// Show the code to the till.
    ShowCode,
    /// Scan the till's code anew.
    ScanAgain,
    /// Show a new code to the till.
    ShowAgain,
    /// Hold the phone to the till's reader.
    HoldToReader,
    /// Begin anew, and hold the phone to the till's reader.
    HoldAgain,
    /// Ask the cashier for a new code.
    AskCashier,
    /// Take another method.
    ChooseAnother,
    /// Put money into the wallet, or take another method.
    Deposit,
}

/// Everything the payment screen is drawn from.
pub(crate) struct DrawPayment<'a> {
    pub payment: &'a Payment,
    /// The code that is shown, where this phone has it.
    pub code: Option<String>,
    pub registered: &'a [Registered],
    /// Whether the phone is known not to be where the store is that asks.
    pub elsewhere: bool,
    pub now: Timestamp,
    pub revision: u64,
}

/// The payment screen.
pub(crate) fn draw_payment(from: &DrawPayment<'_>) -> PaymentScreen {
    let Payment { id, channel, method, made_at, stage, told, .. } = from.payment;
    let registered = from.registered.iter().find(|registered| registered.method.id == *method);
    let (reason, why_not) = reasons(*stage);
    let state = state(*stage);
    let channel = ChannelKind::from(*channel);
    let code = match (stage, &from.code) {
        (PaymentStage::Shown(until), Some(text)) if channel == ChannelKind::Code => {
            draw_code(text, *until)
        }
        _ => None,
    };
    let to_approve = state == PaymentState::ToApprove;
    PaymentScreen {
        id: id.to_string(),
        channel,
        state,
        bright: code.is_some(),
        code,
        store_id: told.as_ref().map(|told| told.store.to_string()).unwrap_or_default(),
        payee: told.as_ref().map(|told| told.store_name.clone()).unwrap_or_default(),
        elsewhere: from.elsewhere && to_approve,
        amount: told.as_ref().map(|told| told.amount.into()),
        method_id: method.0.clone(),
        method: registered.map(|registered| registered.method.name.clone()).unwrap_or_default(),
        reason,
        why_not,
        next_step: by_channel(next_step(state, reason, why_not), channel),
        approve_by_ms: to_approve.then(|| from.payment.approve_by().0),
        begun_at_ms: made_at.0,
        drawn_at_ms: from.now.0,
        revision: from.revision,
    }
}

fn state(stage: PaymentStage) -> PaymentState {
    match stage {
        PaymentStage::Written => PaymentState::Awaited,
        PaymentStage::Shown(_) => PaymentState::Shown,
        PaymentStage::ToApprove => PaymentState::ToApprove,
        PaymentStage::Approving => PaymentState::Unknown,
        PaymentStage::Cancelling => PaymentState::Cancelling,
        PaymentStage::Pending => PaymentState::Pending,
        PaymentStage::Done => PaymentState::Done,
        PaymentStage::Declined(_) => PaymentState::Declined,
        PaymentStage::Expired => PaymentState::Expired,
        PaymentStage::Cancelled => PaymentState::Cancelled,
    }
}

fn reasons(stage: PaymentStage) -> (Option<PaymentReason>, Option<WhyNot>) {
    let PaymentStage::Declined(failure) = stage else { return (None, None) };
    let reason = match failure {
        PaymentFailure::Told(SettlementFailure::ByRule(reason)) => {
            return (Some(PaymentReason::MethodDoesNotWork), Some(reason.into()));
        }
        PaymentFailure::Told(SettlementFailure::NotRegistered) => PaymentReason::NotRegistered,
        PaymentFailure::Told(SettlementFailure::NotPayable) => PaymentReason::NotPayable,
        PaymentFailure::CodeNotGenuine => PaymentReason::CodeNotGenuine,
        PaymentFailure::CodeOutOfDate => PaymentReason::CodeOutOfDate,
        PaymentFailure::NoCharge => PaymentReason::NoCharge,
        PaymentFailure::ChargeTaken => PaymentReason::ChargeTaken,
        PaymentFailure::NotSent => PaymentReason::NotSent,
        PaymentFailure::Told(SettlementFailure::TooLate | SettlementFailure::IdUsed)
        | PaymentFailure::NotTaken => PaymentReason::NotTaken,
    };
    (Some(reason), None)
}

fn next_step(
    state: PaymentState,
    reason: Option<PaymentReason>,
    why_not: Option<WhyNot>,
) -> NextStep {
    match (state, reason) {
        (PaymentState::Shown, _) => NextStep::ShowCode,
        (PaymentState::ToApprove, _) => NextStep::Approve,
        (PaymentState::Done | PaymentState::Cancelled, _) => NextStep::Nothing,
        (PaymentState::Expired, _) => NextStep::ScanAgain,
        (PaymentState::Declined, Some(reason)) => after(reason, why_not),
        _ => NextStep::Wait,
    }
}

/// What is scanned again on one channel is shown or held again on the others.
fn by_channel(step: NextStep, channel: ChannelKind) -> NextStep {
    match (step, channel) {
        (NextStep::ScanAgain | NextStep::AskCashier, ChannelKind::Code) => NextStep::ShowAgain,
        (NextStep::ShowCode, ChannelKind::Contactless) => NextStep::HoldToReader,
        (NextStep::ScanAgain | NextStep::AskCashier, ChannelKind::Contactless) => {
            NextStep::HoldAgain
        }
        (step, _) => step,
    }
}

fn after(reason: PaymentReason, why_not: Option<WhyNot>) -> NextStep {
    match reason {
        PaymentReason::MethodDoesNotWork if why_not == Some(WhyNot::BalanceTooLow) => {
            NextStep::Deposit
        }
        PaymentReason::MethodDoesNotWork
        | PaymentReason::NotRegistered
        | PaymentReason::NotPayable => NextStep::ChooseAnother,
        PaymentReason::CodeNotGenuine | PaymentReason::NoCharge | PaymentReason::ChargeTaken => {
            NextStep::AskCashier
        }
        PaymentReason::CodeOutOfDate | PaymentReason::NotSent | PaymentReason::NotTaken => {
            NextStep::ScanAgain
        }
    }
}
