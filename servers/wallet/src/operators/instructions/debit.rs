//! Money to be taken from an account or card: what its operator is instructed, and under which ids.

use domain::{
    Money,
    wire::{Action, Confirmation, Instruction, LinkedTo},
};
use ledger::OperatorName;
use uuid::Uuid;

/// Money to be taken from an account or card. Every step has an id made from the debit's own, so that
/// all of them can be done again from the first.
#[derive(Clone, Debug)]
pub struct Debit {
    /// What it is for: the deposit or settlement.
    pub id: Uuid,
    /// The operator's name in the ledger.
    pub operator: OperatorName,
    /// The account or card.
    pub from: LinkedTo,
    /// How much.
    pub amount: Money,
}

impl Debit {
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

    /// Has the operator give `amount` of it back, for the refund with this id.
    pub fn refund(&self, refund: Uuid, amount: Money) -> Instruction {
        let action = Action::Refund { of: self.authorisation(), amount };
        Instruction { id: refund_id(refund), reference: refund, action }
    }
}

/// Under which id the money of a deposit or settlement is taken at the operator.
pub fn capture_id(debit: Uuid) -> Uuid {
    step_id(debit, "operator capture")
}

/// Under which id the money of a refund is given back at the operator.
pub fn refund_id(refund: Uuid) -> Uuid {
    step_id(refund, "operator refund")
}

fn step_id(of: Uuid, step: &str) -> Uuid {
    Uuid::new_v5(&of, step.as_bytes())
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
    use domain::{Currency, Timestamp, wire::ActionKind};

    use super::*;

    #[test]
    fn a_confirmation_of_another_amount_id_or_step_proves_nothing() {
        let debit = Debit {
            id: Uuid::from_u128(1),
            operator: OperatorName::new("a").unwrap(),
            from: LinkedTo::Card { id: "c".to_owned() },
            amount: Money::new(100, Currency::EUR),
        };
        let capture = debit.capture();
        let right = Confirmation {
            id: capture.id,
            reference: debit.id,
            action: ActionKind::Capture,
            amount: Some(debit.amount),
            at: Timestamp(0),
            declined: None,
        };
        assert!(is_of(&right, &capture));
        let yen = Money::new(100, Currency::JPY);
        for wrong in [
            Confirmation { amount: Some(Money::new(101, Currency::EUR)), ..right.clone() },
            Confirmation { amount: Some(yen), ..right.clone() },
            Confirmation { amount: None, ..right.clone() },
            Confirmation { id: debit.authorise().id, ..right.clone() },
            Confirmation { reference: capture.id, ..right.clone() },
            Confirmation { action: ActionKind::Withdraw, ..right },
        ] {
            assert!(!is_of(&wrong, &capture), "{wrong:?}");
        }
    }
}
