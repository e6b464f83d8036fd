//! What one instruction comes to when both sides are compared; values in and values out.

use std::collections::BTreeMap;

use domain::{Currency, Money};
use ledger::{Account, Action, Amount, OperatorName, Owner, Request, part_of};
use serde::Serialize;
use uuid::Uuid;

/// How our side of an instruction and the operator's compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// Both say the same; the operator may say it in parts.
    Matched,
    /// The operator says nothing of it.
    OursOnly,
    /// The ledger has nothing of it.
    TheirsOnly,
    /// The amounts or currencies differ.
    Differs,
    /// The operator says the same more than once.
    Duplicate,
}

/// Both sides compared: `ours` as the ledger has it, `theirs` line by line.
pub fn compare(ours: Option<Money>, theirs: &[Money]) -> Comparison {
    let Some(ours) = ours else { return Comparison::TheirsOnly };
    if theirs.is_empty() {
        return Comparison::OursOnly;
    }
    let differences = differences(Some(ours), theirs);
    if differences.values().all(|difference| *difference == 0) {
        return Comparison::Matched;
    }
    let repeats = theirs.len() > 1 && theirs.iter().all(|line| *line == ours);
    if repeats { Comparison::Duplicate } else { Comparison::Differs }
}

/// By currency, by how much the operator says more than the ledger.
pub fn differences(ours: Option<Money>, theirs: &[Money]) -> BTreeMap<String, i128> {
    let mut sums: BTreeMap<String, i128> = BTreeMap::new();
    let ours = ours.map(|money| (money.currency, -i128::from(money.amount)));
    let theirs = theirs.iter().map(|money| (money.currency, i128::from(money.amount)));
    for (currency, amount) in ours.into_iter().chain(theirs) {
        *sums.entry(currency.code().to_owned()).or_default() += amount;
    }
    sums
}

/// Moves `amount` between what the operator owes and suspense: above zero what it says more, below
/// zero what it says less. `None` for nothing, and for what does not fit 64 bits.
pub fn to_suspense(
    operator: &OperatorName,
    id: Uuid,
    reference: Uuid,
    currency: Currency,
    amount: i64,
) -> Option<Request> {
    let clearing = Owner::Clearing { operator: operator.clone(), part: part_of(reference) };
    let clearing = Account::new(clearing, currency);
    let suspense = Account::new(Owner::Suspense(operator.clone()), currency);
    let moved = Amount::new(amount.checked_abs()?)?;
    let (debit, credit) = if amount > 0 { (clearing, suspense) } else { (suspense, clearing) };
    Some(Request { id, action: Action::Post { debit, credit, amount: moved } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f11_each_way_in_which_both_sides_can_stand_has_its_name() {
        let eur = |amount| Money::new(amount, Currency::EUR);
        let yen = Money::new(100, Currency::JPY);
        for (ours, theirs, expected, difference) in [
            (Some(eur(100)), vec![eur(100)], Comparison::Matched, 0),
            // A line that splits one of ours.
            (Some(eur(100)), vec![eur(60), eur(40)], Comparison::Matched, 0),
            (Some(eur(100)), vec![], Comparison::OursOnly, -100),
            (None, vec![eur(100)], Comparison::TheirsOnly, 100),
            (Some(eur(100)), vec![eur(101)], Comparison::Differs, 1),
            (Some(eur(100)), vec![eur(60)], Comparison::Differs, -40),
            (Some(eur(100)), vec![eur(100), eur(60)], Comparison::Differs, 60),
            (Some(eur(100)), vec![yen], Comparison::Differs, -100),
            (Some(eur(100)), vec![eur(100), eur(100)], Comparison::Duplicate, 100),
            (
                None,
                vec![eur(i64::MAX), eur(i64::MAX)],
                Comparison::TheirsOnly,
                2 * i128::from(i64::MAX),
            ),
        ] {
            assert_eq!(compare(ours, &theirs), expected, "{ours:?} {theirs:?}");
            assert_eq!(differences(ours, &theirs)["EUR"], difference, "{ours:?} {theirs:?}");
        }
    }

    #[test]
    fn nothing_and_what_does_not_fit_is_not_moved() {
        let operator = OperatorName::new("a").unwrap();
        let id = Uuid::from_u128(1);
        for amount in [0, i64::MIN] {
            assert_eq!(to_suspense(&operator, id, id, Currency::EUR, amount), None);
        }
    }
}
