//! An advertisement as lines of JSON.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use signs::{eid::EidTable, frame::Mode, report::read_frame_json};
use tillsight::sensed::BeaconReport;
use uuid::Uuid;

use tillsight::radio::Advert;

/// The sightings in it of the beacons of the `network` with this UUID, or without one every frame that can
/// be read.
pub fn of(advert: &Advert, network: Option<Uuid>) -> Vec<Value> {
    let heard_at_ms = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX));
    match network {
        None => frames(advert, heard_at_ms),
        Some(_) => sightings(advert, network, heard_at_ms),
    }
}

fn sightings(advert: &Advert, network: Option<Uuid>, heard_at_ms: i64) -> Vec<Value> {
    // Empty: what a rotating id stands for is known to who has asked the wallet server.
    let mut rotating = EidTable::new(10);
    let sighting = |report: BeaconReport| report.sighting(network, &mut rotating).ok();
    let line = |sighting: tillsight::sensed::Sighting| {
        json!({
            "heard_at_ms": heard_at_ms,
            "major": sighting.beacon.major,
            "minor": sighting.beacon.minor,
            "rssi_dbm": sighting.rssi_dbm,
            "power_dbm": sighting.power_dbm,
        })
    };
    advert.reports(heard_at_ms).filter_map(sighting).map(line).collect()
}

fn frames(advert: &Advert, heard_at_ms: i64) -> Vec<Value> {
    let manufacturer = advert.manufacturer_data.iter().map(|(company, bytes)| {
        json!({ "form": "manufacturer_data", "company_id": company, "hex": hex(bytes) })
    });
    let service = advert.service_data.iter().map(|(number, bytes)| {
        let number = format!("{number:04x}");
        json!({ "form": "service_data", "service_uuid16": number, "hex": hex(bytes) })
    });
    let read = |input: Value| {
        let mut answer = read_frame_json(&input.to_string(), Mode::Strict);
        // What is no beacon's frame has no fields.
        let frame = answer.get_mut("fields")?.take();
        Some(json!({
            "heard_at_ms": heard_at_ms,
            "peer": advert.peer,
            "rssi_dbm": advert.rssi_dbm,
            "frame": frame,
        }))
    };
    manufacturer.chain(service).filter_map(read).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use signs::frame::{APPLE, IBeacon};
    use testkit::BEACONS;

    use super::*;

    fn advert(uuid: Uuid) -> Advert {
        let advert = IBeacon { uuid, major: 3, minor: 1, power: (-59).into() }.advert();
        // Behind the flags, length, type and company of the structure.
        let data = advert[7..].to_vec();
        let ephemeral = vec![0x30, 0xed, 1, 2, 3, 4, 5, 6, 7, 8];
        Advert {
            peer: "hci0/dev_1".to_owned(),
            rssi_dbm: -70,
            manufacturer_data: BTreeMap::from([(APPLE, data), (0x59, vec![1, 2])]),
            service_data: BTreeMap::from([(0xfeaa, ephemeral), (0x1234, vec![1])]),
        }
    }

    #[test]
    fn only_the_networks_beacons_are_sightings() {
        let [line] = &sightings(&advert(BEACONS), Some(BEACONS), 5)[..] else { panic!() };
        let said = json!({
            "heard_at_ms": 5, "major": 3, "minor": 1, "rssi_dbm": -70, "power_dbm": -59,
        });
        assert_eq!(*line, said);
        assert!(sightings(&advert(Uuid::from_u128(7)), Some(BEACONS), 5).is_empty());
    }

    #[test]
    fn all_are_the_frames_that_can_be_read() {
        let lines = frames(&advert(Uuid::from_u128(7)), 5);
        let formats: Vec<_> = lines.iter().map(|line| &line["frame"]["format"]).collect();
        assert_eq!(formats, ["ibeacon", "eddystone-eid"]);
    }

    #[test]
    fn an_unknown_strength_is_no_strength() {
        let advert = Advert { rssi_dbm: 127, ..advert(BEACONS) };
        assert_eq!(sightings(&advert, Some(BEACONS), 5)[0]["rssi_dbm"], Value::Null);
    }
}
