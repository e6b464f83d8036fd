//! What tells the server where a phone is, whose phone that is, and the log that says so.

#[allow(dead_code)]
mod lying;

use std::time::Duration;

use domain::wire::{Cell, TileId};
use lying::{FIX, NOW_MS, Phone, Register, store};
use signs::frame::{EddystoneEid, IBeacon, UncheckedPower};
use tillsight::{
    JudgedBy, SignalProblem, WalletError,
    phone::{PositionUse, PositionUseKind},
    sensed::{AccessPoint, BeaconReport, WifiReport},
};

fn here() -> domain::Store {
    store("here", FIX.latitude, FIX.longitude)
}

fn advert(bytes: Vec<u8>) -> BeaconReport {
    BeaconReport::Advertisement { bytes, rssi_dbm: -60, heard_at_ms: NOW_MS }
}

fn beacon(minor: u16) -> BeaconReport {
    let power = UncheckedPower(-59);
    advert(IBeacon { uuid: testkit::BEACONS, major: 1, minor, power }.advert())
}

fn rotating(minor: u8) -> BeaconReport {
    // Of the window that it is.
    let eid = [0x40, 1, 0, 0, 0, 0, 0, minor];
    advert(EddystoneEid { power: (-20).into(), eid }.advert())
}

fn wifi() -> WifiReport {
    let point = AccessPoint { bssid: "02:00:00:00:00:09".to_owned(), rssi_dbm: -50 };
    WifiReport { joined: None, heard: vec![point], heard_at_ms: NOW_MS }
}

fn kinds(uses: &[PositionUse]) -> Vec<PositionUseKind> {
    uses.iter().map(|used| used.kind).collect()
}

/// Until the phone knows whose rotating id that is.
fn hears(phone: &Phone, report: &BeaconReport) {
    let known = (0..400).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        phone.wallet.sense_beacon(report.clone()).is_ok()
    });
    assert!(known, "the rotating id was never known");
}

#[test]
fn whatever_is_sensed_only_tiles_and_the_first_bits_of_ids_are_asked_for_and_as_nobody() {
    let register = Register::of(&[here()]);
    // Stores in the cells round it, so that its tile is no wider.
    let steps = [-1.0, 0.0, 1.0];
    let places = steps.into_iter().flat_map(|y| steps.map(|x| (y * 0.008, x * 0.011)));
    let round: Vec<_> = places
        .map(|(north, east)| store("round", FIX.latitude + north, FIX.longitude + east))
        .collect();
    let list = testkit::tile_list(&round);
    *register.cut.lock().unwrap() = round;
    let phone = Phone::of(&register);
    phone.wallet.log_in("hanako".to_owned(), "secret".to_owned()).unwrap();
    phone.fetch().unwrap();
    phone.wallet.sense_fix(FIX).unwrap();
    phone.wallet.sense_beacon(beacon(7)).unwrap();
    phone.wallet.sense_wifi(wifi()).unwrap();
    hears(&phone, &rotating(5));
    phone.wallet.refresh().unwrap();
    let asked = register.asked.lock().unwrap().clone();
    let of_ids: Vec<_> = asked.iter().filter(|path| path.contains("rotating")).collect();
    assert_eq!(of_ids, ["/v1/rotating", "/v1/rotating/4/4"], "the id is 40 01 .. 05");
    assert!(!asked.iter().any(|path| path == "/v1/entries"));
    let mut as_member = register.asked_as_member.lock().unwrap().clone();
    as_member.retain(|path| path != "/v1/methods" && !path.starts_with("/v1/events"));
    assert!(as_member.is_empty(), "{as_member:?}");

    let uses = phone.wallet.position_uses();
    assert_eq!(kinds(&uses), [PositionUseKind::RotatingBeacon, PositionUseKind::Tiles]);
    assert_eq!((uses[0].shared_by, uses[0].about_m), (Some(20), None));
    let cell = Cell::of(here().position);
    let tiles: Vec<_> = list.beside(cell).into_iter().chain([list.tile_of(cell)]).collect();
    let width = TileId::width_m(&tiles).map(|metres| metres.round() as u32);
    assert_eq!(uses[1].about_m, width);
    assert!(width.is_some_and(|metres| metres > 2_000));
    assert!(uses.iter().all(|used| !used.as_member && used.at_ms == NOW_MS));
}

