//! The sensing plan keeps to the platforms' limits under any input.

use domain::{Position, StoreId, Timestamp};
use proptest::prelude::*;

use super::street::{START, Street, at, fix};
use crate::{
    entry::{
        Details, Engine, Motion, Nearby, Signal, StoreKey, StorePosition,
        plan::{
            ANDROID_FENCES, BeaconMode, IOS_REGIONS, MOST_STARTS, Planner, Platform,
            RESTART_AFTER_MS, STARTS_WITHIN_MS, SensingPolicy,
        },
    },
    sensed::Beacon,
};

/// Stores on a grid of 60 m over four square kilometres.
struct City;

impl Nearby for City {
    fn within(&self, centre: Position, radius_m: f64, out: &mut Vec<StorePosition>) {
        let plane = crate::entry::plane::Plane::at(centre);
        let origin = plane.point(centre);
        let places = (0..34 * 34).filter_map(|key: i64| {
            let (row, column) = ((key / 34) as f64, (key % 34) as f64);
            let position =
                Position::from_degrees(41.9 + row * 0.000_54, 12.5 + column * 0.000_72).ok()?;
            Some(StorePosition { key: StoreKey(key), position })
        });
        out.extend(places.filter(|p| plane.point(p.position).distance(origin) <= radius_m));
    }
    fn by_beacon(&self, _beacon: Beacon) -> Option<StorePosition> {
        None
    }
    fn by_id(&self, _id: StoreId) -> Option<StorePosition> {
        None
    }
    fn details(&self, _keys: &[StoreKey], _out: &mut Vec<Details>) {}
}

#[derive(Clone, Debug)]
enum Step {
    Wait(i64),
    Screen(bool),
    Motion(Motion),
    Fix(f64, f64),
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (-2_000i64..700_000).prop_map(Step::Wait),
        (0i64..2_000).prop_map(Step::Wait),
        // The clock is set back.
        (-4_000_000i64..0).prop_map(Step::Wait),
        any::<bool>().prop_map(Step::Screen),
        any::<bool>().prop_map(|still| {
            Step::Motion(if still { Motion::Still } else { Motion::Walking })
        }),
        (0.0..0.018, 0.0..0.024).prop_map(|(north, east)| Step::Fix(north, east)),
    ]
}

proptest! {
    #[test]
    fn no_sequence_of_events_breaks_a_platforms_limit(
        steps in proptest::collection::vec(any_step(), 1..120),
        ios in any::<bool>(),
        always in any::<bool>(),
    ) {
        let platform = if ios { Platform::Ios } else { Platform::Android };
        let policy = if always { SensingPolicy::Always } else { SensingPolicy::Screen };
        let mut planner = Planner::new(policy, platform);
        let mut engine = Engine::new();
        let mut now = START;
        let mut plan = planner.plan(now, &engine, &City).clone();
        // What an honest clock says, which the phone's need not.
        let mut starts: Vec<i64> = Vec::new();
        let mut true_ms = 0;
        let mut running_since = None;
        for step in steps {
            match step {
                Step::Wait(ms) => {
                    now = Timestamp(now.0 + ms);
                    true_ms += ms.max(0);
                    engine.sense(now, &Signal::Tick, &City);
                }
                Step::Screen(open) => {
                    engine.sense(now, &Signal::Screen(open), &City);
                }
                Step::Motion(motion) => {
                    engine.sense(now, &Signal::Motion(motion), &City);
                }
                Step::Fix(north, east) => {
                    let position = Position::from_degrees(41.9 + north, 12.5 + east).unwrap();
                    let seconds = (now.0 - START.0) as f64 / 1_000.0;
                    engine.sense(now, &Signal::Fix(fix(seconds, position, 20.0)), &City);
                }
            }
            let next = planner.plan(now, &engine, &City).clone();
            let same = crate::entry::plan::SensingPlan { id: plan.id, ..next.clone() } == plan;
            prop_assert_eq!(same, next.id == plan.id, "the id changes exactly with the plan");
            if next.beacon_starts != plan.beacon_starts {
                prop_assert_eq!(next.beacon_starts, plan.beacon_starts + 1);
                starts.push(true_ms);
                running_since = Some(true_ms);
            }
            let recent = starts.iter().filter(|&&at| true_ms - at < STARTS_WITHIN_MS).count();
            prop_assert!(recent <= MOST_STARTS, "{recent} starts in 30 s");
            if next.beacons == BeaconMode::Off {
                prop_assert!(next.filters.is_empty());
                running_since = None;
            } else {
                prop_assert!(!next.filters.is_empty(), "an empty filter hears nothing");
                let old = running_since.is_some_and(|at| true_ms - at >= RESTART_AFTER_MS);
                prop_assert!(!old, "a scan runs on for over nine minutes");
            }
            let regions = next.fences.len() + 1;
            prop_assert!(!ios || regions <= IOS_REGIONS);
            prop_assert!(next.fences.len() <= ANDROID_FENCES);
            prop_assert!(!ios || !next.wifi);
            plan = next;
        }
    }
}

