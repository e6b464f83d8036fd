//! What happens while time passes: a second of the walk, a place the phone is carried to, a store it is
//! taken into, and what the till and the ledger say meanwhile.

use std::{sync::Arc, time::Duration};

use tillsight::{
    WalletError,
    plan::BeaconMode,
    screen::{DepositState, PaymentState},
    sensed::{AccessPoint, BeaconReport, Fix, WifiReport},
};
use uuid::Uuid;

use super::{
    city::{Spot, apart},
    desk::Desk,
    handset::Handset,
    street::{LOOKS_ROUND_EVERY_S, MadeFix, Second},
};

/// How often the desk looks round.
const PULSE: Duration = Duration::from_millis(250);
/// How often that is in a second.
const PULSES_A_SECOND: u64 = 4;
/// How often a phone that listens for nothing is told where it is, by other apps, seconds.
const COMES_BY_EVERY_S: u64 = 10;
/// The judgement begins anew when the phone is put down further away than anybody walks between two
/// looks, metres.
const JUMP_M: f64 = 25.0;
/// How much of a walk is played when it is entered in the middle, seconds.
const RUN_UP_S: u64 = 12;
/// Frames that a beacon sends while a person comes in and looks.
const FRAMES: u64 = 8;

/// Where the seconds of a person who comes in begin: the phone then looks round for access points.
const COMES_IN_AT_S: u64 = 10_000 - 10_000 % LOOKS_ROUND_EVERY_S;

/// Looks round for ever, over the desk that there is at each moment.
pub async fn run(desk: impl Fn() -> Arc<Desk>) {
    let mut ticks = tokio::time::interval(PULSE);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut number: u64 = 0;
    loop {
        ticks.tick().await;
        number += 1;
        let desk = desk();
        let ahead = tokio::task::block_in_place(|| step(&desk, number));
        if !ahead.is_zero() {
            desk.servers.read().await.pass(ahead);
        }
        if number.is_multiple_of(2) {
            tokio::task::block_in_place(|| look_at_till(&desk));
            look_at_ledger(&desk).await;
        }
    }
}

/// The phone lies where it is and hears what it listens for, and now and then what comes by anyway.
fn stand(desk: &Desk, number: u64) {
    let second = number / PULSES_A_SECOND;
    if !number.is_multiple_of(PULSES_A_SECOND) {
        return;
    }
    let handset = desk.handset();
    let listens = {
        let shown = handset.heard.shown();
        let plan = shown.plan.as_ref();
        plan.is_some_and(|plan| plan.fixes_every_ms.is_some() || plan.beacons != BeaconMode::Off)
    };
    let (spot, knows) = {
        let phone = desk.phone();
        (phone.spot, phone.fix.is_some())
    };
    if knows && (listens || second.is_multiple_of(COMES_BY_EVERY_S)) {
        let inside = desk.walk().is_inside();
        second_at(desk, spot, 20_000 + second, inside);
        desk.tell();
    }
}

/// The walk goes on until the next pulse; how much further the world's clock went.
fn step(desk: &Desk, number: u64) -> Duration {
    let real_s = PULSE.as_secs_f64();
    if let Some(rerun) = &mut *desk.rerun() {
        if rerun.pass(real_s * desk.walk().speed) {
            desk.tell();
        }
        return Duration::ZERO;
    }
    let mut walk = desk.walk();
    if !walk.plays {
        drop(walk);
        stand(desk, number);
        return Duration::ZERO;
    }
    let before = walk.at_s;
    walk.at_s = (before + real_s * walk.speed).min(walk.whole_s());
    walk.plays = walk.at_s < walk.whole_s();
    let (now, spot, inside) = (walk.at_s, walk.spot(), walk.is_inside());
    let ahead = Duration::from_secs_f64(((now - before) - real_s).max(0.0));
    drop(walk);
    desk.clock.pass_ms(i64::try_from(ahead.as_millis()).unwrap_or(0));
    desk.phone().spot = spot;
    for second in (before as u64 + 1)..=(now as u64) {
        second_at(desk, spot, second, inside);
    }
    desk.tell();
    ahead
}

/// One second at a spot, with whatever senses are on. What the core refuses changes nothing.
fn second_at(desk: &Desk, spot: Spot, second: u64, inside: bool) {
    let handset = desk.handset();
    let senses = desk.phone().senses;
    let mut made = Second::new(desk.seed, second);
    let fix = made.fix(spot, senses, inside, Second::slow(desk.seed, second));
    if senses.gps {
        // A refusal stands in the list of signals as nothing.
        let _ = sense_fix(desk, &handset, fix);
    }
    let heard = if senses.beacons { made.heard(spot, &desk.beacons) } else { Vec::new() };
    desk.phone().heard = heard.len();
    if senses.wifi && second.is_multiple_of(LOOKS_ROUND_EVERY_S) {
        look_round(desk, &handset, made.looked_round(spot, &desk.access_points));
    }
    for (beacon, rssi_dbm) in heard {
        let (bytes, heard_at_ms) = (beacon.advert.clone(), now_ms(desk));
        let report = BeaconReport::Advertisement { bytes, rssi_dbm, heard_at_ms };
        if let Ok(screen) = handset.wallet.sense_beacon(report) {
            handset.heard.settlement(screen);
        }
    }
}

