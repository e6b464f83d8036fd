//! One payment at a till and what to do about it next; values in and values out.
//!
//! Until the member has agreed no money can move, so what is not known before that is only a wait. From
//! the moment an agreement may have left the phone, only the server's own word says what became of it.

use std::time::Duration;

use domain::{
    Channel, MethodId, Money, StoreId, Timestamp,
    wire::{
        APPROVAL_LASTS_MS, PaymentToken, Settlement, SettlementFailure, SettlementState,
        TOKEN_LASTS_MS,
    },
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long after it was scanned a payment code may still be sent, ms: twice as long as one lasts.
const SENT_WITHIN_MS: u64 = 2 * 60 * 1_000;
/// When a payment that the server does not have by then will never come to it, ms.
const LOST_AFTER_MS: u64 = SENT_WITHIN_MS + 60 * 1_000;

/// A payment that the member began on this phone: a settlement, from before the server has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Payment {
    /// Made before anything was sent, and the same in every send.
    pub id: Uuid,
    /// How it is done at the till.
    pub channel: Channel,
    /// The payment code as it was scanned; `None` on the other channels, where this phone has a code for the
    /// till.
    pub code: Option<String>,
    /// How much the member typed, where the code that was scanned names no amount.
    pub amount: Option<Money>,
    /// What the member pays with.
    pub method: MethodId,
    /// When it was begun, by the phone's clock.
    pub made_at: Timestamp,
    /// What is known of it.
    pub stage: PaymentStage,
    /// Whom and how much, once the server has said it. It never changes after that.
    pub told: Option<Told>,
}

/// What a payment is of, in the server's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told {
    /// The payee.
    pub store: StoreId,
    /// The payee's name.
    pub store_name: String,
    /// How much.
    pub amount: Money,
    /// When a till charged this phone's code, by the phone's clock; `None` where one was scanned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charged_at: Option<Timestamp>,
}

/// What is known of a payment. The last four are final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PaymentStage {
    /// Written on this phone; whether the server has it is not known.
    Written,
    /// The server has given a code to be shown or handed over, good until then by the phone's clock; no till
    /// is known to have charged it.
    Shown(Timestamp),
    /// The server has it, and waits for the member to agree.
    ToApprove,
    /// The member has agreed and that was sent; whether it came to the server is not known.
    Approving,
    /// The member does not want to pay; whether the server has heard that is not known.
    Cancelling,
    /// The server has the member's agreement; what became of the money is not known yet.
    Pending,
    /// It is paid.
    Done,
    /// Nothing was taken, and never will be under this id.
    Declined(PaymentFailure),
    /// The member did not agree in time, or no till charged the code; nothing was taken.
    Expired,
    /// The member did not want to pay; nothing was taken.
    Cancelled,
}

/// Why a payment failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PaymentFailure {
    /// The server wrote it down as failed.
    Told(SettlementFailure),
    /// The server says that the code is not the register's.
    CodeNotGenuine,
    /// The server says that the code is over.
    CodeOutOfDate,
    /// No terminal asks for this, or not any more.
    NoCharge,
    /// Somebody else pays it, or has.
    ChargeTaken,
    /// The server was not reached in time.
    NotSent,
    /// The server did not take it for a reason that this build does not know.
    NotTaken,
}

/// What to ask the server about a payment. Agreeing is none of these: it needs the member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PaymentStep {
    /// Begin it, again if that was sent before; for a code to be shown, ask for that.
    Begin,
    /// Ask what became of it; send nothing.
    Ask,
    /// Say that the member does not want to pay.
    GiveUp,
}

/// What the server said, with nothing left to guess. That it said nothing is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PaymentAnswer {
    /// It has the payment.
    Known(Settlement),
    /// It has none of this id.
    Unknown,
    /// It gives this code to be shown.
    Token(PaymentToken),
    /// It did not begin the payment, and has none of this id.
    Refused(PaymentFailure),
    /// It did not take the agreement, or no till charged the code: the time is over.
    TooLate,
    /// It cannot be given up: the member has agreed.
    Approved,
}

impl Payment {
    /// What to ask about it at `now`; `None` while the member is to act, and once it has ended.
    pub fn next(&self, now: Timestamp) -> Option<PaymentStep> {
        match self.stage {
            PaymentStage::Written if self.age_ms(now) < SENT_WITHIN_MS => Some(PaymentStep::Begin),
            PaymentStage::Written | PaymentStage::Approving | PaymentStage::Pending => {
                Some(PaymentStep::Ask)
            }
            PaymentStage::Shown(_) => self.waits(now).is_none().then_some(PaymentStep::Begin),
            PaymentStage::ToApprove => self.waits(now).is_none().then_some(PaymentStep::Ask),
            PaymentStage::Cancelling => Some(PaymentStep::GiveUp),
            _ => None,
        }
    }

    /// How long at `now` a till has to charge the code, or the member to agree, before it is asked after;
    /// `None` when that is over, and in every other stage.
    pub fn waits(&self, now: Timestamp) -> Option<Duration> {
        let (until, most) = match self.stage {
            PaymentStage::Shown(until) => (until, TOKEN_LASTS_MS),
            PaymentStage::ToApprove => (self.approve_by(), APPROVAL_LASTS_MS),
            _ => return None,
        };
        let left = until.millis_since(now);
        // A clock that was set back far says nothing of how much time has passed.
        (1..=most).contains(&left).then(|| Duration::from_millis(left.unsigned_abs()))
    }

