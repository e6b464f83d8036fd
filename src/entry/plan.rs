//! What the app should listen for now. The core never touches a radio: it says what to switch on,
//! within the limits the platforms set, and the app does exactly that.

use domain::{Position, Timestamp};

use super::{
    Motion,
    engine::Engine,
    nearby::{Nearby, StorePosition},
    plane::{Plane, Point},
};
use crate::sensed::NETWORK;
pub use crate::sensed::plan::{
    BeaconMode, Fence, Platform, ScanFilter, SensingPlan, SensingPolicy,
};

/// Monitored regions iOS allows an app; one of them is the network's beacon region.
pub const IOS_REGIONS: usize = 20;

/// Geofences Android allows an app and user.
pub const ANDROID_FENCES: usize = 100;

/// Scan starts Android allows an app in [`STARTS_WITHIN_MS`]: from the fifth on it delivers nothing
/// and says nothing.
pub const MOST_STARTS: usize = 4;

/// The span over which Android counts scan starts.
pub const STARTS_WITHIN_MS: i64 = 30_000;

/// A scan that runs longer than 10 minutes is quietly made opportunistic; it is restarted before.
pub const RESTART_AFTER_MS: i64 = 540_000;

/// The smallest fence the platforms deliver reliably, metres: Android names 100 m, "for the
/// accuracy of typical Wi-Fi".
pub const FENCE_RADIUS_M: f64 = 100.0;

/// How long everything listens when the settlement screen opens. In the simulator 10 s put the
/// right store among the first three as often as listening all the time.
pub const BURST_MS: i64 = 10_000;

/// How long the receiver runs when a walk ends while the screen is closed.
const STOP_BURST_MS: i64 = 8_000;

/// At most one such run in this time: 8 s in 240 are 3 % of the time.
const STOP_BURST_EVERY_MS: i64 = 240_000;

/// Fences are laid anew when the phone is this far from where they were laid, metres: most stores
/// within the nearest fences are then still fenced.
const RELAY_FENCES_M: f64 = 300.0;

/// How far round the phone stores are fenced, metres.
const FENCED_WITHIN_M: f64 = 1_000.0;

/// Decides the plan over time.
#[derive(Debug)]
pub struct Planner {
    policy: SensingPolicy,
    platform: Platform,
    plan: SensingPlan,
    starts: [Option<Timestamp>; MOST_STARTS],
    /// The fix receiver runs until then.
    run_until: Option<Timestamp>,
    burst_until: Option<Timestamp>,
    last_stop_run: Option<Timestamp>,
    started_at: Option<Timestamp>,
    was_open: bool,
    was_still: bool,
    laid_at: Option<Position>,
    places: Vec<StorePosition>,
    now: Timestamp,
}

impl Planner {
    /// A planner for an app with this policy on this platform.
    pub fn new(policy: SensingPolicy, platform: Platform) -> Self {
        Self {
            policy,
            platform,
            plan: SensingPlan::default(),
            starts: [None; MOST_STARTS],
            run_until: None,
            burst_until: None,
            last_stop_run: None,
            started_at: None,
            was_open: false,
            was_still: false,
            laid_at: None,
            places: Vec::new(),
            now: Timestamp(i64::MIN),
        }
    }

    /// The plan at `now`, after `engine` took its latest signal. Ask after every signal and at
    /// least once a second while something is switched on.
    pub fn plan(&mut self, now: Timestamp, engine: &Engine, nearby: &dyn Nearby) -> &SensingPlan {
        if now < self.now {
            // The clock was set back: everything recorded moves with it, so that what ran for a
            // minute still did.
            let back = self.now.millis_since(now);
            let starts = self.starts.iter_mut();
            let moved = starts.chain([
                &mut self.started_at,
                &mut self.run_until,
                &mut self.burst_until,
                &mut self.last_stop_run,
            ]);
            for at in moved.flatten() {
                *at = Timestamp(at.0.saturating_sub(back));
            }
        }
        self.now = now;
        self.watch_for_bursts(now, engine);
        let bursting = running(self.burst_until, now);
        let fixing = bursting || running(self.run_until, now);
        let wanted = match (bursting, self.policy) {
            (true, _) => BeaconMode::Burst,
            (false, SensingPolicy::Always) => BeaconMode::Watch,
            (false, SensingPolicy::Screen) => BeaconMode::Off,
        };
        let mut changed = self.set_beacons(now, wanted);
        let fixes_every_ms = fixing.then_some(1_000);
        // All the time costs nothing: between its own scans an app is told of other apps' scans.
        let wifi = self.platform == Platform::Android && wanted != BeaconMode::Off;
        changed |= fixes_every_ms != self.plan.fixes_every_ms || wifi != self.plan.wifi;
        self.plan.fixes_every_ms = fixes_every_ms;
        self.plan.wifi = wifi;
        if self.policy == SensingPolicy::Always {
            changed |= self.lay_fences(engine, nearby);
        }
        if changed {
            self.plan.id += 1;
        }
        &self.plan
    }

