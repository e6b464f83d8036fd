//! The outbox against a server that keeps its word, over a network and a phone that do not.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use domain::{
    Currency, MethodId, Money, Timestamp,
    wire::{Deposit, DepositFailure, DepositState},
};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const OWNER: Uuid = Uuid::from_u128(7);
const NOW: Timestamp = Timestamp(1_790_000_000_000);
const LATE: Timestamp = Timestamp(NOW.0 + 15 * 60 * 1_000);
const LOST: Timestamp = Timestamp(NOW.0 + 16 * 60 * 1_000);

fn asked(id: u128, amount: i64) -> Transfer {
    Transfer {
        id: Uuid::from_u128(id),
        from: MethodId("visa".to_owned()),
        amount: Money::new(amount, Currency::EUR),
        made_at: NOW,
        stage: Stage::Written,
    }
}

fn told(transfer: &Transfer, state: DepositState) -> Answer {
    let failed = state == DepositState::Failed;
    Answer::Known(Deposit {
        id: transfer.id,
        from: transfer.from.clone(),
        to: MethodId("wallet".to_owned()),
        amount: transfer.amount,
        state,
        reason: failed.then_some(DepositFailure::DayLimit),
        at: NOW,
    })
}

fn open(path: &Path) -> Outbox {
    Outbox::open(path)
}

/// The outbox as the next start finds it when the app was killed now: nothing was closed.
fn killed(path: &Path, times: usize) -> PathBuf {
    let next = path.with_file_name(format!("outbox-{times}.sqlite"));
    for ending in ["", "-wal"] {
        let of = |path: &Path| PathBuf::from(format!("{}{ending}", path.display()));
        if of(path).exists() {
            fs::copy(of(path), of(&next)).unwrap();
        }
    }
    next
}

#[test]
fn what_is_sent_and_asked_follows_from_what_is_known_and_how_late_it_is() {
    let written = asked(1, 500);
    let at = |stage| Transfer { stage, ..written.clone() };
    let failed = Stage::Failed(Failure::NotSent);
    for (transfer, now, step) in [
        (written.clone(), NOW, Some(Step::Send)),
        (written.clone(), Timestamp(LATE.0 - 1), Some(Step::Send)),
        (written.clone(), LATE, Some(Step::Ask)),
        (written.clone(), Timestamp(NOW.0 - 1), Some(Step::Send)),
        (written.clone(), Timestamp(NOW.0 - 3_600_000), Some(Step::Ask)),
        (written.clone(), Timestamp(i64::MIN), Some(Step::Ask)),
        (at(Stage::Accepted), NOW, Some(Step::Ask)),
        (at(Stage::Done), NOW, None),
        (at(failed), NOW, None),
    ] {
        assert_eq!(transfer.next(now), step, "{transfer:?} at {now:?}");
    }
}

#[test]
fn only_an_answer_about_this_transfer_changes_it_and_nothing_ended_changes() {
    let written = asked(1, 500);
    let accepted = Transfer { stage: Stage::Accepted, ..written.clone() };
    let done = Transfer { stage: Stage::Done, ..written.clone() };
    let other = asked(1, 501);
    let day_limit = Stage::Failed(Failure::Told(DepositFailure::DayLimit));
    for (transfer, step, answer, after) in [
        (&written, Step::Send, told(&written, DepositState::Pending), Some(Stage::Accepted)),
        (&written, Step::Send, told(&written, DepositState::Done), Some(Stage::Done)),
        (&written, Step::Send, told(&written, DepositState::Failed), Some(day_limit)),
        (&written, Step::Send, told(&other, DepositState::Done), None),
        (&written, Step::Send, Answer::Unknown, None),
        (&written, Step::Ask, Answer::Unknown, Some(Stage::Failed(Failure::NotSent))),
        (&accepted, Step::Ask, Answer::Unknown, None),
        (&accepted, Step::Ask, told(&accepted, DepositState::Pending), None),
        (&accepted, Step::Ask, told(&accepted, DepositState::Done), Some(Stage::Done)),
        (&accepted, Step::Ask, Answer::Refused(Failure::NoSuchSource), None),
        (&done, Step::Ask, told(&done, DepositState::Failed), None),
    ] {
        let told = transfer.after(step, &answer, LOST);
        assert_eq!(told, after, "{transfer:?} {step:?} {answer:?}");
    }
    let soon = Timestamp(LOST.0 - 1);
    assert_eq!(written.after(Step::Ask, &Answer::Unknown, soon), None, "it may be on its way");
}

