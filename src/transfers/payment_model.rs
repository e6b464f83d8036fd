//! Payments in the outbox against a server that keeps its word, over a network and a phone that do not.

use std::{fs, path::PathBuf};

use domain::{
    Channel, Timestamp,
    wire::{Settlement, SettlementFailure, SettlementState},
};
use proptest::prelude::*;
use uuid::Uuid;

use super::{
    Outbox, Payment, PaymentAnswer, PaymentStage, PaymentStep,
    payment_tests::{MINUTES, NOW, OWNER, payment, settlement, shown, token},
};

#[derive(Clone, Copy, Debug)]
enum Event {
    /// The member scans a code and taps, or has one shown.
    Begun { shown: bool },
    /// A till charges the code that is shown.
    Charged,
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
        4 => any::<bool>().prop_map(|shown| Event::Begun { shown }),
        3 => Just(Event::Charged),
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
    /// Codes to be shown, by the payment, and until when a till can charge them.
    tokens: Vec<(Uuid, Timestamp)>,
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
        self.outbox = Outbox::open(&self.path);
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
        if payment.code.is_none() && self.at_server(payment.id).is_none() {
            return self.answer_shown(payment.id, step);
        }
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

    /// Of a code that no till has charged.
    fn answer_shown(&mut self, id: Uuid, step: PaymentStep) -> PaymentAnswer {
        let now = self.now;
        let known = self.tokens.iter_mut().find(|(of, _)| *of == id);
        match (step, known) {
            (PaymentStep::Begin, None) => {
                self.tokens.push((id, Timestamp(now.0 + MINUTES)));
                PaymentAnswer::Token(token(MINUTES))
            }
            (PaymentStep::Begin, Some((_, until))) if *until <= now => PaymentAnswer::TooLate,
            (PaymentStep::Begin, Some((_, until))) => {
                PaymentAnswer::Token(token(until.millis_since(now)))
            }
            (PaymentStep::GiveUp, Some((_, until))) => {
                *until = now;
                PaymentAnswer::Unknown
            }
            _ => PaymentAnswer::Unknown,
        }
    }

    fn charge(&mut self) {
        let shown = self.newest().filter(|it| matches!(it.stage, PaymentStage::Shown(_)));
        let Some(id) = shown.map(|payment| payment.id) else { return };
        let now = self.now;
        let is_good = self.tokens.iter().any(|(of, until)| *of == id && *until > now);
        if is_good && self.at_server(id).is_none() {
            let charged = settlement(id.as_u128(), 500, SettlementState::ToApprove);
            self.settlements.push(Settlement { at: now, channel: Channel::Code, ..charged });
        }
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
        // While a code is shown, an event says when to ask.
        let is_shown = matches!(payment.stage, PaymentStage::Shown(_));
        let step = payment.next(self.now).or(is_shown.then_some(PaymentStep::Ask));
        let Some(step) = step.filter(|_| arrives) else { return };
        let answer = self.answer(&payment, step);
        if answered && let Some(next) = payment.after(step, &answer, self.now) {
            assert!(self.outbox.advance_payment(&next).unwrap());
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Begun { shown: is_shown } => {
                let id = self.begun + 1;
                let new = if is_shown { shown(id) } else { payment(id) };
                let new = Payment { made_at: self.now, ..new };
                if self.outbox.begin_payment(OWNER, &new) == Ok(new.id) {
                    self.begun += 1;
                }
            }
            Event::Charged => self.charge(),
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
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn f16_killed_at_any_point_a_payment_comes_to_the_truth_and_is_made_once(
        events in proptest::collection::vec(event(), 1..40),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("outbox-0.sqlite");
        let outbox = Outbox::open(&path);
        let mut world = World {
            path, outbox, kills: 0, now: NOW, begun: 0, settlements: Vec::new(),
            tokens: Vec::new(), agreed: Vec::new(),
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
