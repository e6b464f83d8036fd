//! One payment: what is asked next, what an answer means, and what the outbox keeps of it.

use domain::{
    Channel, Currency, MethodId, Money, StoreId, Timestamp,
    wire::{PaymentToken, Settlement, SettlementFailure, SettlementState},
};
use uuid::Uuid;

use super::*;

pub(super) const OWNER: Uuid = Uuid::from_u128(7);
pub(super) const NOW: Timestamp = Timestamp(1_790_000_000_000);
pub(super) const MINUTES: i64 = 60 * 1_000;

pub(super) fn payment(id: u128) -> Payment {
    Payment {
        id: Uuid::from_u128(id),
        channel: Channel::Scan,
        code: Some(format!("the code of {id}")),
        amount: None,
        method: MethodId("wallet".to_owned()),
        made_at: NOW,
        stage: PaymentStage::Written,
        told: None,
    }
}

pub(super) fn settlement(id: u128, amount: i64, state: SettlementState) -> Settlement {
    Settlement {
        id: Uuid::from_u128(id),
        store: StoreId(Uuid::from_u128(1)),
        store_name: "Libreria".to_owned(),
        method: MethodId("wallet".to_owned()),
        channel: Channel::Scan,
        amount: Money::new(amount, Currency::EUR),
        state,
        reason: (state == SettlementState::Failed).then_some(SettlementFailure::NotPayable),
        refunded: Money::new(0, Currency::EUR),
        at: NOW,
    }
}

fn later(minutes: i64) -> Timestamp {
    Timestamp(NOW.0 + minutes * MINUTES)
}

#[test]
fn what_is_asked_follows_from_what_is_known_and_nothing_is_asked_while_the_member_reads() {
    for (stage, now, step) in [
        (PaymentStage::Written, NOW, Some(PaymentStep::Begin)),
        (PaymentStage::Written, later(2), Some(PaymentStep::Ask)),
        (PaymentStage::Written, Timestamp(i64::MIN), Some(PaymentStep::Ask)),
        (PaymentStage::Shown(later(1)), NOW, None),
        (PaymentStage::Shown(later(1)), later(1), Some(PaymentStep::Begin)),
        (PaymentStage::Shown(later(1)), later(-60), Some(PaymentStep::Begin)),
        (PaymentStage::ToApprove, later(1), None),
        (PaymentStage::ToApprove, later(2), Some(PaymentStep::Ask)),
        (PaymentStage::ToApprove, later(-60), Some(PaymentStep::Ask)),
        (PaymentStage::Approving, NOW, Some(PaymentStep::Ask)),
        (PaymentStage::Pending, later(600), Some(PaymentStep::Ask)),
        (PaymentStage::Cancelling, later(600), Some(PaymentStep::GiveUp)),
        (PaymentStage::Done, NOW, None),
        (PaymentStage::Declined(PaymentFailure::NotSent), NOW, None),
        (PaymentStage::Expired, NOW, None),
        (PaymentStage::Cancelled, NOW, None),
    ] {
        let payment = Payment { stage, ..payment(1) };
        assert_eq!(payment.next(now), step, "{stage:?} at {now:?}");
    }
}

#[test]
fn payee_and_amount_are_the_servers_and_an_answer_that_changes_them_says_nothing() {
    let known = |amount, state| PaymentAnswer::Known(settlement(1, amount, state));
    let to_approve = known(500, SettlementState::ToApprove);
    let begun = payment(1).after(PaymentStep::Begin, &to_approve, NOW).unwrap();
    let told = begun.told.clone().unwrap();
    assert_eq!((told.store_name.as_str(), told.amount.amount), ("Libreria", 500));
    let raised = known(501, SettlementState::Captured);
    assert_eq!(begun.after(PaymentStep::Ask, &raised, NOW), None);
    let of_another = PaymentAnswer::Known(settlement(2, 500, SettlementState::Captured));
    assert_eq!(begun.after(PaymentStep::Ask, &of_another, NOW), None);
    let done = begun.after(PaymentStep::Ask, &known(500, SettlementState::Captured), NOW).unwrap();
    assert_eq!((done.stage, done.told), (PaymentStage::Done, begun.told.clone()));
    assert_eq!(begun.after(PaymentStep::Ask, &PaymentAnswer::Unknown, later(9)), None);
}