/// The access points that the phone hears.
fn look_round(desk: &Desk, handset: &Handset, heard: Vec<(domain::Bssid, i16)>) {
    desk.phone().access_points = heard.len();
    let point = |(address, rssi_dbm): (domain::Bssid, i16)| AccessPoint {
        bssid: address.to_string(),
        rssi_dbm,
    };
    let heard = heard.into_iter().map(point).collect();
    let report = WifiReport { joined: None, heard, heard_at_ms: now_ms(desk) };
    if let Ok(screen) = handset.wallet.sense_wifi(report) {
        handset.heard.settlement(screen);
    }
}

fn now_ms(desk: &Desk) -> i64 {
    tillsight::phone::Clock::now_ms(&*desk.clock)
}

/// What the receiver says goes into the core.
///
/// # Errors
/// As the core: a fix that a test tool made is refused.
pub fn sense_fix(desk: &Desk, handset: &Handset, fix: MadeFix) -> Result<(), WalletError> {
    let (latitude, longitude) = desk.city.degrees(fix.at);
    let mocked = {
        let mut phone = desk.phone();
        phone.fix = Some(fix);
        phone.senses.spoofed
    };
    let (taken_at_ms, provider) = (now_ms(desk), None);
    let accuracy_m = fix.accuracy_m;
    let fix = Fix { latitude, longitude, accuracy_m, taken_at_ms, mocked, provider };
    handset.heard.settlement(handset.wallet.sense_fix(fix)?);
    Ok(())
}

/// The phone is put to a spot by hand: the receiver says just that.
///
/// # Errors
/// As the core.
pub fn carry(desk: &Desk, spot: Spot, accuracy_m: f64) -> Result<(), WalletError> {
    let handset = desk.handset();
    desk.walk().plays = false;
    let before = {
        let mut phone = desk.phone();
        phone.spot = spot;
        phone.fix.map(|fix| fix.at)
    };
    let jumped = before.is_none_or(|before| apart(before, spot) > JUMP_M);
    if jumped || desk.evidence().is_long() {
        desk.open_screen(&handset)?;
    }
    if desk.phone().senses.gps {
        sense_fix(desk, &handset, MadeFix { at: spot, accuracy_m })?;
    }
    Ok(())
}

/// The walk stands at `at_s`, seconds, as if it had been walked there; how long that took.
///
/// # Errors
/// As the core.
pub fn seek(desk: &Desk, at_s: f64) -> Result<Duration, WalletError> {
    let mut walk = desk.walk();
    let goal = at_s.clamp(0.0, walk.whole_s());
    let from = (goal as u64).saturating_sub(RUN_UP_S);
    let stops: Vec<(u64, Spot, bool)> = (from..=goal as u64)
        .map(|second| {
            walk.at_s = second as f64;
            (second, walk.spot(), walk.is_inside())
        })
        .collect();
    let passed = Duration::from_secs(stops.len() as u64);
    walk.at_s = goal;
    let spot = walk.spot();
    drop(walk);
    desk.open_screen(&desk.handset())?;
    for (second, spot, inside) in stops {
        desk.clock.pass_ms(1_000);
        second_at(desk, spot, second, inside);
    }
    desk.phone().spot = spot;
    Ok(passed)
}

/// The phone is taken into a store and stays for some seconds; how long.
///
/// # Errors
/// As the core.
pub fn enter(desk: &Desk, spot: Spot) -> Result<Duration, WalletError> {
    // Whoever comes in from elsewhere has not said of this store yet that it is another one.
    desk.open_screen(&desk.handset())?;
    carry(desk, spot, 18.0)?;
    for second in 0..FRAMES {
        desk.clock.pass_ms(1_000);
        second_at(desk, spot, COMES_IN_AT_S + second, true);
    }
    Ok(Duration::from_secs(FRAMES))
}

fn look_at_till(desk: &Desk) {
    let mut till = desk.till();
    let is_news = till.as_mut().is_some_and(|till| till.look(now_ms(desk)));
    let settlements = till.as_ref().map(|till| till.settlements()).unwrap_or_default();
    if is_news {
        desk.till_changed(till.as_ref());
    }
    drop(till);
    let now = now_ms(desk);
    let mut ledger = desk.ledger();
    settlements.iter().for_each(|(id, _)| ledger.watch(*id, "payment", now));
}

/// Reads the ledger when something moved money since.
async fn look_at_ledger(desk: &Desk) {
    let handset = desk.handset();
    let known = {
        let shown = handset.heard.shown();
        let payment = shown.payment.as_ref();
        let paid = payment.filter(|it| it.state == PaymentState::Done).map(|it| it.id.clone());
        let deposits = shown.deposits.as_ref().map(|it| it.deposits.as_slice()).unwrap_or_default();
        let done = deposits.iter().filter(|it| it.state == DepositState::Done).count();
        let settlements = desk.till().as_ref().map(|till| till.settlements());
        format!("{paid:?} {done} {settlements:?}")
    };
    let due: Vec<Uuid> = desk.ledger().due(known);
    for id in &due {
        let booked = desk.servers.read().await.booked(&[*id]).await;
        if let Ok(booked) = booked {
            desk.ledger().take(*id, booked);
        }
    }
    if !due.is_empty() {
        desk.tell();
    }
}
