//! Ephemeral ids from the store's key to the phone's judgement.

use proptest::prelude::*;
use signs::eid::*;
use signs::frame::EddystoneTlm;

const KEY: IdentityKey = IdentityKey([0x5a; 16]);
const CLOCK: BeaconClock = BeaconClock { exponent: 10, epoch_unix_s: 1_600_000_000 };
const WINDOW_S: i64 = 1 << 10;
/// The start of a window.
const NOW: i64 = 1_600_000_000 + 50_000 * WINDOW_S;

fn table() -> EidTable<&'static str> {
    let mut table = EidTable::new(CLOCK.exponent);
    table.extend(
        KEY.rows(CLOCK, NOW - 3 * WINDOW_S, NOW + 3 * WINDOW_S).map(|row| (row, "counter")),
    );
    table
}

fn sent_at(unix_s: i64) -> [u8; 8] {
    KEY.eid(CLOCK.beacon_time(unix_s).unwrap(), CLOCK.exponent)
}

fn replayed(heard: Heard<&str>) -> Option<ReplayMark> {
    match heard {
        Heard::Replayed { mark, .. } => Some(mark),
        _ => None,
    }
}

#[test]
fn an_id_counts_in_its_window_and_one_to_either_side() {
    let eid = sent_at(NOW);
    for (at, mark) in [
        (NOW - WINDOW_S - 1, Some(ReplayMark::Early { by_s: 1 })),
        (NOW - WINDOW_S, None),
        (NOW, None),
        (NOW + 2 * WINDOW_S - 1, None),
        (NOW + 2 * WINDOW_S, Some(ReplayMark::Late { by_s: 1 })),
        (i64::MAX, Some(ReplayMark::Late { by_s: i64::MAX - NOW - 2 * WINDOW_S + 1 })),
    ] {
        assert_eq!(replayed(table().hear(&eid, at)), mark, "{}", at - NOW);
    }
    assert!(replayed(table().hear(&eid, i64::MIN)).is_some());
}

#[test]
fn a_recording_played_while_the_beacon_goes_on_is_noticed_before_its_window_ends() {
    let mut table = table();
    let recorded = sent_at(NOW - 2 * WINDOW_S);
    let at = NOW - WINDOW_S + 10;
    assert_eq!(table.hear(&recorded, at), Heard::Fresh { beacon: "counter" });
    assert_eq!(table.hear(&sent_at(NOW - WINDOW_S), at), Heard::Fresh { beacon: "counter" });
    assert_eq!(table.hear(&recorded, at), Heard::Fresh { beacon: "counter" }, "ids overlap");
    assert_eq!(table.hear(&sent_at(NOW), at), Heard::Fresh { beacon: "counter" });
    assert_eq!(replayed(table.hear(&recorded, at)), Some(ReplayMark::Superseded));
}

#[test]
fn a_foreign_id_is_unknown_and_a_forgotten_one_too() {
    let mut table = table();
    assert_eq!(table.len(), 7);
    assert_eq!(table.hear(b"foreign!", NOW), Heard::Unknown);
    table.forget_past(NOW + WINDOW_S);
    assert_eq!(table.len(), 5);
    assert_eq!(table.hear(&sent_at(NOW - 3 * WINDOW_S), NOW), Heard::Unknown);
    table.forget_past(i64::MAX);
    assert!(table.is_empty());
}

#[test]
fn no_rows_are_made_outside_the_beacons_time() {
    let rows = |from, until| KEY.rows(CLOCK, from, until).count();
    assert_eq!(rows(NOW, NOW - 5_000), 0);
    assert_eq!(rows(CLOCK.epoch_unix_s - 9_999, CLOCK.epoch_unix_s - 1), 0);
    assert_eq!(rows(CLOCK.epoch_unix_s - 9_999, CLOCK.epoch_unix_s), 1);
    assert_eq!(rows(i64::MIN, i64::MAX), 0);
    assert_eq!(KEY.rows(CLOCK, NOW + 700, NOW + 700).next().unwrap().from_unix_s, NOW);
}

#[test]
fn a_shared_secret_of_zeros_makes_no_key() {
    assert_eq!(agree_as_resolver([9; 32], [0; 32]), None);
    assert_eq!(agree_as_beacon([9; 32], [0; 32]), None);
}

#[test]
fn a_key_is_not_shown() {
    assert_eq!(format!("{KEY:?}"), "IdentityKey(..)");
}

proptest! {
    #[test]
    fn both_sides_agree_on_the_key(resolver in any::<[u8; 32]>(), beacon in any::<[u8; 32]>()) {
        let key = agree_as_resolver(resolver, public_key(beacon));
        prop_assert!(key.is_some());
        prop_assert_eq!(key, agree_as_beacon(beacon, public_key(resolver)));
    }

    #[test]
    fn telemetry_opens_with_its_key_and_not_when_changed(
        fields in any::<[u8; 12]>(), salt in any::<[u8; 2]>(),
        time in any::<u32>(), exponent in any::<u8>(), place in 0usize..12,
    ) {
        let plain = EddystoneTlm::from_fields(&fields);
        let mut sealed = seal_tlm(&KEY, time, exponent, salt, &plain);
        prop_assert_eq!(open_tlm(&KEY, time, exponent, &sealed), Some(plain));
        let other = IdentityKey([0x5b; 16]);
        prop_assert_ne!(open_tlm(&other, time, exponent, &sealed), Some(plain));
        sealed.cipher[place] ^= 1;
        prop_assert_ne!(open_tlm(&KEY, time, exponent, &sealed), Some(plain));
    }

    #[test]
    fn an_id_is_the_same_all_through_its_window(time in any::<u32>(), exponent in any::<u8>()) {
        let k = exponent.min(MAX_EXPONENT);
        prop_assert_eq!(KEY.eid(time, exponent), KEY.eid(time >> k << k, k));
    }
}
