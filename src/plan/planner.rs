//! Decides over time what the app is to listen for.

use domain::{Position, Timestamp};
use uuid::Uuid;

use super::{
    fences::Fences,
    filters::network_filters,
    model::{BeaconMode, Platform, SensingPlan, SensingPolicy},
};
use crate::{
    entry::{LISTENS_ON_OPENING_MS, Nearby},
    sensed::Motion,
};

/// Scan starts asked for within [`STARTS_WITHIN_MS`]: one below Android's five. The sixth is accepted
/// and never gives a result.
pub const MOST_STARTS: usize = 4;

/// The span over which Android counts scan starts.
pub const STARTS_WITHIN_MS: i64 = 30_000;

/// A scan that runs longer than 10 minutes is quietly made opportunistic; it is restarted before.
pub const RESTART_AFTER_MS: i64 = 540_000;

/// Spacing of the fixes while the receiver runs.
const FIXES_EVERY_MS: u32 = 1_000;

/// How long the receiver runs when a walk ends while the screen is closed.
const STOP_BURST_MS: i64 = 8_000;

/// At most one such run in this time: 8 s in 240 are 3 % of the time.
const STOP_BURST_EVERY_MS: i64 = 240_000;

/// What decides the plan at one instant.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Situation {
    /// Where the phone probably is, when that is known.
    pub position: Option<Position>,
    /// How it moves, once the operating system said so.
    pub motion: Option<Motion>,
    /// Whether the settlement screen is open.
    pub screen_open: bool,
    /// The proximity UUID of the network's beacons, once the server said it.
    pub network: Option<Uuid>,
}

/// The plan over time.
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
    fences: Fences,
    /// The UUID that the plan was made for.
    network: Option<Uuid>,
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
            fences: Fences::default(),
            network: None,
            now: Timestamp(i64::MIN),
        }
    }

    /// The plan at `now` for a phone in this situation. Ask after every signal and at least once a
    /// second while something is switched on.
    pub fn plan(
        &mut self,
        now: Timestamp,
        situation: Situation,
        nearby: &dyn Nearby,
    ) -> &SensingPlan {
        self.set_clock(now);
        self.watch_for_bursts(now, situation);
        let bursting = running(self.burst_until, now);
        let wanted = match (bursting, self.policy) {
            (true, _) => BeaconMode::Burst,
            (false, SensingPolicy::Always) => BeaconMode::Watch,
            (false, SensingPolicy::Screen) => BeaconMode::Off,
        };
        let mut changed = self.set_network(situation.network);
        changed |= self.set_beacons(now, wanted);
        let fixing = bursting || running(self.run_until, now);
        let fixes_every_ms = fixing.then_some(FIXES_EVERY_MS);
        // All the time costs nothing: between its own scans an app is told of other apps' scans.
        let wifi = self.platform == Platform::Android && wanted != BeaconMode::Off;
        changed |= fixes_every_ms != self.plan.fixes_every_ms || wifi != self.plan.wifi;
        self.plan.fixes_every_ms = fixes_every_ms;
        self.plan.wifi = wifi;
        changed |= self.lay_fences(situation.position, nearby);
        self.plan.id += u64::from(changed);
        &self.plan
    }

    /// When the clock was set back, everything noted moves with it, so that what ran for a minute
    /// still did.
    fn set_clock(&mut self, now: Timestamp) {
        if now < self.now {
            let back = self.now.millis_since(now);
            let noted = [
                &mut self.started_at,
                &mut self.run_until,
                &mut self.burst_until,
                &mut self.last_stop_run,
            ];
            for at in self.starts.iter_mut().chain(noted).flatten() {
                *at = Timestamp(at.0.saturating_sub(back));
            }
        }
        self.now = now;
    }

    fn lay_fences(&mut self, position: Option<Position>, nearby: &dyn Nearby) -> bool {
        if self.policy != SensingPolicy::Always {
            return false;
        }
        let laid = position.and_then(|here| self.fences.lay(here, self.platform, nearby));
        let changed = laid.as_ref().is_some_and(|laid| *laid != self.plan.fences);
        if let Some(laid) = laid {
            self.plan.fences = laid;
        }
        changed
    }

    /// The plan as it was decided last.
    pub fn current(&self) -> &SensingPlan {
        &self.plan
    }

    fn watch_for_bursts(&mut self, now: Timestamp, situation: Situation) {
        let open = situation.screen_open;
        if open && !self.was_open {
            self.burst_until = Some(Timestamp(now.0.saturating_add(LISTENS_ON_OPENING_MS)));
        } else if !open {
            self.burst_until = None;
        }
        self.was_open = open;
        let still = situation.motion == Some(Motion::Still);
        let rested =
            self.last_stop_run.is_none_or(|last| now.millis_since(last) >= STOP_BURST_EVERY_MS);
        if self.policy == SensingPolicy::Always && still && !self.was_still && rested {
            self.run_until = Some(Timestamp(now.0.saturating_add(STOP_BURST_MS)));
            self.last_stop_run = Some(now);
        }
        self.was_still = still;
    }

    /// Beacons of another UUID are listened for by a scan of their own; whether anything changed.
    fn set_network(&mut self, network: Option<Uuid>) -> bool {
        if network == self.network {
            return false;
        }
        self.network = network;
        self.plan.region_uuid = network.as_ref().map(Uuid::to_string).unwrap_or_default();
        self.stop_beacons();
        true
    }

    /// Whether any were listened for.
    fn stop_beacons(&mut self) -> bool {
        let was_on = self.plan.beacons != BeaconMode::Off;
        self.plan.beacons = BeaconMode::Off;
        self.plan.filters.clear();
        self.started_at = None;
        was_on
    }

    /// Brings the scan to `wanted` as soon as the throttle allows; whether anything changed.
    fn set_beacons(&mut self, now: Timestamp, wanted: BeaconMode) -> bool {
        let Some(network) = self.network.filter(|_| wanted != BeaconMode::Off) else {
            return self.stop_beacons();
        };
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
        self.plan.filters = network_filters(network);
        true
    }

    fn may_start(&self, now: Timestamp) -> bool {
        let recent = |start: &&Timestamp| now.millis_since(**start) < STARTS_WITHIN_MS;
        self.starts.iter().flatten().filter(recent).count() < MOST_STARTS
    }
}

fn running(until: Option<Timestamp>, now: Timestamp) -> bool {
    until.is_some_and(|until| now < until)
}