#[test]
fn an_id_that_failed_for_good_never_succeeds_later() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = open(&folder.path().join("outbox.sqlite"));
    let transfer = asked(1, 500);
    outbox.write(OWNER, &transfer).unwrap();
    assert_eq!(outbox.advance(transfer.id, Stage::Failed(Failure::NotSent)), Ok(true));
    for stage in [Stage::Written, Stage::Accepted, Stage::Done] {
        assert_eq!(outbox.advance(transfer.id, stage), Ok(false), "{stage:?}");
    }
    outbox.write(OWNER, &transfer).unwrap();
    assert_eq!(outbox.under_way(OWNER).unwrap(), []);
    assert_eq!(outbox.newest(OWNER).unwrap()[0].stage, Stage::Failed(Failure::NotSent));
}

#[test]
fn an_id_is_one_transfer_of_one_member() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = open(&folder.path().join("outbox.sqlite"));
    outbox.write(OWNER, &asked(1, 500)).unwrap();
    outbox.write(OWNER, &asked(1, 500)).unwrap();
    assert_eq!(outbox.under_way(OWNER).unwrap().len(), 1, "the same again is the same");
    let other = Uuid::from_u128(8);
    assert_eq!(outbox.write(OWNER, &asked(1, 501)), Err(NotWritten::IdUsed));
    assert_eq!(outbox.write(other, &asked(1, 500)), Err(NotWritten::IdUsed));
    assert_eq!(outbox.under_way(other).unwrap(), []);
}

#[test]
fn a_member_who_leaves_takes_what_ended_and_finds_the_rest_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("outbox.sqlite");
    let outbox = open(&path);
    for id in [1, 2] {
        outbox.write(OWNER, &asked(id, 500)).unwrap();
    }
    outbox.advance(Uuid::from_u128(1), Stage::Done).unwrap();
    outbox.forget_ended(OWNER).unwrap();
    drop(outbox);
    assert_eq!(open(&path).newest(OWNER).unwrap(), [asked(2, 500)]);
}

#[test]
fn nobody_has_more_under_way_or_kept_than_there_is_room_for() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = open(&folder.path().join("outbox.sqlite"));
    for id in 0..80 {
        outbox.write(OWNER, &asked(id, 1)).unwrap();
        outbox.advance(Uuid::from_u128(id), Stage::Done).unwrap();
    }
    assert_eq!(outbox.newest(OWNER).unwrap().len(), 51, "50 and the one that ended last");
    for id in 100..120 {
        outbox.write(OWNER, &asked(id, 1)).unwrap();
    }
    assert_eq!(outbox.write(OWNER, &asked(120, 1)), Err(NotWritten::TooMany));
    assert_eq!(outbox.write(Uuid::from_u128(8), &asked(121, 1)), Ok(()));
}

#[test]
fn a_file_that_is_no_outbox_is_put_aside_and_no_transfer_is_lost_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("outbox.sqlite");
    fs::write(&path, [7; 5_000]).unwrap();
    let outbox = Outbox::open(&path);
    assert!(outbox.has_put_aside());
    assert_eq!(fs::read(folder.path().join("outbox.damaged")).unwrap(), [7; 5_000]);
    outbox.write(OWNER, &asked(1, 500)).unwrap();
    drop(outbox);
    let outbox = Outbox::open(&path);
    assert!(!outbox.has_put_aside());
    assert_eq!(outbox.under_way(OWNER).unwrap().len(), 1);
}

/// The wallet server as it promises to be: one deposit for an id, whose first answer stays.
#[derive(Default)]
struct Server {
    deposits: BTreeMap<Uuid, Deposit>,
}

impl Server {
    fn answer(&mut self, transfer: &Transfer, step: Step) -> Answer {
        if step == Step::Send && !self.deposits.contains_key(&transfer.id) {
            let Answer::Known(begun) = told(transfer, DepositState::Pending) else { panic!() };
            self.deposits.insert(transfer.id, begun);
        }
        self.deposits.get(&transfer.id).cloned().map_or(Answer::Unknown, Answer::Known)
    }

