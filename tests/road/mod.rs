//! A place that is new to the phone, call by call: what is asked together, and what is shown meanwhile.

use std::{
    sync::{Arc, Condvar, Mutex},
    time::Duration,
};

use domain::{
    Position, Store,
    wire::{Cell, TileId},
};
use tillsight::{
    ScreenListener,
    phone::{HttpFailure, HttpReply, HttpRequest, HttpTransport},
    screen::{DepositScreen, PaymentScreen, ServerState, SettlementScreen},
};

use super::lying::{FIX, Phone, Register, store};

/// Long enough for the slowest machine.
const LONG: Duration = Duration::from_secs(600);

/// Holds calls on their way to the register, once it is closed, until they are let through.
struct Gate {
    register: Arc<Register>,
    calls: Mutex<Calls>,
    changed: Condvar,
}

#[derive(Default)]
struct Calls {
    closed: bool,
    held: Vec<String>,
    /// How many times those held were let through.
    opened: usize,
}

impl Gate {
    fn before(register: Arc<Register>) -> Arc<Self> {
        Arc::new(Self { register, calls: Mutex::default(), changed: Condvar::new() })
    }

    fn close(&self) {
        self.calls.lock().unwrap().closed = true;
    }

    /// Waits until so many calls are held together; their paths, the shortest first.
    fn held(&self, count: usize) -> Vec<String> {
        let calls = self.calls.lock().unwrap();
        let waited =
            self.changed.wait_timeout_while(calls, LONG, |calls| calls.held.len() < count).unwrap();
        let mut held = waited.0.held.clone();
        held.sort_by_key(|path| (path.len(), path.clone()));
        assert_eq!(held.len(), count, "{held:?}");
        held
    }

    /// One round trip: lets those through that are held.
    fn let_through(&self) {
        let mut calls = self.calls.lock().unwrap();
        calls.held.clear();
        calls.opened += 1;
        self.changed.notify_all();
    }
}

impl HttpTransport for Gate {
    fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
        let mut calls = self.calls.lock().unwrap();
        if calls.closed {
            calls.held.push(request.url.splitn(4, '/').last().unwrap().to_owned());
            self.changed.notify_all();
            let opened = calls.opened;
            calls = self.changed.wait_while(calls, |calls| calls.opened == opened).unwrap();
        }
        drop(calls);
        self.register.send(request)
    }
}

#[derive(Default)]
struct Shown {
    screens: Mutex<Vec<SettlementScreen>>,
    changed: Condvar,
}

impl ScreenListener for Shown {
    fn on_screen(&self, screen: SettlementScreen) {
        self.screens.lock().unwrap().push(screen);
        self.changed.notify_all();
    }
    fn on_deposits(&self, _: DepositScreen) {}
    fn on_payment(&self, _: PaymentScreen) {}
}

impl Shown {
    fn names(&self, wanted: &str) -> bool {
        names(&self.screens.lock().unwrap(), wanted)
    }

    fn awaits(&self, wanted: &str) {
        let screens = self.screens.lock().unwrap();
        let waited = self.changed.wait_timeout_while(screens, LONG, |shown| !names(shown, wanted));
        assert!(!waited.unwrap().1.timed_out(), "{wanted} was never shown");
    }
}

fn names(shown: &[SettlementScreen], wanted: &str) -> bool {
    shown.iter().any(|screen| screen.store.as_ref().is_some_and(|store| store.name == wanted))
}

fn cell(lat: f64) -> Cell {
    Cell::of(Position::from_degrees(lat, FIX.longitude).unwrap())
}

fn paths(tiles: impl IntoIterator<Item = TileId>) -> Vec<String> {
    let mut paths: Vec<_> =
        tiles.into_iter().map(|tile| tile.to_string()[1..].to_owned()).collect();
    paths.sort_by_key(|path| (path.len(), path.clone()));
    paths
}

/// A store in each cell round a place.
fn quarter(lat: f64) -> impl Iterator<Item = Store> {
    let steps = [-1.0, 0.0, 1.0];
    let places = steps.into_iter().flat_map(move |y| steps.map(|x| (lat + y * 0.008, x * 0.011)));
    places.map(|(lat, east)| store(&format!("{lat} {east}"), lat, FIX.longitude + east))
}

