//! The desktop's radio against a fake BlueZ on a private D-Bus bus.
#![cfg(target_os = "linux")]

#[path = "../../../tests/radio/bluez.rs"]
mod bluez;
#[path = "../../../tests/radio/bus.rs"]
mod bus;
#[path = "scan/running.rs"]
mod running;

use std::{collections::BTreeSet, time::Duration};

use bluez::{Advert, BlueZ, Radio};
use bus::Bus;
use running::Scan;
use signs::frame::{EddystoneUid, IBeacon};
use testkit::BEACONS;
use uuid::Uuid;

/// A beacon's advert: the minor number tells one from the next.
fn beacon(uuid: Uuid, minor: u16) -> Advert {
    let advert = IBeacon { uuid, major: 7, minor, power: (-59).into() }.advert();
    // Behind flags, length, type and company.
    Advert { manufacturer_data: Some((0x004c, advert[7..].to_vec())), ..Advert::default() }
}

/// The strength each advert is sent with, so that one paired with another's is found.
fn strength(minor: u16) -> i16 {
    -40 - i16::try_from(minor % 50).unwrap()
}

fn ours(minor: u16) -> Advert {
    Advert { rssi: Some(strength(minor)), ..beacon(BEACONS, minor) }
}

#[test]
fn of_a_thousand_adverts_in_a_burst_none_is_lost_and_each_keeps_its_strength() {
    let Some(bus) = Bus::start() else { return };
    let bluez = BlueZ::start(&bus, Radio::On);
    let mut scan = Scan::start(&bus, &[]);
    bluez.wait_until_scanning();
    let mut heard = Vec::new();
    // The data of a first advert are read a moment later: let each transmitter be found first.
    for device in 0..10 {
        bluez.advertise(device, ours(device));
        heard.push(scan.sighting());
    }
    for minor in 10..1_000 {
        bluez.advertise(minor % 10, ours(minor));
        // What fills a street must not be in the way.
        bluez.advertise(10 + minor % 10, beacon(Uuid::from_u128(7), minor));
    }
    while heard.len() < 1_000 {
        heard.push(scan.sighting());
    }
    let minors: BTreeSet<u16> = heard.iter().map(|sighting| sighting.minor).collect();
    assert_eq!(minors, (0..1_000).collect());
    for sighting in &heard {
        assert_eq!((sighting.major, sighting.power_dbm), (7, Some(-59)));
        assert_eq!(sighting.rssi_dbm, Some(strength(sighting.minor)), "{}", sighting.minor);
    }
    scan.interrupt();
    let ended = scan.end();
    assert!(ended.success, "{}", ended.said);
    assert!(ended.said.contains("1000 sightings"), "{}", ended.said);
    assert_eq!(ended.lines, Vec::<String>::new());
    assert!(bluez.was_asked("StopDiscovery"));
}

#[test]
fn a_transmitter_known_from_before_is_heard_only_when_it_sends() {
    let Some(bus) = Bus::start() else { return };
    let bluez = BlueZ::start(&bus, Radio::On);
    bluez.advertise(1, beacon(BEACONS, 1));
    bluez.advertise(2, ours(2));
    let mut scan = Scan::start(&bus, &[]);
    bluez.wait_until_scanning();
    assert_eq!(scan.sighting().minor, 2);
    bluez.advertise(1, ours(3));
    assert_eq!(scan.sighting().minor, 3);
}

#[test]
fn unknown_strengths_are_told_as_unknown() {
    let Some(bus) = Bus::start() else { return };
    let bluez = BlueZ::start(&bus, Radio::On);
    let mut scan = Scan::start(&bus, &[]);
    bluez.wait_until_scanning();
    bluez.advertise(1, Advert { rssi: Some(127), ..beacon(BEACONS, 1) });
    assert_eq!(scan.sighting().rssi_dbm, None);
}

