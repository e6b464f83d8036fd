//! Single cases of the law, at its edges.

use ledger::{Action, Amount, Books, Kind, Oracle, Outcome, Owner, Refusal, Rejection, Request};

use crate::{
    naive::Answer,
    requests::{
        amount, expire, id, outside, pending, post, post_pending, refund, store, void, wallet, yen,
    },
};

const NOW: i64 = 1_790_000_000_000;

/// Books in which wallet 1 holds 100.
fn with_a_hundred() -> Oracle {
    let mut oracle = Oracle::default();
    assert_eq!(applied(&mut oracle, &post(1, outside(), wallet(1), 100), 0), Answer::Done);
    oracle
}

fn applied(oracle: &mut Oracle, request: &Request, after_ms: i64) -> Answer {
    oracle.apply(request, NOW + after_ms).into()
}

#[test]
fn an_amount_is_above_zero_or_is_none() {
    for units in [0, -1, i64::MIN] {
        assert_eq!(Amount::new(units), None);
    }
    assert_eq!(Amount::new(i64::MAX).unwrap().get(), i64::MAX);
}

#[test]
fn a_late_retry_does_not_succeed_when_the_money_has_come_meanwhile() {
    let mut oracle = with_a_hundred();
    let late = post(2, wallet(1), store(), 101);
    assert_eq!(applied(&mut oracle, &late, 0), Answer::Refused(Refusal::BalanceTooLow));
    assert_eq!(applied(&mut oracle, &post(3, outside(), wallet(1), 50), 1), Answer::Done);
    assert_eq!(applied(&mut oracle, &late, 2), Answer::RefusedBefore(Refusal::BalanceTooLow));
    assert_eq!(applied(&mut oracle, &post(4, wallet(1), store(), 101), 3), Answer::Done);
}

#[test]
fn an_id_says_one_thing_only_whether_it_was_done_or_refused() {
    let mut oracle = with_a_hundred();
    applied(&mut oracle, &post(2, wallet(1), store(), 101), 0);
    for other in [
        post(1, outside(), wallet(1), 99),
        post(1, outside(), wallet(2), 100),
        pending(1, outside(), wallet(1), 100, 5),
        void(1, 1),
        post(2, wallet(1), store(), 1),
        refund(2, 1, 101),
    ] {
        assert_eq!(applied(&mut oracle, &other, 0), Answer::Rejected(Rejection::OtherContent));
    }
    let pending_end = Request { id: id(2), action: Action::Void { pending: id(1) } };
    assert_eq!(applied(&mut oracle, &pending_end, 0), Answer::Rejected(Rejection::OtherContent));
}

#[test]
fn a_rejected_id_may_come_again_and_succeed() {
    let mut oracle = with_a_hundred();
    let early = post_pending(3, 2, 10);
    assert_eq!(applied(&mut oracle, &early, 0), Answer::Rejected(Rejection::NoSuchTransfer));
    assert_eq!(applied(&mut oracle, &pending(2, wallet(1), store(), 10, 1000), 0), Answer::Done);
    assert_eq!(applied(&mut oracle, &early, 0), Answer::Done);
}

#[test]
fn both_sides_are_two_accounts_of_one_currency() {
    let mut oracle = Oracle::default();
    for (debit, credit, rejection) in [
        (outside(), outside(), Rejection::SameAccount),
        (outside(), yen(1), Rejection::OtherCurrency),
    ] {
        let request = post(1, debit.clone(), credit.clone(), 1);
        assert_eq!(applied(&mut oracle, &request, 0), Answer::Rejected(rejection));
        let request = pending(1, debit, credit, 1, 1);
        assert_eq!(applied(&mut oracle, &request, 0), Answer::Rejected(rejection));
    }
}

#[test]
fn what_is_reserved_cannot_be_spent_and_what_is_awaited_not_yet() {
    let mut oracle = with_a_hundred();
    assert_eq!(applied(&mut oracle, &pending(2, wallet(1), store(), 60, 1000), 0), Answer::Done);
    let too_much = post(3, wallet(1), store(), 41);
    assert_eq!(applied(&mut oracle, &too_much, 0), Answer::Refused(Refusal::BalanceTooLow));
    assert_eq!(applied(&mut oracle, &pending(4, outside(), wallet(1), 500, 1000), 0), Answer::Done);
    let still = post(5, wallet(1), store(), 41);
    assert_eq!(applied(&mut oracle, &still, 0), Answer::Refused(Refusal::BalanceTooLow));
    assert_eq!(applied(&mut oracle, &post(6, wallet(1), store(), 40), 0), Answer::Done);
    assert_eq!(oracle.totals(&wallet(1)).available(), Some(0));
}

#[test]
fn posting_a_part_frees_the_rest_and_ends_it() {
    let mut oracle = with_a_hundred();
    applied(&mut oracle, &pending(2, wallet(1), store(), 60, 1000), 0);
    let most = post_pending(3, 2, 61);
    assert_eq!(applied(&mut oracle, &most, 0), Answer::Refused(Refusal::MoreThanPending));
    assert_eq!(applied(&mut oracle, &post_pending(4, 2, 25), 0), Answer::Done);
    assert_eq!(oracle.totals(&wallet(1)).available(), Some(75));
    assert_eq!(oracle.totals(&store()).posted(), Some(25));
    for (number, end) in [(5, post_pending(5, 2, 1)), (6, void(6, 2)), (7, expire(7, 2))] {
        let ended = Answer::Refused(Refusal::AlreadyEnded);
        assert_eq!(applied(&mut oracle, &end, 2000), ended, "{number}");
    }
}