#[test]
fn f6_what_has_ended_stays_ended_and_what_was_agreed_to_ends_only_by_the_servers_word() {
    let known = |state| PaymentAnswer::Known(settlement(1, 500, state));
    let declined = PaymentFailure::Told(SettlementFailure::NotPayable);
    let lost = later(3);
    for (stage, step, answer, after) in [
        (
            PaymentStage::Written,
            PaymentStep::Begin,
            known(SettlementState::Failed),
            Some(PaymentStage::Declined(declined)),
        ),
        (
            PaymentStage::Written,
            PaymentStep::Ask,
            PaymentAnswer::Unknown,
            Some(PaymentStage::Declined(PaymentFailure::NotSent)),
        ),
        (PaymentStage::Written, PaymentStep::Begin, PaymentAnswer::Unknown, None),
        (
            PaymentStage::ToApprove,
            PaymentStep::Ask,
            known(SettlementState::Void),
            Some(PaymentStage::Expired),
        ),
        // The till gave up what the member had agreed to in time.
        (
            PaymentStage::Pending,
            PaymentStep::Ask,
            known(SettlementState::Void),
            Some(PaymentStage::Declined(PaymentFailure::NoCharge)),
        ),
        (
            PaymentStage::Approving,
            PaymentStep::Ask,
            known(SettlementState::ToApprove),
            Some(PaymentStage::ToApprove),
        ),
        (
            PaymentStage::Approving,
            PaymentStep::Ask,
            PaymentAnswer::TooLate,
            Some(PaymentStage::Expired),
        ),
        (
            PaymentStage::Approving,
            PaymentStep::Ask,
            known(SettlementState::Captured),
            Some(PaymentStage::Done),
        ),
        (
            PaymentStage::Cancelling,
            PaymentStep::GiveUp,
            known(SettlementState::Void),
            Some(PaymentStage::Cancelled),
        ),
        (
            PaymentStage::Cancelling,
            PaymentStep::GiveUp,
            PaymentAnswer::Unknown,
            Some(PaymentStage::Cancelled),
        ),
        (
            PaymentStage::Cancelling,
            PaymentStep::GiveUp,
            PaymentAnswer::Approved,
            Some(PaymentStage::Approving),
        ),
        (PaymentStage::Pending, PaymentStep::Ask, known(SettlementState::ToApprove), None),
        (PaymentStage::Done, PaymentStep::Ask, known(SettlementState::Failed), None),
        (PaymentStage::Cancelled, PaymentStep::Ask, known(SettlementState::Captured), None),
    ] {
        let payment = Payment { stage, ..payment(1) };
        let told = payment.after(step, &answer, lost).map(|payment| payment.stage);
        assert_eq!(told, after, "{stage:?} {step:?} {answer:?}");
    }
}

#[test]
fn one_code_is_one_payment_and_one_payment_of_a_member_is_under_way() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = Outbox::open(&folder.path().join("outbox.sqlite"));
    let (first, second) = (payment(1), payment(2));
    assert_eq!(outbox.begin_payment(OWNER, &first), Ok(first.id));
    assert_eq!(outbox.begin_payment(OWNER, &first), Ok(first.id));
    let twice = Payment { code: first.code.clone(), ..second.clone() };
    assert_eq!(outbox.begin_payment(OWNER, &twice), Ok(first.id), "a double tap");
    assert_eq!(outbox.begin_payment(OWNER, &second), Err(NotWritten::TooMany));
    let other = Uuid::from_u128(8);
    assert_eq!(outbox.begin_payment(other, &first), Err(NotWritten::IdUsed));
    assert_eq!(outbox.payment(other, None), Ok(None));
    let done = Payment { stage: PaymentStage::Done, ..first.clone() };
    assert_eq!(outbox.advance_payment(&done), Ok(true));
    assert_eq!(outbox.advance_payment(&first), Ok(false));
    assert_eq!(outbox.begin_payment(OWNER, &twice), Ok(first.id), "it is paid already");
    assert_eq!(outbox.begin_payment(OWNER, &second), Ok(second.id));
    outbox.forget_ended(OWNER).unwrap();
    assert_eq!(outbox.payment(OWNER, Some(first.id)), Ok(None));
    assert_eq!(outbox.payment(OWNER, None), Ok(Some(second)), "it is asked after later");
}

/// A payment by a code that the phone shows.
pub(super) fn shown(id: u128) -> Payment {
    Payment { channel: Channel::Code, code: None, ..payment(id) }
}

pub(super) fn token(lasts_ms: i64) -> PaymentToken {
    PaymentToken { token: "A".repeat(26), expires_at: NOW, lasts_ms }
}