    fn end(&mut self, state: DepositState) {
        for deposit in self.deposits.values_mut() {
            if deposit.state == DepositState::Pending {
                deposit.state = state;
                let failed = state == DepositState::Failed;
                deposit.reason = failed.then_some(DepositFailure::DayLimit);
            }
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Event {
    /// The member asks for so much.
    Asked(i64),
    /// The phone does what is next; the request is lost.
    RequestLost,
    /// The server gets it; the answer is lost.
    AnswerLost,
    /// The phone gets the answer and is killed before it is written down.
    KilledOnAnswer,
    /// The phone gets the answer.
    Answered,
    /// The app is killed and started again.
    Killed,
    /// All that is pending at the server ends.
    Ends(bool),
    /// So late that nothing is sent any more.
    Late,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (1_i64..1_000).prop_map(Event::Asked),
        2 => Just(Event::RequestLost),
        2 => Just(Event::AnswerLost),
        2 => Just(Event::KilledOnAnswer),
        3 => Just(Event::Answered),
        2 => Just(Event::Killed),
        2 => any::<bool>().prop_map(Event::Ends),
        1 => Just(Event::Late),
    ]
}

/// A phone and the server it asks.
struct World {
    path: PathBuf,
    outbox: Outbox,
    server: Server,
    now: Timestamp,
    kills: usize,
    asked: Vec<Transfer>,
    /// What the member was told had ended, and how.
    ended: BTreeMap<Uuid, Stage>,
}

impl World {
    fn kill(&mut self) {
        self.kills += 1;
        self.path = killed(&self.path, self.kills);
        self.outbox = open(&self.path);
    }

    /// Takes the next step of everything that is under way.
    fn step(&mut self, event: Event) {
        for transfer in self.outbox.under_way(OWNER).unwrap() {
            assert!(!self.ended.contains_key(&transfer.id), "what has ended is left alone");
            let step = transfer.next(self.now).unwrap();
            if matches!(event, Event::RequestLost) {
                continue;
            }
            let answer = self.server.answer(&transfer, step);
            if matches!(event, Event::Answered)
                && let Some(stage) = transfer.after(step, &answer, self.now)
            {
                assert!(self.outbox.advance(transfer.id, stage).unwrap());
            }
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Asked(amount) => {
                let transfer =
                    Transfer { made_at: self.now, ..asked(self.asked.len() as u128, amount) };
                if self.outbox.write(OWNER, &transfer).is_ok() {
                    self.asked.push(transfer);
                }
            }
            Event::RequestLost | Event::AnswerLost | Event::Answered => self.step(event),
            Event::KilledOnAnswer => {
                self.step(event);
                self.kill();
            }
            Event::Killed => self.kill(),
            Event::Ends(well) => {
                self.server.end(if well { DepositState::Done } else { DepositState::Failed });
            }
            Event::Late => self.now = Timestamp(self.now.0 + 16 * 60 * 1_000),
        }
        self.check();
    }

    fn check(&mut self) {
        for transfer in self.outbox.newest(OWNER).unwrap() {
            if let Some(before) = self.ended.get(&transfer.id) {
                assert_eq!(transfer.stage, *before, "what has ended stays ended");
            }
            if matches!(transfer.stage, Stage::Done | Stage::Failed(_)) {
                self.ended.insert(transfer.id, transfer.stage);
                assert_eq!(self.truth(transfer.id), transfer.stage, "the phone tells the truth");
            }
        }
        assert!(self.server.deposits.len() <= self.asked.len(), "nothing is doubled");
    }

    fn truth(&self, id: Uuid) -> Stage {
        match self.server.deposits.get(&id) {
            None => Stage::Failed(Failure::NotSent),
            Some(deposit) => match deposit.reason {
                Some(reason) => Stage::Failed(Failure::Told(reason)),
                None if deposit.state == DepositState::Done => Stage::Done,
                None => Stage::Accepted,
            },
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn f16_killed_at_any_point_the_phone_comes_to_the_truth_and_doubles_nothing(
        events in proptest::collection::vec(event(), 1..40),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("outbox-0.sqlite");
        let outbox = open(&path);
        let (server, now) = (Server::default(), NOW);
        let mut world = World {
            path, outbox, server, now, kills: 0, asked: Vec::new(), ended: BTreeMap::new(),
        };
        for event in events {
            world.happen(event);
        }
        for event in [Event::Answered, Event::Ends(true), Event::Answered] {
            world.happen(event);
        }
        prop_assert_eq!(world.outbox.under_way(OWNER).unwrap(), []);
        prop_assert_eq!(world.ended.len(), world.asked.len(), "nothing is lost");
    }
}
