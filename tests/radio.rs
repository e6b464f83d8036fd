//! The core's own radio against a fake BlueZ on a private D-Bus bus: it follows the wallet's plan, feeds the
//! wallet, and says how it stands.
#![cfg(target_os = "linux")]

#[path = "radio/bluez.rs"]
mod bluez;
#[path = "radio/bus.rs"]
mod bus;

use std::{
    env,
    process::Command,
    sync::mpsc::{Receiver, TryRecvError, channel},
    time::{Duration, Instant},
};

use bluez::{Advert, BlueZ, Radio as Adapter};
use bus::Bus;
use testkit::{Cast, Visitor, town::TAKES_CARDS};
use tillsight::{
    plan::SensingPolicy,
    radio::{Radio, RadioState},
    screen::Place,
};

/// Nothing here takes so long: a test that waits longer has found a hang.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where a test finds its bus.
const BUS: &str = "TILLSIGHT_TEST_BUS";

/// Runs `body` in a process of its own, since the bus is found by the environment. `test` is its name.
fn on_a_bus(test: &str, body: impl FnOnce(&Bus)) {
    if let Ok(address) = env::var(BUS) {
        return body(&Bus::at(address));
    }
    let Some(bus) = Bus::start() else { return };
    in_a_process(test, &bus.address);
}

fn in_a_process(test: &str, address: &str) {
    let mut own = Command::new(env::current_exe().unwrap());
    own.args(["--exact", test, "--nocapture"]).env(BUS, address);
    let ended = own.env("DBUS_SYSTEM_BUS_ADDRESS", address).status().unwrap();
    assert!(ended.success());
}

fn followed(phone: &Visitor, policy: SensingPolicy) -> (Radio, Receiver<RadioState>) {
    let (tell, told) = channel();
    let radio = Radio::follow(&phone.wallet, policy, move |state| drop(tell.send(state)));
    (radio.unwrap(), told)
}

fn next(told: &Receiver<RadioState>) -> RadioState {
    told.recv_timeout(PATIENCE).expect("nothing was said of the radio")
}

/// The next but for resting: the first plan may come before the radio's first look at it, or after.
fn next_but_resting(told: &Receiver<RadioState>) -> RadioState {
    match next(told) {
        RadioState::Resting => next(told),
        state => state,
    }
}

fn listening() -> RadioState {
    RadioState::Listening { adapter: "hci0 (usb:v1D6Bp0246d0540)".to_owned() }
}

/// The beacon of a store, as BlueZ hands it over.
fn beacon_of(cast: &Cast) -> Advert {
    let advert = cast.sign(&TAKES_CARDS).beacon_advert();
    // Behind flags, length, type and company.
    let data = Some((0x004c, advert[7..].to_vec()));
    Advert { rssi: Some(-60), manufacturer_data: data, ..Advert::default() }
}

#[test]
fn the_store_is_known_by_the_beacon_that_the_radio_hears_while_the_plan_listens() {
    on_a_bus(
        "the_store_is_known_by_the_beacon_that_the_radio_hears_while_the_plan_listens",
        |bus| {
            let (cast, bluez) = (Cast::assemble(), BlueZ::start(bus, Adapter::On));
            let phone = cast.phone();
            let (radio, told) = followed(&phone, SensingPolicy::Screen);
            assert_eq!(next(&told), RadioState::Resting, "nobody looks");
            assert!(!bluez.was_asked("StartDiscovery"));
            phone.wallet.screen_opened();
            assert_eq!(next(&told), listening());
            let begun = Instant::now();
            while phone.wallet.screen().place != Place::Here {
                assert!(begun.elapsed() < PATIENCE, "{:?}", phone.wallet.screen().place);
                phone.pass(Duration::from_secs(1));
                bluez.advertise(1, beacon_of(&cast));
                std::thread::sleep(Duration::from_millis(100));
            }
            assert_eq!(phone.wallet.screen().store.unwrap().name, TAKES_CARDS.name);
            phone.wallet.screen_closed();
            assert_eq!(next(&told), RadioState::Resting);
            bluez.wait_until_asked("StopDiscovery");
            radio.stop();
        },
    );
}

