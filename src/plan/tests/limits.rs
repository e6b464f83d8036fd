//! The plan keeps to the platforms' limits under any input.

use domain::{Position, Timestamp};
use proptest::prelude::*;

use super::city::City;
use crate::{
    plan::{
        BeaconMode, Planner, Platform, SensingPlan, SensingPolicy, Situation,
        fences::{ANDROID_FENCES, IOS_REGIONS},
        planner::{MOST_STARTS, RESTART_AFTER_MS, STARTS_WITHIN_MS},
    },
    sensed::Motion,
};

const START: Timestamp = Timestamp::from_unix_seconds(1_790_000_000);

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
        let mut situation = Situation::default();
        let mut now = START;
        let mut plan = planner.plan(now, situation, &City).clone();
        // What an honest clock says, which the phone's need not.
        let mut starts: Vec<i64> = Vec::new();
        let mut true_ms = 0;
        let mut running_since = None;
        for step in steps {
            match step {
                Step::Wait(ms) => {
                    now = Timestamp(now.0 + ms);
                    true_ms += ms.max(0);
                }
                Step::Screen(open) => situation.screen_open = open,
                Step::Motion(motion) => situation.motion = Some(motion),
                Step::Fix(north, east) => {
                    situation.position = Position::from_degrees(41.9 + north, 12.5 + east).ok();
                }
            }
            let next = planner.plan(now, situation, &City).clone();
            let same = SensingPlan { id: plan.id, ..next.clone() } == plan;
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
