//! What the plan says in one situation after another.

use domain::{Position, Timestamp};
use uuid::Uuid;

use super::city::City;
use crate::{
    entry::Projection,
    plan::{
        BeaconMode, Fence, Planner, Platform, ScanFilter, SensingPolicy, Situation,
        fences::IOS_REGIONS,
    },
};

fn at(seconds: f64) -> Timestamp {
    Timestamp(1_790_000_000_000 + (seconds * 1_000.0) as i64)
}

const NETWORK: Uuid = Uuid::from_u128(5);
const CLOSED: Situation =
    Situation { position: None, motion: None, screen_open: false, network: Some(NETWORK) };
const OPEN: Situation = Situation { screen_open: true, ..CLOSED };

#[test]
fn fences_lie_nearest_first_and_fill_the_ios_regions() {
    let mut planner = Planner::new(SensingPolicy::Always, Platform::Ios);
    let here = Position::from_degrees(41.908, 12.512).unwrap();
    let situation = Situation { position: Some(here), ..CLOSED };
    let fences = &planner.plan(at(0.0), situation, &City).fences;
    assert_eq!(fences.len(), IOS_REGIONS - 1);
    let map = Projection::at(here);
    let far = |fence: &Fence| {
        let centre = Position::from_degrees(fence.latitude, fence.longitude).unwrap();
        map.point(centre).distance(map.point(here))
    };
    assert!(fences.is_sorted_by(|one, other| far(one) <= far(other)));
}

#[test]
fn nothing_listens_before_the_screen_opens_and_ten_seconds_after() {
    let mut planner = Planner::new(SensingPolicy::Screen, Platform::Android);
    let mut plan_at =
        |seconds: f64, situation: Situation| planner.plan(at(seconds), situation, &City).clone();
    let quiet = plan_at(0.0, CLOSED);
    assert_eq!((quiet.fixes_every_ms, quiet.beacons, quiet.wifi), (None, BeaconMode::Off, false));
    let burst = plan_at(5.0, OPEN);
    assert_eq!(
        (burst.fixes_every_ms, burst.beacons, burst.wifi),
        (Some(1_000), BeaconMode::Burst, true)
    );
    assert_eq!(plan_at(14.9, OPEN).id, burst.id);
    let after = plan_at(15.0, OPEN);
    assert_eq!((after.fixes_every_ms, after.beacons, after.wifi), (None, BeaconMode::Off, false));
    assert_eq!(plan_at(3_600.0, OPEN).id, after.id);
}

#[test]
fn closing_the_screen_ends_the_burst() {
    let mut planner = Planner::new(SensingPolicy::Screen, Platform::Ios);
    planner.plan(at(0.0), OPEN, &City);
    assert_eq!(planner.plan(at(1.0), CLOSED, &City).beacons, BeaconMode::Off);
}

#[test]
fn the_filters_are_the_networks_bytes() {
    let mut planner = Planner::new(SensingPolicy::Always, Platform::Android);
    let plan = planner.plan(at(0.0), CLOSED, &City);
    let ScanFilter::Manufacturer { company, data, mask } = &plan.filters[0] else {
        panic!("{:?}", plan.filters);
    };
    assert_eq!((*company, data.len()), (0x004c, 18));
    assert_eq!(data[..2], [0x02, 0x15]);
    assert_eq!(&data[2..], NETWORK.as_bytes());
    assert!(mask.iter().all(|&byte| byte == 0xff));
}

#[test]
fn no_beacon_is_listened_for_before_the_network_is_known_and_another_uuid_takes_another_scan() {
    let mut planner = Planner::new(SensingPolicy::Always, Platform::Android);
    let unknown = Situation { network: None, ..CLOSED };
    let plan = planner.plan(at(0.0), unknown, &City).clone();
    assert_eq!(
        (plan.beacons, &plan.filters[..], &*plan.region_uuid),
        (BeaconMode::Off, &[][..], "")
    );
    let heard = planner.plan(at(1.0), CLOSED, &City).clone();
    assert!(heard.id > plan.id);
    assert_eq!((heard.beacons, &*heard.region_uuid), (BeaconMode::Watch, &*NETWORK.to_string()));
    let another = Situation { network: Some(Uuid::from_u128(6)), ..CLOSED };
    let moved = planner.plan(at(2.0), another, &City).clone();
    assert!(moved.id > heard.id && moved.beacon_starts > heard.beacon_starts);
    assert_ne!((moved.region_uuid, moved.filters), (heard.region_uuid, heard.filters));
}