#[test]
fn the_servers_judgement_is_asked_for_by_what_the_app_says_and_the_log_says_so() {
    let register = Register::of(&[here()]);
    *register.entry.lock().unwrap() = Some(here());
    let phone = Phone::of(&register);
    let refused = |by| match phone.wallet.ask_server(by) {
        Err(WalletError::Signal { problem, .. }) => problem,
        other => panic!("{by:?}: {other:?}"),
    };
    for by in [JudgedBy::Position, JudgedBy::Beacon, JudgedBy::AccessPoint, JudgedBy::Code] {
        assert_eq!(refused(by), SignalProblem::NothingSensed);
    }
    // Elsewhere: so the network is known, and the store is not.
    phone.wallet.prefetch(FIX.latitude + 1.0, FIX.longitude).unwrap();
    phone.wallet.sense_beacon(beacon(7)).unwrap();
    let stranger = phone.wallet.ask_server(JudgedBy::Beacon);
    assert!(matches!(stranger, Err(WalletError::NotLoggedIn { .. })), "{stranger:?}");
    phone.wallet.log_in("hanako".to_owned(), "secret".to_owned()).unwrap();
    phone.wallet.clear_position_uses().unwrap();
    for (nth, (by, kind)) in [
        (JudgedBy::Beacon, PositionUseKind::Beacon),
        (JudgedBy::AccessPoint, PositionUseKind::AccessPoint),
        (JudgedBy::Position, PositionUseKind::Position),
    ]
    .into_iter()
    .enumerate()
    {
        match by {
            JudgedBy::AccessPoint => drop(phone.wallet.sense_wifi(wifi()).unwrap()),
            JudgedBy::Position => drop(phone.wallet.sense_fix(FIX).unwrap()),
            _ => {}
        }
        phone.wallet.ask_server(by).unwrap();
        assert_eq!(phone.name_of(&here()).as_deref(), Some("here"));
        let uses = phone.wallet.position_uses();
        let asked: Vec<_> = uses.iter().filter(|used| used.as_member).collect();
        assert_eq!((asked.len(), asked[0].kind), (nth + 1, kind));
        assert_eq!(asked[0].about_m.is_some(), by == JudgedBy::Position);
    }
    let entries = |asked: &[String]| asked.iter().filter(|path| *path == "/v1/entries").count();
    assert_eq!(entries(&register.asked_as_member.lock().unwrap()), 3);
    phone.clock.pass_ms(120_000);
    assert_eq!(refused(JudgedBy::Beacon), SignalProblem::NothingSensed, "it may be elsewhere");
}

#[test]
fn the_log_stays_with_the_member_and_goes_when_it_is_cleared_or_the_member_leaves() {
    let register = Register::of(&[here()]);
    let phone = Phone::of(&register);
    phone.wallet.log_in("hanako".to_owned(), "secret".to_owned()).unwrap();
    phone.fetch().unwrap();
    let again = Phone::over(phone.switch_off(), &register, &testkit::root_key()).unwrap();
    assert_eq!(kinds(&again.wallet.position_uses()), [PositionUseKind::Tiles]);
    again.wallet.clear_position_uses().unwrap();
    let cleared = Phone::over(again.switch_off(), &register, &testkit::root_key()).unwrap();
    assert_eq!(cleared.wallet.position_uses(), []);
    cleared.next_day();
    cleared.fetch().unwrap();
    assert_eq!(cleared.wallet.position_uses().len(), 1);
    cleared.wallet.log_out().unwrap();
    assert_eq!(cleared.wallet.position_uses(), []);
}
