//! All that the page draws, as one record.

use domain::Channel;
use serde_json::{Value, json};
use tillsight::{
    ChoiceKind,
    phone::Clock as _,
    plan::{BeaconMode, SensingPlan},
    screen::ServerState,
};

use super::{desk::Desk, rerun::Rerun};
use crate::{member, paying};

/// All of it.
pub fn state(desk: &Desk) -> Value {
    let revision = desk.revision();
    let answering = desk.answering();
    let operators = answering.operators.iter();
    let operators: Vec<Value> =
        operators.map(|(name, up)| json!({ "name": name, "up": up })).collect();
    let is_up = answering.wallet;
    drop(answering);
    let handset = desk.handset();
    let methods = handset.wallet.methods();
    let position_uses = handset.wallet.position_uses();
    let shown = handset.heard.shown();
    let rerun = desk.rerun();
    let settlement = match &*rerun {
        Some(rerun) => rerun.screen(),
        None => shown.settlement.as_ref(),
    };
    let screens = json!({
        "settlement": settlement,
        "payment": shown.payment,
        "deposits": shown.deposits,
        "is_member": methods.server != ServerState::LoggedOut,
        "methods": methods,
    });
    let plan = shown.plan.as_ref().map(plan);
    let notices = json!(shown.notices);
    drop(shown);
    let phone = desk.phone();
    let mut evidence = desk.evidence();
    evidence.read();
    let evidence = rerun.as_ref().map_or_else(|| evidence.json(), Rerun::evidence);
    let fix = match &*rerun {
        Some(rerun) => rerun.fix(|place| desk.city.spot(place)),
        None => phone.fix,
    };
    let at = if rerun.is_some() { fix.map_or(phone.spot, |fix| fix.at) } else { phone.spot };
    json!({
        "revision": revision,
        "now_ms": desk.clock.now_ms(),
        "screens": screens,
        "account": phone.account,
        "history": phone.history,
        "mail": desk.mail(),
        "ask": { "choice": choice(phone.ask.choice), "amount_minor": phone.ask.amount_minor,
            "has_nfc": phone.ask.phone_has_nfc },
        "language": phone.language,
        "recording": rerun.as_ref().map(Rerun::json),
        "phone": { "at": at, "fix": fix, "senses": phone.senses,
            "heard": phone.heard, "access_points": phone.access_points,
            "is_pocketed": phone.is_pocketed, "notices": notices },
        "walk": walk(desk),
        "evidence": evidence,
        "plan": plan,
        "sent": desk.road.sent(),
        "position_uses": position_uses,
        "ledger": desk.ledger().json(),
        "till": desk.till_seen(),
        "server": is_up,
        "operators": operators,
        "secrets": { "user_id": member::USER_ID, "password": member::PASSWORD,
            "settlement_code": member::SETTLEMENT_CODE, "link_code": member::LINK_CODE,
            "bank": member::DESK_CODES[0], "card": member::DESK_CODES[1] },
    })
}

fn walk(desk: &Desk) -> Value {
    let walk = desk.walk();
    let by_code = paying::store(&desk.stores, &desk.goal, Channel::Code);
    json!({
        "by_code": by_code.map(|store| store.id),
        "store": desk.goal.id, "name": desk.goal.name, "path": walk.path, "at_s": walk.at_s,
        "door_s": walk.door_s, "whole_s": walk.whole_s(), "plays": walk.plays,
        "speed": walk.speed, "seed": desk.seed, "world": desk.world,
    })
}

fn choice(kind: ChoiceKind) -> &'static str {
    match kind {
        ChoiceKind::All => "all",
        ChoiceKind::MostUsed => "most_used",
        ChoiceKind::LargestBalance => "largest_balance",
    }
}

fn plan(plan: &SensingPlan) -> Value {
    let beacons = match plan.beacons {
        BeaconMode::Off => "off",
        BeaconMode::Watch => "watch",
        BeaconMode::Burst => "burst",
    };
    json!({ "id": plan.id, "fixes_every_ms": plan.fixes_every_ms, "beacons": beacons,
        "wifi": plan.wifi, "fences": plan.fences.len() })
}