#[test]
fn a_code_that_is_shown_is_good_as_long_as_the_server_says_and_ends_only_by_its_word() {
    let begin = PaymentStep::Begin;
    let given = |lasts| shown(1).after(begin, &PaymentAnswer::Token(token(lasts)), NOW).unwrap();
    assert_eq!(given(60_000).stage, PaymentStage::Shown(later(1)));
    assert_eq!(given(i64::MAX).stage, PaymentStage::Shown(later(1)), "no longer than any lasts");
    assert_eq!(given(-5).stage, PaymentStage::Shown(NOW));
    let code = given(60_000);
    let again = PaymentAnswer::Token(token(60_000));
    assert_eq!(code.after(begin, &again, NOW), None, "told twice");
    for minutes in [1, 9] {
        let none_yet = code.after(PaymentStep::Ask, &PaymentAnswer::Unknown, later(minutes));
        assert_eq!(none_yet, None, "a till may have charged it just now");
    }
    let over = code.after(begin, &PaymentAnswer::TooLate, later(2)).unwrap();
    assert_eq!(over.stage, PaymentStage::Expired);
    assert_eq!(code.at(PaymentStage::Approving), None, "nothing was shown to agree to");
    // The member has two minutes from when the charge came, not from when the code was shown.
    let scanned = settlement(1, 500, SettlementState::ToApprove);
    let of_scan = PaymentAnswer::Known(scanned.clone());
    assert_eq!(code.after(PaymentStep::Ask, &of_scan, later(1)), None, "another channel");
    let charged = PaymentAnswer::Known(Settlement { channel: Channel::Code, ..scanned });
    let asked = code.after(PaymentStep::Ask, &charged, later(1)).unwrap();
    assert_eq!((asked.stage, asked.approve_by()), (PaymentStage::ToApprove, later(3)));
    assert_eq!((asked.next(later(2)), asked.next(later(3))), (None, Some(PaymentStep::Ask)));
}

#[test]
fn one_code_is_shown_at_a_time_and_it_is_not_on_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("outbox.sqlite");
    let outbox = Outbox::open(&path);
    assert_eq!(outbox.begin_payment(OWNER, &shown(1)), Ok(shown(1).id));
    assert_eq!(outbox.begin_payment(OWNER, &shown(2)), Ok(shown(1).id), "a double tap");
    let other = Payment { method: MethodId("card".to_owned()), ..shown(2) };
    assert_eq!(outbox.begin_payment(OWNER, &other), Err(NotWritten::TooMany));
    assert_eq!(outbox.begin_payment(OWNER, &payment(2)), Err(NotWritten::TooMany));
    let answer = PaymentAnswer::Token(token(60_000));
    let given = shown(1).after(PaymentStep::Begin, &answer, NOW).unwrap();
    assert_eq!(outbox.advance_payment(&given), Ok(true));
    drop(outbox);
    let outbox = Outbox::open(&path);
    assert_eq!(outbox.payment(OWNER, None), Ok(Some(given.clone())), "what was begun is known");
    let kept = std::fs::read(&path).unwrap();
    assert!(!kept.windows(26).any(|bytes| bytes == token(1).token.as_bytes()));
    let over = Payment { stage: PaymentStage::Expired, ..given };
    assert_eq!(outbox.advance_payment(&over), Ok(true));
    assert_eq!(outbox.begin_payment(OWNER, &shown(3)), Ok(shown(3).id), "a new code");
}

#[test]
fn an_outbox_from_before_there_were_payments_keeps_its_deposits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("outbox.sqlite");
    let outbox = Outbox::open(&path);
    let deposit = Transfer {
        id: Uuid::from_u128(3),
        from: MethodId("visa".to_owned()),
        amount: Money::new(1, Currency::EUR),
        made_at: NOW,
        stage: Stage::Written,
    };
    outbox.write(OWNER, &deposit).unwrap();
    drop(outbox);
    let file = rusqlite::Connection::open(&path).unwrap();
    file.execute_batch("DROP TABLE payment; DROP TABLE heard; PRAGMA user_version = 1;").unwrap();
    drop(file);
    let outbox = Outbox::open(&path);
    assert!(!outbox.has_put_aside());
    assert_eq!(outbox.newest(OWNER).unwrap(), [deposit]);
    assert_eq!(outbox.begin_payment(OWNER, &payment(1)), Ok(payment(1).id));
}

#[test]
fn payments_from_before_they_named_their_channel_keep_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("outbox.sqlite");
    for before in [payment(1), shown(1)] {
        let outbox = Outbox::open(&path);
        outbox.begin_payment(OWNER, &before).unwrap();
        drop(outbox);
        let file = rusqlite::Connection::open(&path).unwrap();
        let older =
            "ALTER TABLE payment DROP COLUMN channel; ALTER TABLE payment DROP COLUMN amount;
            DROP TABLE heard; PRAGMA user_version = 2;";
        file.execute_batch(older).unwrap();
        drop(file);
        let outbox = Outbox::open(&path);
        assert!(!outbox.has_put_aside());
        assert_eq!(outbox.payment(OWNER, None), Ok(Some(before)));
        drop(outbox);
        std::fs::remove_file(&path).unwrap();
    }
}
