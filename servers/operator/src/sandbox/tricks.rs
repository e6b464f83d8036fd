//! The table of magic amounts, and what each does to an answer and its callbacks.

use std::time::Duration;

use domain::{
    Money,
    wire::{Action, ActionKind, Confirmation, Decline},
};

use crate::callbacks::Callback;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trick {
    Decline,
    DeclineCapture,
    NoAnswer,
    CallbackFirst,
    CallbackTwice,
    CallbackLate,
    NoCallback,
    WrongAmount,
    WrongSignature,
}

/// The amounts, in minor units of any currency; README.md has the same table.
const TABLE: [(i64, Trick); 9] = [
    (9001, Trick::Decline),
    (9002, Trick::DeclineCapture),
    (9003, Trick::NoAnswer),
    (9004, Trick::CallbackFirst),
    (9005, Trick::CallbackTwice),
    (9006, Trick::CallbackLate),
    (9007, Trick::NoCallback),
    (9008, Trick::WrongAmount),
    (9009, Trick::WrongSignature),
];

/// Longer than a wallet company waits for an answer.
const NEVER: Duration = Duration::from_secs(12);
/// Long enough for a callback to arrive before the answer.
const AFTER_CALLBACK: Duration = Duration::from_secs(1);
/// By how much a late callback is late.
const LATE: Duration = Duration::from_secs(3);

/// Whether magic amounts have an effect, and which.
#[derive(Clone, Copy, Debug)]
pub struct Sandbox {
    on: bool,
}

impl Sandbox {
    /// With the table, or without.
    pub const fn new(on: bool) -> Self {
        Self { on }
    }

    fn trick(self, amount: Option<Money>) -> Option<Trick> {
        let amount = amount.filter(|_| self.on)?.amount;
        TABLE.iter().find(|(magic, _)| *magic == amount).map(|(_, trick)| *trick)
    }

    /// What happens to what takes money; nothing happens to what only reserves it.
    fn trick_of(self, confirmation: &Confirmation) -> Option<Trick> {
        let takes = matches!(confirmation.action, ActionKind::Capture | ActionKind::Withdraw);
        self.trick(confirmation.amount).filter(|_| takes)
    }

    /// Why an instruction that could be done is not.
    pub fn decline(self, action: &Action) -> Option<Decline> {
        match (self.trick(action.amount())?, action.kind()) {
            (Trick::Decline, ActionKind::Authorise | ActionKind::Withdraw) => {
                Some(Decline::InsufficientFunds)
            }
            (Trick::DeclineCapture, ActionKind::Capture) => Some(Decline::Blocked),
            _ => None,
        }
    }

    /// How long the answer is held back.
    pub fn answers_after(self, confirmation: &Confirmation) -> Duration {
        match self.trick_of(confirmation) {
            Some(Trick::NoAnswer) => NEVER,
            Some(Trick::CallbackFirst) => AFTER_CALLBACK,
            _ => Duration::ZERO,
        }
    }

    /// What is answered; a look-up always tells what is true.
    pub fn answer(self, confirmation: Confirmation) -> Confirmation {
        match self.trick_of(&confirmation) {
            Some(Trick::WrongAmount) => wrong(confirmation),
            _ => confirmation,
        }
    }

    /// The callbacks of what was decided.
    pub fn callbacks(self, confirmation: &Confirmation) -> Vec<Callback> {
        let plain = Callback::of(confirmation.clone());
        match self.trick_of(confirmation) {
            Some(Trick::NoCallback) => vec![],
            Some(Trick::CallbackTwice) => vec![plain.clone(), plain],
            Some(Trick::CallbackLate) => vec![Callback { after: LATE, ..plain }],
            Some(Trick::WrongAmount) => vec![Callback::of(wrong(confirmation.clone()))],
            Some(Trick::WrongSignature) => vec![Callback { spoiled: true, ..plain }],
            _ => vec![plain],
        }
    }
}

fn wrong(confirmation: Confirmation) -> Confirmation {
    let amount = confirmation.amount.map(|money| Money { amount: money.amount + 1, ..money });
    Confirmation { amount, ..confirmation }
}

#[cfg(test)]
mod tests {
    use domain::{Currency, Timestamp};
    use uuid::Uuid;

    use super::*;

    fn captured(amount: i64) -> Confirmation {
        Confirmation {
            id: Uuid::from_u128(1),
            reference: Uuid::from_u128(2),
            action: ActionKind::Capture,
            amount: Some(Money::new(amount, Currency::EUR)),
            at: Timestamp(0),
            declined: None,
        }
    }

    #[test]
    fn without_the_sandbox_no_amount_is_magic() {
        let off = Sandbox::new(false);
        for (amount, _) in TABLE {
            let plain = captured(amount);
            assert_eq!(off.answer(plain.clone()), plain);
            assert_eq!(off.answers_after(&plain), Duration::ZERO);
            assert_eq!(off.callbacks(&plain).len(), 1);
            let action = Action::Capture { of: plain.id, amount: plain.amount.unwrap() };
            assert_eq!(off.decline(&action), None);
        }
    }

    #[test]
    fn every_magic_amount_has_an_effect_and_no_other() {
        let on = Sandbox::new(true);
        let differs = |amount| {
            let plain = captured(amount);
            let money = plain.amount.unwrap();
            let (of, id) = (plain.id, "a".to_owned());
            let from = domain::wire::LinkedTo::Account { id };
            let callbacks = on.callbacks(&plain);
            on.answer(plain.clone()) != plain
                || on.answers_after(&plain) > Duration::ZERO
                || callbacks.len() != 1
                || callbacks[0] != Callback::of(plain)
                || on.decline(&Action::Capture { of, amount: money }).is_some()
                || on.decline(&Action::Authorise { from, amount: money }).is_some()
        };
        for (amount, trick) in TABLE {
            assert!(differs(amount), "{trick:?}");
        }
        assert!(![1, 9000, 9010, i64::MAX].into_iter().any(differs));
    }
}
