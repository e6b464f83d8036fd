//! What a deposit may be, and what is asked under which id; values in and values out.

use std::time::Duration;

use domain::{
    Money, Timestamp,
    wire::{Action, Confirmation, Instruction, LinkedTo},
};
use ledger::{Account, Action as Entry, Amount, OperatorName, Owner, Request, part_of};
use uuid::Uuid;

/// Once it is this old, a deposit of which the operator took nothing is given up, ms: who waits at a
/// till has long paid another way.
const GIVEN_UP_AFTER_MS: i64 = 15 * 60 * 1_000;

/// Whether `amount` more fits a day's limit of `most` after `before`.
pub fn is_within(most: i64, before: i64, amount: i64) -> bool {
    before.checked_add(amount).is_some_and(|sum| sum <= most)
}

/// Whether a deposit asked for at `at` is given up at `now`.
pub fn is_given_up(at: Timestamp, now: Timestamp) -> bool {
    now.millis_since(at) >= GIVEN_UP_AFTER_MS
}

/// How long after the try number `tries` (from 0) the next one is, at `chance` of 0 to 1: twice as
/// long each time, from half a second to a minute.
pub fn wait(tries: u32, chance: f64) -> Duration {
    let most = 500_u64.saturating_mul(1 << tries.min(10)).min(60_000);
    Duration::from_millis(most / 2)
        + Duration::from_millis(most / 2).mul_f64(chance.clamp(0.0, 1.0))
}

/// Under which id a deposit's money is taken at the operator.
pub fn capture_id(deposit: Uuid) -> Uuid {
    step_id(deposit, "operator capture")
}

fn step_id(deposit: Uuid, step: &str) -> Uuid {
    Uuid::new_v5(&deposit, step.as_bytes())
}

/// A deposit as its steps need it.
#[derive(Clone, Debug)]
pub struct Steps {
    /// The deposit.
    pub id: Uuid,
    /// The operator's name in the ledger.
    pub operator: OperatorName,
    /// The account or card.
    pub from: LinkedTo,
    /// The wallet's owner in the ledger.
    pub wallet: Uuid,
    /// How much.
    pub amount: Money,
}

impl Steps {
    /// Reserves the amount, from what the operator will owe to the wallet. `None` unless it is above
    /// zero.
    pub fn reserve(&self) -> Option<Request> {
        let clearing = Owner::Clearing { operator: self.operator.clone(), part: part_of(self.id) };
        let action = Entry::Pending {
            debit: Account::new(clearing, self.amount.currency),
            credit: Account::new(Owner::Member(self.wallet), self.amount.currency),
            amount: Amount::new(self.amount.amount)?,
            // It ends when the operator has said what it did, however long that takes.
            lasts_ms: None,
        };
        Some(Request { id: self.id, action })
    }

    /// Posts what was reserved.
    pub fn post(&self) -> Option<Request> {
        let amount = Amount::new(self.amount.amount)?;
        let action = Entry::PostPending { pending: self.id, amount };
        Some(Request { id: step_id(self.id, "post"), action })
    }

    /// Frees what was reserved.
    pub fn release(&self) -> Request {
        Request { id: step_id(self.id, "void"), action: Entry::Void { pending: self.id } }
    }

    fn instruct(&self, id: Uuid, action: Action) -> Instruction {
        Instruction { id, reference: self.id, action }
    }

    fn authorisation(&self) -> Uuid {
        step_id(self.id, "operator authorise")
    }

    /// Has the operator reserve the amount.
    pub fn authorise(&self) -> Instruction {
        let (from, amount) = (self.from.clone(), self.amount);
        self.instruct(self.authorisation(), Action::Authorise { from, amount })
    }

    /// Has the operator take it.
    pub fn capture(&self) -> Instruction {
        let (of, amount) = (self.authorisation(), self.amount);
        self.instruct(capture_id(self.id), Action::Capture { of, amount })
    }

    /// Has the operator free it, so that it can never be taken any more.
    pub fn void(&self) -> Instruction {
        let id = step_id(self.id, "operator void");
        self.instruct(id, Action::Void { of: self.authorisation() })
    }
}

/// Whether `confirmation` speaks of exactly what was instructed. One that does not proves nothing.
pub fn is_of(confirmation: &Confirmation, instruction: &Instruction) -> bool {
    let asked = instruction.action.amount();
    confirmation.id == instruction.id
        && confirmation.reference == instruction.reference
        && confirmation.action == instruction.action.kind()
        && (asked.is_none() || confirmation.declined.is_some() || confirmation.amount == asked)
}

#[cfg(test)]
mod tests {
    use domain::{Currency, wire::ActionKind};

    use super::*;

    #[test]
    fn l12_a_days_limit_holds_at_the_edges_of_64_bits() {
        for (most, before, amount, within) in [
            (100, 0, 100, true),
            (100, 1, 100, false),
            (i64::MAX, i64::MAX, 1, false),
            (i64::MAX, 0, i64::MAX, true),
            (0, 0, 1, false),
        ] {
            assert_eq!(is_within(most, before, amount), within, "{most} {before} {amount}");
        }
    }

    #[test]
    fn f9_a_clock_that_jumps_back_gives_nothing_up() {
        let at = Timestamp(1_000_000_000_000);
        assert!(!is_given_up(at, Timestamp(at.0 - 3_600_000)));
        assert!(!is_given_up(at, Timestamp(i64::MIN)));
        assert!(!is_given_up(at, Timestamp(at.0 + GIVEN_UP_AFTER_MS - 1)));
        assert!(is_given_up(at, Timestamp(at.0 + GIVEN_UP_AFTER_MS)));
    }

    #[test]
    fn waits_grow_to_a_minute_and_no_further() {
        assert_eq!(wait(0, 0.0), Duration::from_millis(250));
        assert_eq!(wait(0, 1.0), Duration::from_millis(500));
        assert_eq!(wait(u32::MAX, 1.0), Duration::from_secs(60));
        assert_eq!(wait(3, f64::INFINITY), Duration::from_secs(4));
    }

    #[test]
    fn a_confirmation_of_another_amount_id_or_step_proves_nothing() {
        let steps = Steps {
            id: Uuid::from_u128(1),
            operator: OperatorName::new("a").unwrap(),
            from: LinkedTo::Card { id: "c".to_owned() },
            wallet: Uuid::from_u128(2),
            amount: Money::new(100, Currency::EUR),
        };
        let capture = steps.capture();
        let right = Confirmation {
            id: capture.id,
            reference: steps.id,
            action: ActionKind::Capture,
            amount: Some(steps.amount),
            at: Timestamp(0),
            declined: None,
        };
        assert!(is_of(&right, &capture));
        let yen = Money::new(100, Currency::JPY);
        for wrong in [
            Confirmation { amount: Some(Money::new(101, Currency::EUR)), ..right.clone() },
            Confirmation { amount: Some(yen), ..right.clone() },
            Confirmation { amount: None, ..right.clone() },
            Confirmation { id: steps.authorise().id, ..right.clone() },
            Confirmation { reference: capture.id, ..right.clone() },
            Confirmation { action: ActionKind::Withdraw, ..right },
        ] {
            assert!(!is_of(&wrong, &capture), "{wrong:?}");
        }
    }
}