#[test]
fn where_the_plan_only_watches_the_radio_listens_in_turns_and_at_once_when_the_screen_opens() {
    on_a_bus(
        "where_the_plan_only_watches_the_radio_listens_in_turns_and_at_once_when_the_screen_opens",
        |bus| {
            let (cast, bluez) = (Cast::assemble(), BlueZ::start(bus, Adapter::On));
            let phone = cast.phone();
            let (radio, told) = followed(&phone, SensingPolicy::Always);
            assert_eq!(next_but_resting(&told), listening());
            bluez.wait_until_asked("StopDiscovery");
            let rests = Instant::now();
            bluez.wait_until_asked_times("StartDiscovery", 2);
            assert!(rests.elapsed() > Duration::from_secs(5), "it hardly rested");
            bluez.wait_until_asked_times("StopDiscovery", 2);
            let rests = Instant::now();
            phone.wallet.screen_opened();
            bluez.wait_until_asked_times("StartDiscovery", 3);
            assert!(rests.elapsed() < Duration::from_secs(5), "it waited for its turn");
            std::thread::sleep(Duration::from_secs(4));
            assert_eq!(
                bluez.times_asked("StopDiscovery"),
                2,
                "it listens for as long as is looked"
            );
            assert_eq!(told.try_recv(), Err(TryRecvError::Empty), "a pause is no other state");
            radio.stop();
        },
    );
}

#[test]
fn a_radio_that_is_off_is_not_switched_on_and_is_listened_to_once_it_is() {
    on_a_bus("a_radio_that_is_off_is_not_switched_on_and_is_listened_to_once_it_is", |bus| {
        let (cast, bluez) = (Cast::assemble(), BlueZ::start(bus, Adapter::Off));
        let phone = cast.phone();
        let (_radio, told) = followed(&phone, SensingPolicy::Always);
        assert_eq!(next_but_resting(&told), RadioState::Off);
        assert!(!bluez.was_asked("Set"));
        bluez.switch(Adapter::On);
        assert_eq!(next(&told), listening());
        bluez.switch(Adapter::Off);
        assert_eq!(next(&told), RadioState::Off);
    });
}

#[test]
fn a_missing_adapter_a_forbidden_one_and_a_service_that_went_away_are_told_apart() {
    on_a_bus(
        "a_missing_adapter_a_forbidden_one_and_a_service_that_went_away_are_told_apart",
        |bus| {
            let bluez = BlueZ::start(bus, Adapter::Missing);
            let (tell, told) = channel();
            let radio = Radio::always(move |state| drop(tell.send(state)), |_| {}).unwrap();
            assert_eq!(next(&told), RadioState::NoAdapter);
            bluez.switch(Adapter::Forbidden);
            assert_eq!(next(&told), RadioState::NotAllowed);
            bluez.switch(Adapter::On);
            assert_eq!(next(&told), listening());
            assert_eq!(bus.connections(), 2, "BlueZ, and the try that listens");
            drop(bluez);
            assert_eq!(next(&told), RadioState::Gone);
            assert_eq!(next(&told), RadioState::NoService);
            radio.stop();
        },
    );
}

#[test]
fn a_computer_without_a_bus_is_told_so_and_the_thread_ends_with_its_radio() {
    let test = "a_computer_without_a_bus_is_told_so_and_the_thread_ends_with_its_radio";
    if env::var(BUS).is_err() {
        return in_a_process(test, &Bus::nowhere().address);
    }
    let (tell, told) = channel();
    let radio = Radio::always(move |state| drop(tell.send(state)), |_| {}).unwrap();
    assert_eq!(next(&told), RadioState::NoService);
    drop(radio);
    assert!(told.recv_timeout(PATIENCE).is_err(), "the thread goes on");
}

#[test]
fn a_wallet_that_is_gone_ends_the_listening() {
    on_a_bus("a_wallet_that_is_gone_ends_the_listening", |bus| {
        let (cast, bluez) = (Cast::assemble(), BlueZ::start(bus, Adapter::On));
        let phone = cast.phone();
        let (_radio, told) = followed(&phone, SensingPolicy::Always);
        assert_eq!(next_but_resting(&told), listening());
        bluez.wait_until_scanning();
        drop(phone.switch_off());
        let begun = Instant::now();
        while told.try_recv() != Err(TryRecvError::Disconnected) {
            assert!(begun.elapsed() < PATIENCE, "it still listens");
            bluez.advertise(1, beacon_of(&cast));
            std::thread::sleep(Duration::from_millis(100));
        }
    });
}
