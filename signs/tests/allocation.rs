//! A street is full of foreign advertisements: reading them must not cost an allocation each.

use serde_json::Value;
use signs::frame::{Mode, read_advert, read_android_record};

#[test]
fn reading_an_advertisement_allocates_nothing() {
    let file: Value = serde_json::from_str(include_str!("data/ble-vectors.json")).unwrap();
    let adverts: Vec<Vec<u8>> = file["vectors"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|vector| vector["input"]["hex"].as_str())
        .map(|hex| data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap())
        .collect();
    assert_eq!(adverts.len(), 88);
    let mut beacons = 0;
    let spent = allocation_counter::measure(|| {
        for advert in &adverts {
            for mode in [Mode::Strict, Mode::Lenient] {
                beacons += usize::from(read_advert(advert, mode).frame.is_ok());
                beacons += usize::from(read_android_record(advert, mode).frame.is_ok());
            }
        }
    });
    assert!(beacons > 80, "{beacons}");
    assert_eq!(spent.count_total, 0);
}
