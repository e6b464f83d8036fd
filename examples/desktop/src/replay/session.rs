//! One scenario through engine and planner.

use domain::Timestamp;
use testkit::BEACONS;
use tillsight::{
    entry::{CodeRead, Engine, Motion, Proof, Signal, State},
    plan::{BeaconMode, Planner, Platform, SensingPlan, SensingPolicy, Situation},
    sensed::{
        Beacon, Bssid, Fix, FixProvider, Sighting, WifiScan,
        beacon::{credible_power, credible_rssi},
    },
};

use super::{
    claims::Claims,
    scenario::{Activity, Event, Origin},
    world::{World, store_id},
};

/// The instant a scenario starts at. Any will do: only spans matter.
const START: Timestamp = Timestamp::from_unix_seconds(1_790_000_000);

/// A receiver that was off needs this long to its first fix, seconds, with assistance data.
const FIRST_FIX_S: f64 = 3.0;

/// The list is followed for this long after the screen opened, seconds.
const LISTED_FOR_S: f64 = 10.0;

/// The claims for one scenario.
pub fn replay(
    world: &World,
    policy: SensingPolicy,
    platform: Platform,
    events: &[Event],
) -> String {
    let mut session = Session {
        world,
        platform,
        engine: Engine::new(),
        planner: Planner::new(policy, platform),
        claims: Claims::default(),
        plan: SensingPlan::default(),
        receiver_since: None,
        last_scan: None,
        opened_at: None,
    };
    let mut second = 0.0;
    for event in events {
        while second < event.seconds() {
            session.sense(second, &Signal::Tick);
            second += 1.0;
        }
        session.deliver(event);
    }
    session.claims.into_text()
}

struct Session<'a> {
    world: &'a World,
    platform: Platform,
    engine: Engine,
    planner: Planner,
    claims: Claims,
    plan: SensingPlan,
    receiver_since: Option<f64>,
    /// What the system heard of access points last, not yet read.
    last_scan: Option<WifiScan>,
    opened_at: Option<f64>,
}

fn instant(seconds: f64) -> Timestamp {
    Timestamp(START.0.saturating_add((seconds * 1_000.0).round() as i64))
}

impl Session<'_> {
    /// Hands an event over when the sensor it comes from is on.
    fn deliver(&mut self, event: &Event) {
        match event {
            Event::Hdr { .. } => {}
            Event::Loc { t, src, lat, lon, acc, ft, mock } => {
                let on = self.receiver_since.is_some_and(|since| *t >= since + FIRST_FIX_S);
                if *src == Origin::Gnss && !on {
                    return;
                }
                let fix = Fix {
                    latitude: *lat,
                    longitude: *lon,
                    accuracy_m: *acc,
                    taken_at_ms: instant(*ft).0,
                    mocked: *mock,
                    provider: Some(match src {
                        Origin::Gnss => FixProvider::Satellite,
                        Origin::Net => FixProvider::Network,
                    }),
                };
                if let Ok(fix) = fix.check(instant(*t)) {
                    self.sense(*t, &Signal::Fix(fix));
                }
            }
            Event::Ble { t, uuid, major, minor, tx, rssi } => {
                if *uuid == BEACONS && self.plan.beacons != BeaconMode::Off {
                    let sighting = Sighting {
                        beacon: Beacon { major: *major, minor: *minor },
                        rssi_dbm: credible_rssi(*rssi),
                        // iOS keeps the power byte to itself.
                        power_dbm: credible_power(*tx).filter(|_| self.platform != Platform::Ios),
                        proven: false,
                        seen_at: instant(*t),
                    };
                    self.sense(*t, &Signal::Beacon(sighting));
                }
            }
            Event::Wifi { t, aps } => {
                if self.platform == Platform::Android {
                    let heard = aps.iter().filter_map(|(address, rssi)| {
                        Some((Bssid::parse(address)?, credible_rssi(*rssi)?))
                    });
                    let scan =
                        WifiScan { joined: None, heard: heard.collect(), seen_at: instant(*t) };
                    self.last_scan = Some(scan);
                    self.hand_over_scan(*t);
                }
            }
            Event::Act { t, state } => {
                let motion = match state {
                    Activity::Walk => Motion::Walking,
                    Activity::Still => Motion::Still,
                };
                self.sense(*t, &Signal::Motion(motion));
            }
            Event::Ui { t, what } => {
                if what == "settlement_open" {
                    self.opened_at = Some(*t);
                    self.sense(*t, &Signal::Screen(true));
                    self.show(*t, true);
                }
            }
            Event::Qr { t, data } => {
                if let Some(store) =
                    data.strip_prefix("stqr1?s=").and_then(|rest| rest.split('&').next())
                {
                    let code =
                        CodeRead { store: store_id(store), proof: Proof::Unsigned, touched: false };
                    self.sense(*t, &Signal::Code(code));
                }
            }
        }
    }

    fn sense(&mut self, t: f64, signal: &Signal) {
        let now = instant(t);
        self.engine.sense(now, signal, self.world);
        let situation = Situation {
            position: self.engine.estimate().map(|estimate| estimate.position),
            motion: self.engine.motion(),
            screen_open: self.engine.screen_open(),
            network: Some(BEACONS),
        };
        let plan = self.planner.plan(now, situation, self.world);
        if plan.id != self.plan.id {
            let listening = plan.beacons != BeaconMode::Off;
            let listened = self.plan.beacons != BeaconMode::Off;
            self.plan = plan.clone();
            if listening != listened {
                self.engine.sense(now, &Signal::Scanning(listening), self.world);
            }
            self.receiver_since = match (self.plan.fixes_every_ms, self.receiver_since) {
                (None, _) => None,
                (Some(_), since) => since.or(Some(t)),
            };
            self.claims.receiver(t, self.receiver_since.is_some());
            self.hand_over_scan(t);
        }
        let here = match self.engine.judgement().state {
            State::Here { key } => Some(self.world.name(key)),
            State::Choose | State::Nowhere => None,
        };
        self.claims.store(t, here);
        if self.opened_at.is_some_and(|opened| t <= opened + LISTED_FOR_S) {
            self.show(t, false);
        }
    }

    /// The system keeps its last scan; the app reads it while the plan says so.
    fn hand_over_scan(&mut self, t: f64) {
        if self.plan.wifi
            && let Some(scan) = self.last_scan.take()
        {
            self.sense(t, &Signal::Wifi(scan));
        }
    }

    fn show(&mut self, t: f64, fresh: bool) {
        let offered = self.engine.judgement().offered().iter();
        let list = offered.map(|candidate| self.world.name(candidate.key).to_owned()).collect();
        self.claims.list(t, list, fresh);
    }
}