    /// Until when the member has to agree, by the phone's clock.
    pub fn approve_by(&self) -> Timestamp {
        let charged_at = self.told.as_ref().and_then(|told| told.charged_at);
        Timestamp(charged_at.unwrap_or(self.made_at).0.saturating_add(APPROVAL_LASTS_MS))
    }

    /// A clock that was set back far says nothing of how much time has passed.
    fn age_ms(&self, now: Timestamp) -> u64 {
        now.millis_since(self.made_at).unsigned_abs()
    }

    /// The payment after the server's answer to `step` at `now`; `None` when that says nothing new.
    pub fn after(&self, step: PaymentStep, answer: &PaymentAnswer, now: Timestamp) -> Option<Self> {
        let stage = match answer {
            PaymentAnswer::Known(settlement) => {
                return self.is_in(settlement).then(|| self.told(settlement, now)).flatten();
            }
            PaymentAnswer::Token(token) => {
                let left = token.lasts_ms.clamp(0, TOKEN_LASTS_MS);
                PaymentStage::Shown(Timestamp(now.0.saturating_add(left)))
            }
            PaymentAnswer::Refused(failure) => PaymentStage::Declined(*failure),
            PaymentAnswer::TooLate => PaymentStage::Expired,
            // Perhaps from an answer that was lost: what became of it is asked next.
            PaymentAnswer::Approved => PaymentStage::Approving,
            PaymentAnswer::Unknown => self.unknown(step, now)?,
        };
        self.at(stage)
    }

    fn unknown(&self, step: PaymentStep, now: Timestamp) -> Option<PaymentStage> {
        let never_there = self.told.is_none();
        match step {
            PaymentStep::GiveUp if never_there => Some(PaymentStage::Cancelled),
            PaymentStep::Ask
                if self.stage == PaymentStage::Written && self.age_ms(now) >= LOST_AFTER_MS =>
            {
                Some(PaymentStage::Declined(PaymentFailure::NotSent))
            }
            _ => None,
        }
    }

    /// The payment at a later stage; `None` where that cannot follow.
    pub fn at(&self, stage: PaymentStage) -> Option<Self> {
        self.stage.may_become(stage).then(|| Self { stage, ..self.clone() })
    }

    fn told(&self, settlement: &Settlement, now: Timestamp) -> Option<Self> {
        let told = Told {
            store: settlement.store,
            store_name: settlement.store_name.clone(),
            amount: settlement.amount,
            charged_at: self.code.is_none().then_some(now),
        };
        let next = self.at(self.stage.told(settlement))?;
        Some(Self { told: self.told.clone().or(Some(told)), ..next })
    }

    /// An answer about something else says nothing of this; nor one that changes what the member was
    /// shown.
    fn is_in(&self, settlement: &Settlement) -> bool {
        let is_as_told =
            |told: &Told| told.store == settlement.store && told.amount == settlement.amount;
        settlement.id == self.id
            && settlement.method == self.method
            && settlement.channel == self.channel
            && self.amount.is_none_or(|amount| amount == settlement.amount)
            && self.told.as_ref().is_none_or(is_as_told)
    }
}

impl PaymentStage {
    /// Whether it has not ended.
    pub fn is_under_way(self) -> bool {
        matches!(
            self,
            Self::Written
                | Self::Shown(_)
                | Self::ToApprove
                | Self::Approving
                | Self::Cancelling
                | Self::Pending
        )
    }

    /// Where a settlement stands, for who knew this of it.
    fn told(self, settlement: &Settlement) -> Self {
        match (settlement.state, settlement.reason) {
            (SettlementState::ToApprove, _) => Self::ToApprove,
            (SettlementState::Pending, _) => Self::Pending,
            (SettlementState::Captured, _) => Self::Done,
            (SettlementState::Void, _) if self == Self::Cancelling => Self::Cancelled,
            // The member had agreed in time: it was the till that gave it up.
            (SettlementState::Void, _) if self == Self::Pending => {
                Self::Declined(PaymentFailure::NoCharge)
            }
            (SettlementState::Void, _)
            | (SettlementState::Failed, Some(SettlementFailure::TooLate)) => Self::Expired,
            (SettlementState::Failed, Some(reason)) => Self::Declined(PaymentFailure::Told(reason)),
            (SettlementState::Failed, None) => Self::Declined(PaymentFailure::NotTaken),
        }
    }

    /// Whether `next` may follow.
    pub fn may_become(self, next: Self) -> bool {
        let has_ended = !next.is_under_way();
        match self {
            Self::Written => !matches!(next, Self::Written | Self::Approving),
            Self::Shown(_) => next != self && !matches!(next, Self::Written | Self::Approving),
            Self::ToApprove => {
                has_ended || matches!(next, Self::Approving | Self::Cancelling | Self::Pending)
            }
            Self::Approving => has_ended || matches!(next, Self::ToApprove | Self::Pending),
            Self::Cancelling => has_ended || matches!(next, Self::Approving | Self::Pending),
            Self::Pending => has_ended,
            Self::Done | Self::Declined(_) | Self::Expired | Self::Cancelled => false,
        }
    }
}
