//! Random sequences: after every step the invariants hold, and the naive law says the same.

use std::collections::HashMap;

use ledger::{Account, Kind, Oracle, Outcome, Request, Totals, TransferId};
use proptest::prelude::*;

use crate::{
    naive::{Answer, Naive},
    requests::sequence,
};

/// Debits less credits per currency, posted and pending, over all accounts.
fn sums(oracle: &Oracle) -> HashMap<&'static str, (i128, i128)> {
    let mut sums = HashMap::new();
    for account in oracle.accounts() {
        let totals = oracle.totals(account);
        let (posted, pending): &mut (i128, i128) = sums.entry(account.currency.code()).or_default();
        *posted += i128::from(totals.debits_posted) - i128::from(totals.credits_posted);
        *pending += i128::from(totals.debits_pending) - i128::from(totals.credits_pending);
    }
    sums
}

/// The sums of an account's entries, added up from nothing.
fn added_up(oracle: &Oracle, account: &Account) -> Totals {
    oracle.entries(account).iter().fold(Totals::default(), |totals, entry| {
        totals.after(entry.side, entry.posted, entry.pending).unwrap()
    })
}

/// Runs a sequence and hands each step's books to `holds`.
fn run(
    sequence: Vec<(Request, i64)>,
    mut holds: impl FnMut(&Oracle, &Request, i64, Answer) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let (mut oracle, mut clock) = (Oracle::default(), 1_790_000_000_000);
    for (request, step) in sequence {
        clock += step;
        let answer = oracle.apply(&request, clock).into();
        holds(&oracle, &request, clock, answer)?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn l1_l2_debits_are_credits_in_each_currency_posted_and_pending_at_every_step(steps in sequence()) {
        run(steps, |oracle, _, _, _| {
            prop_assert!(sums(oracle).values().all(|sum| *sum == (0, 0)));
            Ok(())
        })?;
    }

    #[test]
    fn l3_no_wallet_ever_falls_below_zero_with_what_is_reserved(steps in sequence()) {
        run(steps, |oracle, _, _, _| {
            for account in oracle.accounts().filter(|account| account.is_limited()) {
                prop_assert!(oracle.totals(account).available().unwrap() >= 0, "{account}");
            }
            Ok(())
        })?;
    }

    #[test]
    fn l4_a_balance_is_the_sum_of_its_accounts_entries(steps in sequence()) {
        run(steps, |oracle, _, _, _| {
            for account in oracle.accounts() {
                prop_assert_eq!(oracle.totals(account), added_up(oracle, account));
            }
            Ok(())
        })?;
    }

    #[test]
    fn l5_entries_are_only_ever_added_and_their_chain_is_whole(steps in sequence()) {
        let mut before: HashMap<Account, Vec<ledger::Entry>> = HashMap::new();
        run(steps, |oracle, _, _, _| {
            for (account, entries) in &before {
                prop_assert!(oracle.entries(account).starts_with(entries), "{account}");
            }
            prop_assert!(oracle.audit().is_ok());
            before = oracle.accounts().map(|a| (a.clone(), oracle.entries(a).to_vec())).collect();
            Ok(())
        })?;
    }

    #[test]
    fn l6_the_same_request_has_one_effect_however_often_it_comes(steps in sequence()) {
        let twice = steps.into_iter().flat_map(|step| [step.clone(), (step.0, 0)]).collect();
        let mut entries: HashMap<TransferId, usize> = HashMap::new();
        run(twice, |oracle, request, _, answer| {
            let count = oracle.accounts().flat_map(|account| oracle.entries(account));
            let count = count.filter(|entry| entry.transfer == request.id).count();
            if answer != Answer::Done {
                prop_assert_eq!(entries.get(&request.id).copied().unwrap_or(0), count);
            }
            prop_assert!(count == 0 || count == 2, "half a transfer");
            entries.insert(request.id, count);
            Ok(())
        })?;
    }

    #[test]
    fn l7_an_id_that_failed_for_good_never_succeeds_later(steps in sequence()) {
        let mut failed: Vec<TransferId> = Vec::new();
        run(steps, |oracle, request, _, answer| {
            prop_assert!(answer != Answer::Done || !failed.contains(&request.id));
            if matches!(answer, Answer::Refused(_)) {
                failed.push(request.id);
            }
            prop_assert!(failed.iter().all(|id| oracle.transfer(*id).is_none()));
            Ok(())
        })?;
    }

    #[test]
    fn l8_l9_l17_what_is_reserved_ends_once_in_time_and_refunds_stay_within_what_was_paid(
        steps in sequence()
    ) {
        let mut done: Vec<ledger::Transfer> = Vec::new();
        run(steps, |oracle, request, clock, answer| {
            if answer != Answer::Done {
                return Ok(());
            }
            let transfer = oracle.transfer(request.id).unwrap();
            if transfer.kind.ends() {
                let hold = oracle.transfer(transfer.of.unwrap()).unwrap();
                prop_assert!(!done.iter().any(|t| t.kind.ends() && t.of == transfer.of));
                prop_assert!(transfer.amount <= hold.amount);
                let over = hold.expires_at.is_some_and(|end| clock >= end);
                prop_assert!(transfer.kind != Kind::Expire || over);
                prop_assert!(transfer.kind != Kind::PostPending || !over);
            }
            done.push(transfer.clone());
            if transfer.kind == Kind::Refund {
                let refunds = done.iter().filter(|t| t.kind == Kind::Refund && t.of == transfer.of);
                let back: i128 = refunds.map(|t| i128::from(t.amount.get())).sum();
                let paid = oracle.transfer(transfer.of.unwrap()).unwrap();
                prop_assert!(back <= i128::from(paid.posted()));
            }
            Ok(())
        })?;
    }

    #[test]
    fn l12_the_books_say_what_a_law_of_128_bits_that_keeps_no_sum_says(steps in sequence()) {
        let mut naive = Naive::default();
        run(steps, |oracle, request, clock, answer| {
            prop_assert_eq!(answer, naive.apply(request, clock), "{:?}", request);
            for account in oracle.accounts() {
                let totals = oracle.totals(account);
                let kept = [
                    totals.debits_posted,
                    totals.credits_posted,
                    totals.debits_pending,
                    totals.credits_pending,
                ];
                prop_assert_eq!(kept.map(i128::from), naive.sums(account));
            }
            Ok(())
        })?;
    }
}

#[test]
fn the_random_sequences_reach_every_outcome() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = std::collections::HashSet::new();
    for _ in 0..400 {
        let steps = sequence().new_tree(&mut runner).unwrap().current();
        let (mut oracle, mut clock) = (Oracle::default(), 0);
        for (request, step) in steps {
            clock += step;
            seen.insert(match oracle.apply(&request, clock) {
                Ok(Outcome::Posted(posting)) => format!("{:?}", posting.transfer.kind),
                Ok(Outcome::Repeated(_)) => "repeated".to_owned(),
                Ok(Outcome::Refused(refusal)) => format!("{refusal:?}"),
                Ok(Outcome::RefusedBefore(_)) => "refused before".to_owned(),
                Err(rejection) => format!("{rejection:?}"),
            });
        }
    }
    // Six kinds, eight refusals, five rejections, two repeats.
    assert_eq!(seen.len(), 6 + 8 + 5 + 2, "{seen:?}");
}