#[test]
fn all_shows_every_frame_and_otherwise_only_the_networks() {
    let Some(bus) = Bus::start() else { return };
    let bluez = BlueZ::start(&bus, Radio::On);
    let mut all = Scan::start(&bus, &["--all"]);
    bluez.wait_until_scanning();
    let namespace = EddystoneUid { power: (-20).into(), namespace: [1; 10], instance: [2; 6] };
    // Behind flags, service list, length, type and service.
    let eddystone = (0xfeaa, namespace.advert()[11..].to_vec());
    bluez.advertise(1, Advert { rssi: Some(-50), ..beacon(Uuid::from_u128(7), 1) });
    assert_eq!(all.line()["frame"]["format"], "ibeacon");
    let advert = Advert { rssi: Some(-51), service_data: Some(eddystone), ..Advert::default() };
    bluez.advertise(2, advert);
    let line = all.line();
    assert_eq!(
        (&line["frame"]["format"], &line["rssi_dbm"]),
        (&"eddystone-uid".into(), &(-51).into())
    );
}

#[test]
fn it_ends_by_itself_after_its_seconds() {
    let Some(bus) = Bus::start() else { return };
    let _bluez = BlueZ::start(&bus, Radio::On);
    let ended = Scan::start(&bus, &["--seconds", "1"]).end();
    assert!(ended.success, "{}", ended.said);
}

#[test]
fn a_computer_without_an_adapter_is_told_so() {
    let Some(bus) = Bus::start() else { return };
    let _bluez = BlueZ::start(&bus, Radio::Missing);
    Scan::start(&bus, &[]).fails_saying("no Bluetooth adapter: plug one in");
}

#[test]
fn bluetooth_that_is_off_is_told_and_not_switched_on() {
    let Some(bus) = Bus::start() else { return };
    let bluez = BlueZ::start(&bus, Radio::Off);
    Scan::start(&bus, &[]).fails_saying("Bluetooth is off: switch it on");
    assert!(!bluez.was_asked("Set"));
}

#[test]
fn a_computer_without_bluez_is_told_so() {
    let Some(bus) = Bus::start() else { return };
    Scan::start(&bus, &[]).fails_saying("BlueZ must be installed and running");
}

#[test]
fn a_computer_without_a_bus_is_told_so() {
    Scan::start(&Bus::nowhere(), &[]).fails_saying("the Bluetooth service cannot be reached");
}

#[test]
fn bluetooth_switched_off_in_mid_scan_ends_it() {
    let Some(bus) = Bus::start() else { return };
    let bluez = BlueZ::start(&bus, Radio::On);
    let mut scan = Scan::start(&bus, &[]);
    bluez.wait_until_scanning();
    bluez.advertise(1, ours(1));
    assert_eq!(scan.sighting().minor, 1);
    bluez.switch(Radio::Off);
    scan.fails_saying("Bluetooth was switched off");
}

#[test]
fn bluez_gone_in_mid_scan_ends_it() {
    let Some(bus) = Bus::start() else { return };
    let bluez = BlueZ::start(&bus, Radio::On);
    let mut scan = Scan::start(&bus, &[]);
    bluez.wait_until_scanning();
    bluez.advertise(1, ours(1));
    assert_eq!(scan.sighting().minor, 1);
    drop(bluez);
    scan.fails_saying("the adapter, its service or the bus to it is gone");
}

#[test]
fn the_bus_gone_in_mid_scan_ends_it() {
    let Some(bus) = Bus::start() else { return };
    let bluez = BlueZ::start(&bus, Radio::On);
    let mut scan = Scan::start(&bus, &[]);
    bluez.wait_until_scanning();
    bluez.advertise(1, ours(1));
    assert_eq!(scan.sighting().minor, 1);
    drop(bus);
    scan.fails_saying("the adapter, its service or the bus to it is gone");
}

/// Nothing here takes so long: a test that waits longer has found a hang.
const PATIENCE: Duration = Duration::from_secs(60);
