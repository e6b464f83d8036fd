//! Payments in the outbox against a server that keeps its word, over a network and a phone that do not.

use std::{fs, path::PathBuf};

use domain::{
    Channel, Currency, MethodId, Money, StoreId, Timestamp,
    wire::{Settlement, SettlementFailure, SettlementState},
};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const OWNER: Uuid = Uuid::from_u128(7);
const NOW: Timestamp = Timestamp(1_790_000_000_000);
const MINUTES: i64 = 60 * 1_000;

fn payment(id: u128) -> Payment {
    Payment {
        id: Uuid::from_u128(id),
        code: format!("the code of {id}"),
        method: MethodId("wallet".to_owned()),
        made_at: NOW,
        stage: PaymentStage::Written,
        told: None,
    }
}

fn settlement(id: u128, amount: i64, state: SettlementState) -> Settlement {
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
    let outbox = Outbox::open(&folder.path().join("outbox.sqlite")).unwrap().0;
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

#[test]
fn an_outbox_from_before_there_were_payments_keeps_its_deposits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("outbox.sqlite");
    let outbox = Outbox::open(&path).unwrap().0;
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
    file.execute_batch("DROP TABLE payment; PRAGMA user_version = 1;").unwrap();
    drop(file);
    let (outbox, was_put_aside) = Outbox::open(&path).unwrap();
    assert!(!was_put_aside);
    assert_eq!(outbox.newest(OWNER).unwrap(), [deposit]);
    assert_eq!(outbox.begin_payment(OWNER, &payment(1)), Ok(payment(1).id));
}

#[derive(Clone, Copy, Debug)]
enum Event {
    /// The member scans a code and taps.
    Begun,
    /// The member types the code; whether it comes to the server, and whether the answer comes back.
    Agreed { arrives: bool, answered: bool },
    /// The member gives up.
    GivenUp,
    /// The phone takes its next step; whether it arrives, and whether the answer comes back.
    Looked { arrives: bool, answered: bool },
    /// The app is killed and started again.
    Killed,
    /// What was agreed to ends at the server.
    Ends(bool),
    /// Minutes pass.
    Late(i64),
}

fn event() -> impl Strategy<Value = Event> {
    let way = || (any::<bool>(), any::<bool>());
    prop_oneof![
        3 => Just(Event::Begun),
        4 => way().prop_map(|(arrives, answered)| Event::Agreed { arrives, answered }),
        1 => Just(Event::GivenUp),
        6 => way().prop_map(|(arrives, answered)| Event::Looked { arrives, answered }),
        2 => Just(Event::Killed),
        2 => any::<bool>().prop_map(Event::Ends),
        1 => (1..4_i64).prop_map(Event::Late),
    ]
}

/// A phone, and the wallet server as it promises to be.
struct World {
    path: PathBuf,
    outbox: Outbox,
    kills: usize,
    now: Timestamp,
    begun: u128,
    settlements: Vec<Settlement>,
    /// Agreements that came to the server, by the settlement: more than one would be paid twice.
    agreed: Vec<Uuid>,
}

impl World {
    fn kill(&mut self) {
        self.kills += 1;
        let next = self.path.with_file_name(format!("outbox-{}.sqlite", self.kills));
        for ending in ["", "-wal"] {
            let of = |path: &PathBuf| PathBuf::from(format!("{}{ending}", path.display()));
            if of(&self.path).exists() {
                fs::copy(of(&self.path), of(&next)).unwrap();
            }
        }
        self.path = next;
        self.outbox = Outbox::open(&self.path).unwrap().0;
    }

    fn newest(&self) -> Option<Payment> {
        self.outbox.payment(OWNER, None).unwrap()
    }

    fn at_server(&mut self, id: Uuid) -> Option<&mut Settlement> {
        let now = self.now;
        let found = self.settlements.iter_mut().find(|settlement| settlement.id == id)?;
        if found.state == SettlementState::ToApprove && now.millis_since(found.at) >= 2 * MINUTES {
            found.state = SettlementState::Void;
        }
        Some(found)
    }

