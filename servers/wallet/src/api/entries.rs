use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use domain::{
    Accepted, Currency, Timestamp, rule,
    wire::{Candidate, EntryAnswer, EntryRequest, SensedSign},
};
use server_frame::{Json, Refused};
use signs::store_code::{SignatureProof, SignedStoreCode, TimeProof};

use super::account::{Private, private, registered};
use crate::{App, members::Member, register};

/// A store within this many metres is in question however good the fix: a map's point of a store
/// and its door lie tens of metres apart.
const AT_LEAST_M: f64 = 50.0;
/// Beyond this a position says nothing of a store.
const AT_MOST_M: f64 = 500.0;
/// A fix reports the radius of 68 % probability; twice that holds about 95 %.
const ACCURACY_FACTOR: f64 = 2.0;
/// Stores in question that are told and judged over, the nearest first: what a person can choose
/// from. In a station a hundred are in reach of an indoor fix; the answer then says so by being
/// full.
const CANDIDATES: usize = 20;
/// Longest text of a code taken, bytes; a payment code has 230.
const MAX_CODE: usize = 1024;

pub(super) async fn entry(
    State(app): State<Arc<App>>,
    member: Member,
    Json(request): Json<EntryRequest>,
) -> Result<Private<EntryAnswer>, Refused> {
    let now = app.clock.now();
    let candidates = candidates(&app, &request.sensed, now).await?;
    let methods = registered(&app, &member, now).await?;
    let stores: Vec<&Accepted> = candidates.iter().map(|at| &at.store.accepted).collect();
    let verdict = rule::judge(&stores, &methods, &request.ask(now, currency(&candidates)));
    Ok(private(EntryAnswer { candidates, methods, verdict, as_of: now }))
}

/// The currency of the till, when all stores in question have the same.
fn currency(candidates: &[Candidate]) -> Option<Currency> {
    let first = candidates.first()?.store.currency;
    candidates.iter().all(|at| at.store.currency == first).then_some(first)
}

async fn candidates(
    app: &App,
    sensed: &SensedSign,
    now: Timestamp,
) -> Result<Vec<Candidate>, Refused> {
    let store = match sensed {
        SensedSign::Position { position, accuracy_m } => {
            if !accuracy_m.is_finite() || *accuracy_m < 0.0 {
                return Err(Refused::invalid("accuracy_m is not a number of metres from 0 up."));
            }
            let radius = (ACCURACY_FACTOR * accuracy_m).clamp(AT_LEAST_M, AT_MOST_M);
            return near(app, *position, radius, CANDIDATES).await;
        }
        SensedSign::Beacon { uuid, major, minor } if *uuid == app.beacon_uuid => {
            register::of_beacon(&app.pool, *major, *minor).await?
        }
        SensedSign::Beacon { .. } => None,
        SensedSign::StoreCode { text } => of_code(app, text, now).await?,
        SensedSign::Store { id } => register::of_id(&app.pool, *id).await?,
    };
    let store = store.ok_or_else(|| {
        Refused::new(
            StatusCode::NOT_FOUND,
            "store_unknown",
            "No such store",
            "The register has no store of this sign; try the position.",
        )
    })?;
    Ok(vec![Candidate { store, distance_m: None }])
}

/// At most `most` stores within `radius_m` metres, the nearest first.
pub(super) async fn near(
    app: &App,
    position: domain::Position,
    radius_m: f64,
    most: usize,
) -> Result<Vec<Candidate>, Refused> {
    let index = app.stores.current(&app.pool).await?;
    let mut candidates = Vec::new();
    for (id, distance) in index.within(position, radius_m, most) {
        if let Some(store) = register::of_id(&app.pool, id).await? {
            candidates.push(Candidate { store, distance_m: Some(distance) });
        }
    }
    Ok(candidates)
}

async fn of_code(app: &App, text: &str, now: Timestamp) -> Result<Option<domain::Store>, Refused> {
    let refused = |code, title, detail: &str| {
        Refused::new(StatusCode::UNPROCESSABLE_ENTITY, code, title, detail)
    };
    let signed = (text.len() <= MAX_CODE).then(|| SignedStoreCode::read(text.trim()));
    let Some(Ok(signed)) = signed else {
        return Err(refused(
            "not_a_store_code",
            "Not a store code",
            "The text is not a store code of this network.",
        ));
    };
    let proof = signed.verify(&app.signing.key_set(), now.unix_seconds(), None);
    if proof.signature != SignatureProof::Valid {
        return Err(refused(
            "store_code_not_genuine",
            "The store code is not genuine",
            "No key of this register signed it: do not pay by this code.",
        ));
    }
    if proof.time != TimeProof::InForce {
        return Err(refused(
            "store_code_out_of_date",
            "The store code is out of date",
            "Ask the store for its present code.",
        ));
    }
    Ok(register::of_id(&app.pool, domain::StoreId(signed.unverified().store)).await?)
}
