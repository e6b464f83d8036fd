//! A store's beacon, and what phones hear: `cargo run -p signs --example beacon`

use signs::eid::{BeaconClock, EidTable, IdentityKey};
use signs::frame::{EddystoneEid, Frame, IBeacon, Mode, read_advert};

fn main() {
    // One network UUID for all stores: major is the store, minor the beacon in it.
    let fixed =
        IBeacon { uuid: uuid::Uuid::from_u128(0xbeac), major: 12, minor: 3, power: (-59).into() };
    println!("iBeacon:  {}", hex(&fixed.advert()));

    // The same beacon's second slot, which proves more: an id that changes every 1,024 seconds.
    let key = IdentityKey([9; 16]);
    let clock = BeaconClock { exponent: 10, epoch_unix_s: 1_790_000_000 };
    let now = 1_800_000_000;
    let eid = key.eid(clock.beacon_time(now).unwrap_or_default(), clock.exponent);
    let advert = EddystoneEid { power: (-18).into(), eid }.advert();
    println!("EID:      {}", hex(&advert));

    // The server hands out the ids of the coming hours, the phone looks up what it hears.
    let mut table = EidTable::new(clock.exponent);
    table.extend(key.rows(clock, now, now + 6 * 3_600).map(|row| (row, "store 12, beacon 3")));
    for (when, at) in [("now", now), ("recorded, an hour later", now + 3_600)] {
        match read_advert(&advert, Mode::Strict).frame {
            Ok(Frame::EddystoneEid(frame)) => println!("{when}: {:?}", table.hear(&frame.eid, at)),
            other => println!("{when}: {other:?}"),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