#[test]
fn fences_lie_nearest_first_and_fill_the_ios_regions() {
    let mut planner = Planner::new(SensingPolicy::Always, Platform::Ios);
    let mut engine = Engine::new();
    let here = Position::from_degrees(41.908, 12.512).unwrap();
    engine.sense(at(0.0), &Signal::Fix(fix(0.0, here, 15.0)), &City);
    let fences = &planner.plan(at(0.0), &engine, &City).fences;
    assert_eq!(fences.len(), IOS_REGIONS - 1);
    let plane = crate::entry::plane::Plane::at(here);
    let far = |fence: &crate::entry::plan::Fence| {
        let centre = Position::from_degrees(fence.latitude, fence.longitude).unwrap();
        plane.point(centre).distance(plane.point(here))
    };
    assert!(fences.is_sorted_by(|one, other| far(one) <= far(other)));
}

#[test]
fn nothing_listens_before_the_screen_opens_and_ten_seconds_after() {
    let mut planner = Planner::new(SensingPolicy::Screen, Platform::Android);
    let mut engine = Engine::new();
    let mut plan_at = |seconds: f64, signal: Signal| {
        engine.sense(at(seconds), &signal, &Street);
        planner.plan(at(seconds), &engine, &Street).clone()
    };
    let quiet = plan_at(0.0, Signal::Tick);
    assert_eq!((quiet.fixes_every_ms, quiet.beacons, quiet.wifi), (None, BeaconMode::Off, false));
    let burst = plan_at(5.0, Signal::Screen(true));
    assert_eq!(
        (burst.fixes_every_ms, burst.beacons, burst.wifi),
        (Some(1_000), BeaconMode::Burst, true)
    );
    assert_eq!(plan_at(14.9, Signal::Tick).id, burst.id);
    let after = plan_at(15.0, Signal::Tick);
    assert_eq!((after.fixes_every_ms, after.beacons, after.wifi), (None, BeaconMode::Off, false));
    assert_eq!(plan_at(3_600.0, Signal::Tick).id, after.id);
}

#[test]
fn closing_the_screen_ends_the_burst() {
    let mut planner = Planner::new(SensingPolicy::Screen, Platform::Ios);
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Screen(true), &Street);
    planner.plan(at(0.0), &engine, &Street);
    engine.sense(at(1.0), &Signal::Screen(false), &Street);
    assert_eq!(planner.plan(at(1.0), &engine, &Street).beacons, BeaconMode::Off);
}

#[test]
fn the_filters_are_the_networks_bytes() {
    use crate::entry::plan::ScanFilter;
    let mut planner = Planner::new(SensingPolicy::Always, Platform::Android);
    let plan = planner.plan(at(0.0), &Engine::new(), &Street);
    let ScanFilter::Manufacturer { company, data, mask } = &plan.filters[0] else {
        panic!("{:?}", plan.filters);
    };
    assert_eq!((*company, data.len()), (0x004c, 18));
    assert_eq!(data[..2], [0x02, 0x15]);
    assert_eq!(&data[2..], crate::sensed::NETWORK.as_bytes());
    assert!(mask.iter().all(|&byte| byte == 0xff));
}