#[test]
fn a_new_place_takes_two_round_trips_and_is_shown_after_the_first() {
    let far = FIX.latitude + 1.0;
    let stores = [store("here", FIX.latitude, FIX.longitude), store("far", far, FIX.longitude)];
    let register = Register::of(&stores);
    let cut: Vec<_> = quarter(FIX.latitude).chain(quarter(far)).collect();
    let list = testkit::tile_list(&cut);
    *register.cut.lock().unwrap() = cut;
    let gate = Gate::before(register);
    let phone = Phone::by(Arc::clone(&gate) as _);
    let shown = Arc::new(Shown::default());
    phone.wallet.set_listener(Some(Arc::clone(&shown) as _));
    gate.close();
    phone.wallet.sense_fix(FIX).unwrap();
    // A phone that was nowhere yet asks what it asks for all places.
    assert_eq!(gate.held(3), ["v1/keys", "v1/tiles", "v1/network"]);
    gate.let_through();
    let here = cell(FIX.latitude);
    assert_eq!(gate.held(1), paths([list.tile_of(here)]));
    gate.let_through();
    let beside = paths(list.beside(here));
    assert!(beside.len() > 3);
    assert_eq!(gate.held(beside.len()), beside);
    assert!(shown.names("here"), "nothing is shown before the rest is asked for");
    gate.calls.lock().unwrap().closed = false;
    gate.let_through();

    phone.wallet.log_in("member".to_owned(), "password".to_owned()).unwrap();
    phone.clock.pass_ms(60_000);
    gate.close();
    let taken_at_ms = FIX.taken_at_ms + 60_000;
    phone.wallet.sense_fix(tillsight::sensed::Fix { latitude: far, taken_at_ms, ..FIX }).unwrap();
    let there = paths([list.tile_of(cell(far))]).remove(0);
    assert_eq!(gate.held(2), ["v1/methods".to_owned(), there]);
    gate.let_through();
    // As it was without a member: nothing else is asked for a place.
    let mut new = list.beside(cell(far));
    new.retain(|tile| *tile != list.tile_of(here) && !list.beside(here).contains(tile));
    assert_eq!(gate.held(new.len()), paths(new));
    assert!(shown.names("far"));
    gate.calls.lock().unwrap().closed = false;
    gate.let_through();
}

/// The way to the register, which is cut for some calls.
struct Tunnel {
    register: Arc<Register>,
    /// So many calls more are lost.
    lost: Mutex<u32>,
}

impl HttpTransport for Tunnel {
    fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
        let mut lost = self.lost.lock().unwrap();
        if *lost > 0 {
            *lost -= 1;
            return Err(HttpFailure::Unreachable);
        }
        drop(lost);
        self.register.send(request)
    }
}

#[test]
fn a_place_that_could_not_be_asked_for_is_shown_without_another_fix() {
    let register = Register::of(&[store("here", FIX.latitude, FIX.longitude)]);
    // The list of tiles, and the keys and the network beside it.
    let tunnel = Arc::new(Tunnel { register, lost: 3.into() });
    let phone = Phone::by(Arc::clone(&tunnel) as _);
    let shown = Arc::new(Shown::default());
    phone.wallet.set_listener(Some(Arc::clone(&shown) as _));
    let screen = phone.wallet.sense_fix(FIX).unwrap();
    assert!(screen.store.is_none());
    shown.awaits("here");
    assert_eq!(*tunnel.lost.lock().unwrap(), 0);
}

#[test]
fn nothing_is_live_while_the_server_lets_a_question_wait_and_after_four_seconds_it_is_away() {
    let gate = Gate::before(Register::of(&[]));
    let phone = Phone::by(Arc::clone(&gate) as _);
    phone.wallet.log_in("member".to_owned(), "password".to_owned()).unwrap();
    let state = || phone.wallet.screen().freshness.server;
    assert_eq!(state(), ServerState::Live);
    phone.clock.pass_ms(6_000);
    gate.close();
    phone.wallet.screen_opened();
    assert_eq!(gate.held(1), ["v1/methods"]);
    for (passes_ms, expected) in
        [(0, ServerState::Live), (1_000, ServerState::Awaited), (3_000, ServerState::Away)]
    {
        phone.clock.pass_ms(passes_ms);
        assert_eq!(state(), expected);
    }
    gate.calls.lock().unwrap().closed = false;
    gate.let_through();
    phone.wallet.refresh().unwrap();
    assert_eq!(state(), ServerState::Live);
}
