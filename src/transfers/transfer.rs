//! One transfer and what to do about it next; values in and values out.

use domain::{
    MethodId, Money, Timestamp,
    wire::{Deposit, DepositFailure, DepositState},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long after it was asked for a transfer may still be sent, ms. The wallet server gives up as
/// late what its operator did not answer; money must not move when nobody expects it any more.
const SENT_WITHIN_MS: u64 = 15 * 60 * 1_000;
/// When a transfer that the server does not have by then will never come to it, ms: whatever was sent
/// last, a minute before, has arrived or is lost.
const LOST_AFTER_MS: u64 = SENT_WITHIN_MS + 60 * 1_000;

/// A deposit that the member asked for on this phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Transfer {
    /// Made before anything was sent, and the same in every send.
    pub id: Uuid,
    /// The account or card the money comes from.
    pub from: MethodId,
    /// How much, above zero.
    pub amount: Money,
    /// When it was asked for, by the phone's clock.
    pub made_at: Timestamp,
    /// What is known of it.
    pub stage: Stage,
}

/// What is known of a transfer. It only ever moves down this list, and the last two are final.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Written on this phone; whether the server has it is not known.
    Written,
    /// The server has it and pursues it.
    Accepted,
    /// The money has moved.
    Done,
    /// It has not, and never will under this id.
    Failed(Failure),
}

/// Why a transfer failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Failure {
    /// The server wrote it down as failed.
    Told(DepositFailure),
    /// The server did not take it: there is no such account or card.
    NoSuchSource,
    /// The server did not take it: there is no wallet of this currency.
    NoSuchWallet,
    /// The server was not reached in time.
    NotSent,
    /// The server did not take it for a reason that this build does not know.
    NotTaken,
}

/// What to do about a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Send it, again if it was sent before.
    Send,
    /// Ask what became of it; send nothing.
    Ask,
}

/// What the server said, with nothing left to guess. That it said nothing is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It has the transfer.
    Known(Deposit),
    /// It has none of this id.
    Unknown,
    /// It did not take the transfer, and has none of this id.
    Refused(Failure),
}

impl Stage {
    /// Whether it has not ended.
    pub fn is_under_way(self) -> bool {
        matches!(self, Self::Written | Self::Accepted)
    }
}

impl Transfer {
    /// What to do about it at `now`; `None` once it has ended.
    pub fn next(&self, now: Timestamp) -> Option<Step> {
        match self.stage {
            Stage::Written if self.age_ms(now) < SENT_WITHIN_MS => Some(Step::Send),
            Stage::Written | Stage::Accepted => Some(Step::Ask),
            Stage::Done | Stage::Failed(_) => None,
        }
    }

    /// A clock that was set back far says nothing of how much time has passed, so nothing is sent then.
    fn age_ms(&self, now: Timestamp) -> u64 {
        now.millis_since(self.made_at).unsigned_abs()
    }

    /// What is known after the server's answer to `step` at `now`; `None` when it says nothing new.
    pub fn after(&self, step: Step, answer: &Answer, now: Timestamp) -> Option<Stage> {
        let told = match answer {
            Answer::Known(deposit) if self.is_in(deposit) => match deposit.state {
                DepositState::Pending => Stage::Accepted,
                DepositState::Done => Stage::Done,
                DepositState::Failed => {
                    let reason = deposit.reason.unwrap_or(DepositFailure::Refused);
                    Stage::Failed(Failure::Told(reason))
                }
            },
            // An answer about something else says nothing of this.
            Answer::Known(_) => return None,
            Answer::Refused(failure) => Stage::Failed(*failure),
            Answer::Unknown if step == Step::Ask && self.age_ms(now) >= LOST_AFTER_MS => {
                Stage::Failed(Failure::NotSent)
            }
            Answer::Unknown => return None,
        };
        self.stage.may_become(told).then_some(told)
    }

    fn is_in(&self, deposit: &Deposit) -> bool {
        deposit.id == self.id && deposit.from == self.from && deposit.amount == self.amount
    }
}

impl Stage {
    /// Whether `next` may follow. What the server once had is not lost by its forgetting it: only
    /// that it ended ends it.
    pub fn may_become(self, next: Self) -> bool {
        match (self, next) {
            (Self::Written, next) => next != Self::Written,
            (Self::Accepted, Self::Done | Self::Failed(Failure::Told(_))) => true,
            _ => false,
        }
    }
}