    fn answer(&mut self, payment: &Payment, step: PaymentStep) -> PaymentAnswer {
        if step == PaymentStep::Begin && self.at_server(payment.id).is_none() {
            let id = payment.id.as_u128();
            let at = self.now;
            let begun = Settlement { at, ..settlement(id, 500, SettlementState::ToApprove) };
            self.settlements.push(begun);
        }
        let Some(settlement) = self.at_server(payment.id) else { return PaymentAnswer::Unknown };
        if step == PaymentStep::GiveUp {
            match settlement.state {
                SettlementState::ToApprove => settlement.state = SettlementState::Void,
                SettlementState::Pending | SettlementState::Captured => {
                    return PaymentAnswer::Approved;
                }
                _ => {}
            }
        }
        PaymentAnswer::Known(settlement.clone())
    }

    fn agree(&mut self, arrives: bool, answered: bool) {
        let shown = self.newest().filter(|it| it.stage == PaymentStage::ToApprove);
        let Some(approving) = shown.and_then(|it| it.at(PaymentStage::Approving)) else { return };
        assert!(self.outbox.advance_payment(&approving).unwrap());
        if !arrives {
            return;
        }
        let id = approving.id;
        let settlement = self.at_server(id).expect("it was shown");
        let mut answer = PaymentAnswer::TooLate;
        if settlement.state == SettlementState::ToApprove {
            settlement.state = SettlementState::Pending;
            answer = PaymentAnswer::Known(settlement.clone());
            self.agreed.push(id);
        } else if settlement.state != SettlementState::Void {
            answer = PaymentAnswer::Known(settlement.clone());
        }
        if answered && let Some(next) = approving.after(PaymentStep::Ask, &answer, self.now) {
            self.outbox.advance_payment(&next).unwrap();
        }
    }

    fn look(&mut self, arrives: bool, answered: bool) {
        let Some(payment) = self.newest() else { return };
        let Some(step) = payment.next(self.now).filter(|_| arrives) else { return };
        let answer = self.answer(&payment, step);
        if answered && let Some(next) = payment.after(step, &answer, self.now) {
            assert!(self.outbox.advance_payment(&next).unwrap());
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Begun => {
                let new = Payment { made_at: self.now, ..payment(self.begun + 1) };
                if self.outbox.begin_payment(OWNER, &new).is_ok() {
                    self.begun += 1;
                }
            }
            Event::Agreed { arrives, answered } => self.agree(arrives, answered),
            Event::GivenUp => {
                if let Some(next) = self.newest().and_then(|it| it.at(PaymentStage::Cancelling)) {
                    self.outbox.advance_payment(&next).unwrap();
                }
            }
            Event::Looked { arrives, answered } => self.look(arrives, answered),
            Event::Killed => self.kill(),
            Event::Ends(well) => {
                for settlement in &mut self.settlements {
                    if settlement.state == SettlementState::Pending {
                        let failed = Some(SettlementFailure::NotPayable).filter(|_| !well);
                        settlement.reason = failed;
                        settlement.state =
                            if well { SettlementState::Captured } else { SettlementState::Failed };
                    }
                }
            }
            Event::Late(minutes) => self.now = Timestamp(self.now.0 + minutes * MINUTES),
        }
        self.check();
    }

    /// What the phone says has ended has ended so at the server, and nothing is agreed to twice.
    fn check(&mut self) {
        for id in 1..=self.begun {
            let id = Uuid::from_u128(id);
            let Some(payment) = self.outbox.payment(OWNER, Some(id)).unwrap() else { continue };
            let paid = self.at_server(id).map(|settlement| settlement.state);
            let is_paid = paid == Some(SettlementState::Captured);
            match payment.stage {
                PaymentStage::Done => assert!(is_paid, "told as paid"),
                stage if stage.is_under_way() => {}
                stage => assert!(!is_paid && paid != Some(SettlementState::Pending), "{stage:?}"),
            }
        }
        let agreed = self.agreed.len();
        self.agreed.dedup();
        assert_eq!(self.agreed.len(), agreed, "one payment is agreed to once");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn f16_killed_at_any_point_a_payment_comes_to_the_truth_and_is_made_once(
        events in proptest::collection::vec(event(), 1..40),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("outbox-0.sqlite");
        let outbox = Outbox::open(&path).unwrap().0;
        let mut world = World {
            path, outbox, kills: 0, now: NOW, begun: 0, settlements: Vec::new(), agreed: Vec::new(),
        };
        for event in events {
            world.happen(event);
        }
        let heard = Event::Looked { arrives: true, answered: true };
        for event in [Event::Late(3), heard, Event::Ends(true), heard, heard, heard] {
            world.happen(event);
        }
        let left = world.newest().filter(|payment| payment.stage.is_under_way());
        prop_assert_eq!(left, None, "everything ends");
    }
}