#[test]
fn time_is_over_at_the_instant_and_not_a_millisecond_earlier() {
    let mut oracle = with_a_hundred();
    applied(&mut oracle, &pending(2, wallet(1), store(), 60, 1000), 0);
    let early = Answer::Rejected(Rejection::NotYetExpired);
    assert_eq!(applied(&mut oracle, &expire(3, 2), 999), early);
    assert_eq!(
        applied(&mut oracle, &post_pending(4, 2, 60), 1000),
        Answer::Refused(Refusal::Expired)
    );
    assert_eq!(oracle.totals(&wallet(1)).available(), Some(40));
    assert_eq!(applied(&mut oracle, &expire(3, 2), 1000), Answer::Done);
    assert_eq!(oracle.totals(&wallet(1)).available(), Some(100));
}

#[test]
fn what_has_no_time_never_expires() {
    let mut oracle = with_a_hundred();
    let (debit, credit) = (wallet(1), store());
    let action = Action::Pending { debit, credit, amount: amount(60), lasts_ms: None };
    applied(&mut oracle, &Request { id: id(2), action }, 0);
    let early = Answer::Rejected(Rejection::NotYetExpired);
    assert_eq!(applied(&mut oracle, &expire(3, 2), i64::MAX - NOW), early);
    assert_eq!(applied(&mut oracle, &post_pending(4, 2, 60), 1 << 40), Answer::Done);
}

#[test]
fn only_what_was_posted_can_be_refunded_and_in_parts_never_more() {
    let mut oracle = with_a_hundred();
    applied(&mut oracle, &pending(2, wallet(1), store(), 60, 1000), 0);
    assert_eq!(applied(&mut oracle, &refund(3, 2, 1), 0), Answer::Refused(Refusal::NotRefundable));
    applied(&mut oracle, &post_pending(4, 2, 50), 0);
    assert_eq!(applied(&mut oracle, &refund(5, 4, 30), 0), Answer::Done);
    assert_eq!(
        applied(&mut oracle, &refund(6, 4, 21), 0),
        Answer::Refused(Refusal::MoreThanPosted)
    );
    assert_eq!(applied(&mut oracle, &refund(7, 4, 20), 0), Answer::Done);
    assert_eq!(applied(&mut oracle, &refund(8, 5, 1), 0), Answer::Refused(Refusal::NotRefundable));
    assert_eq!(oracle.totals(&wallet(1)).available(), Some(100));
    assert_eq!(oracle.totals(&store()).posted(), Some(0));
}

#[test]
fn a_refund_of_a_deposit_that_was_spent_is_refused() {
    let mut oracle = with_a_hundred();
    applied(&mut oracle, &post(2, wallet(1), store(), 1), 0);
    assert_eq!(
        applied(&mut oracle, &refund(3, 1, 100), 0),
        Answer::Refused(Refusal::BalanceTooLow)
    );
    assert_eq!(applied(&mut oracle, &refund(4, 1, 99), 0), Answer::Done);
}

#[test]
fn sums_at_the_edge_of_64_bits_refuse_and_change_nothing() {
    let mut oracle = Oracle::default();
    assert_eq!(applied(&mut oracle, &post(1, outside(), wallet(1), i64::MAX), 0), Answer::Done);
    let over = Answer::Refused(Refusal::Overflow);
    assert_eq!(applied(&mut oracle, &post(2, outside(), wallet(1), 1), 0), over);
    assert_eq!(applied(&mut oracle, &post(3, store(), wallet(1), 1), 0), over);
    assert_eq!(oracle.totals(&store()), ledger::Totals::default());
    assert_eq!(applied(&mut oracle, &post(4, wallet(1), store(), i64::MAX), 0), Answer::Done);
    let late = pending(5, store(), wallet(2), 1, 1);
    let mut books = Books::default();
    assert_eq!(books.apply(&late, i64::MAX), Ok(Outcome::Refused(Refusal::Overflow)));
}

#[test]
fn books_that_know_only_what_a_request_touches_decide_as_those_that_know_all() {
    let mut oracle = with_a_hundred();
    let steps = [
        pending(2, wallet(1), store(), 60, 1000),
        post_pending(3, 2, 50),
        refund(4, 3, 20),
        refund(5, 3, 31),
        post(6, wallet(1), store(), 71),
    ];
    for request in steps {
        let mut books = Books::default();
        for number in 1..6 {
            let known = oracle.transfer(id(number)).filter(|transfer| {
                let names = request.names();
                transfer.id == request.id || Some(transfer.id) == names || transfer.of == names
            });
            // Twice: who keeps the rows may come by the same one on two ways.
            for transfer in known.into_iter().chain(known) {
                books.know_transfer(transfer.clone());
            }
        }
        for account in [wallet(1), store()] {
            let head = oracle.entries(&account).last().map(ledger::Entry::head);
            books.know_head(account, head.unwrap_or_default());
        }
        assert_eq!(books.apply(&request, NOW), oracle.apply(&request, NOW), "{request:?}");
    }
}

#[test]
fn the_numbers_that_are_stored_are_read_back_and_never_change() {
    let kinds = [(1, Kind::Post), (2, Kind::Pending), (3, Kind::PostPending), (4, Kind::Void)];
    for (number, kind) in kinds.into_iter().chain([(5, Kind::Expire), (6, Kind::Refund)]) {
        assert_eq!(Kind::from_number(number), Some(kind));
    }
    for refusal in Refusal::ALL {
        assert_eq!(Refusal::from_number(refusal.number().into()), Some(refusal));
    }
    assert_eq!(Kind::from_number(0), None);
    assert_eq!(Refusal::from_number(9), None);
    assert!(matches!(wallet(1).owner, Owner::Member(_)));
}