    /// The plan as it was decided last.
    pub fn current(&self) -> &SensingPlan {
        &self.plan
    }

    fn watch_for_bursts(&mut self, now: Timestamp, engine: &Engine) {
        let open = engine.screen_open;
        if open && !self.was_open {
            self.burst_until = Some(Timestamp(now.0.saturating_add(BURST_MS)));
        } else if !open {
            self.burst_until = None;
        }
        self.was_open = open;
        let still = engine.motion == Some(Motion::Still);
        let rested =
            self.last_stop_run.is_none_or(|last| now.millis_since(last) >= STOP_BURST_EVERY_MS);
        if self.policy == SensingPolicy::Always && still && !self.was_still && rested {
            self.run_until = Some(Timestamp(now.0.saturating_add(STOP_BURST_MS)));
            self.last_stop_run = Some(now);
        }
        self.was_still = still;
    }

    /// Brings the scan to `wanted` as soon as the throttle allows; whether anything changed.
    fn set_beacons(&mut self, now: Timestamp, wanted: BeaconMode) -> bool {
        if wanted == BeaconMode::Off {
            let was_on = self.plan.beacons != BeaconMode::Off;
            self.plan.beacons = BeaconMode::Off;
            self.plan.filters.clear();
            self.started_at = None;
            return was_on;
        }
        let overdue = self.started_at.is_some_and(|at| now.millis_since(at) >= RESTART_AFTER_MS);
        if (wanted == self.plan.beacons && !overdue) || !self.may_start(now) {
            return false;
        }
        if let Some(oldest) = self.starts.iter_mut().min() {
            *oldest = Some(now);
        }
        self.started_at = Some(now);
        self.plan.beacons = wanted;
        self.plan.beacon_starts += 1;
        self.plan.filters = network_filters();
        true
    }

    fn may_start(&self, now: Timestamp) -> bool {
        let recent = |start: &&Timestamp| now.millis_since(**start) < STARTS_WITHIN_MS;
        self.starts.iter().flatten().filter(recent).count() < MOST_STARTS
    }

    fn lay_fences(&mut self, engine: &Engine, nearby: &dyn Nearby) -> bool {
        let Some(here) = engine.estimate.map(|estimate| estimate.position) else { return false };
        let plane = Plane::at(here);
        let origin = Point { x: 0.0, y: 0.0 };
        if let Some(laid_at) = self.laid_at
            && plane.point(laid_at).distance(origin) < RELAY_FENCES_M
        {
            return false;
        }
        self.laid_at = Some(here);
        self.places.clear();
        nearby.within(here, FENCED_WITHIN_M, &mut self.places);
        let far = |place: &StorePosition| plane.point(place.position).distance_squared(origin);
        self.places.sort_unstable_by(|one, other| {
            far(one).total_cmp(&far(other)).then(one.key.cmp(&other.key))
        });
        let most = match self.platform {
            Platform::Ios => IOS_REGIONS - 1,
            Platform::Android => ANDROID_FENCES,
        };
        let mut fenced: Vec<Point> = Vec::new();
        let mut fences: Vec<Fence> = Vec::new();
        for place in &self.places {
            if fences.len() >= most {
                break;
            }
            let point = plane.point(place.position);
            // A store well inside another's fence is woken for by that one.
            if fenced.iter().all(|other| other.distance(point) >= FENCE_RADIUS_M / 2.0) {
                fenced.push(point);
                fences.push(Fence {
                    latitude: place.position.lat(),
                    longitude: place.position.lon(),
                    radius_m: FENCE_RADIUS_M,
                });
            }
        }
        let changed = fences != self.plan.fences;
        self.plan.fences = fences;
        changed
    }
}

fn running(until: Option<Timestamp>, now: Timestamp) -> bool {
    until.is_some_and(|until| now < until)
}

/// Android's filters for the network's beacons: iBeacon frames with the network's UUID, and
/// Eddystone-EID frames.
fn network_filters() -> Vec<ScanFilter> {
    let mut data = vec![0x02, 0x15];
    data.extend_from_slice(NETWORK.as_bytes());
    let mask = vec![0xff; data.len()];
    vec![
        ScanFilter::Manufacturer { company: 0x004c, data, mask },
        ScanFilter::ServiceData { service: 0xfeaa, data: vec![0x30], mask: vec![0xff] },
    ]
}
