//! Entries over HTTP: which store is this, and which of this member's methods work there.

use std::sync::Arc;

use axum::{
    Router,
    extract::{FromRef, State},
    http::StatusCode,
    response::Response,
    routing::post,
};
use domain::{
    Store, StoreId, Timestamp,
    rule::{self, Question, StoreInQuestion},
    wire::{Candidate, EntryAnswer, EntryRequest, Network, SensedSign},
};
use server_kit::{Clock, Connection, Database, Json, Refused};

use crate::{
    members::{Shown, private_long},
    methods::MemberMethods,
    register::{self, Nearby},
    signing::{Signing, genuine},
};

/// The calls of this room.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<Nearby>: FromRef<S>,
    Arc<Signing>: FromRef<S>,
    Clock: FromRef<S>,
    Database: FromRef<S>,
    Arc<Network>: FromRef<S>,
    MemberMethods: FromRef<S>,
{
    Router::new().route("/v1/entries", post(entry))
}

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
/// Room made for each of them in an answer, bytes: one with ten claims takes about 1,600.
const CANDIDATE_ROOM: usize = 2_048;

async fn entry(
    State(register): State<Register>,
    State(methods): State<MemberMethods>,
    State(clock): State<Clock>,
    shown: Shown,
    request: Result<Json<EntryRequest>, Refused>,
) -> Result<Response, Refused> {
    let now = clock.now();
    let mut connection = register.database.reads().acquire().await?;
    let (member, stored) = methods.shown(&mut *connection, shown, now).await?;
    // What is wrong with a request is told to members alone.
    let Json(request) = request?;
    let around = register.around(&mut connection, &request.sensed).await?;
    drop(connection);
    let candidates = match around {
        Some(candidates) => candidates,
        None => vec![register.named(&request.sensed, now).await?],
    };
    let methods = methods.told(&member, stored, now).await.methods;
    // The server has the distance alone to go by: any of them may be it.
    let probability = 1.0 / candidates.len().max(1) as f64;
    let stores: Vec<StoreInQuestion<'_>> =
        candidates.iter().map(|at| StoreInQuestion::new(&at.store, probability)).collect();
    let answer = rule::judge(&Question {
        stores: &stores,
        registered: &methods,
        code: None,
        ask: &request.ask(now),
    });
    let room = (candidates.len() + 1) * CANDIDATE_ROOM;
    private_long(&EntryAnswer { candidates, methods, answer, as_of: now }, room)
}

/// Where signs are looked up.
#[derive(Clone)]
struct Register {
    database: Database,
    stores: Arc<Nearby>,
    signing: Arc<Signing>,
    network: Arc<Network>,
}

impl<S> FromRef<S> for Register
where
    Arc<Nearby>: FromRef<S>,
    Arc<Signing>: FromRef<S>,
    Database: FromRef<S>,
    Arc<Network>: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            database: FromRef::from_ref(state),
            stores: FromRef::from_ref(state),
            signing: FromRef::from_ref(state),
            network: FromRef::from_ref(state),
        }
    }
}

impl Register {
    /// The stores around a position; `None` where another sign was sensed.
    async fn around(
        &self,
        connection: &mut Connection,
        sensed: &SensedSign,
    ) -> Result<Option<Vec<Candidate>>, Refused> {
        let SensedSign::Position { position, accuracy_m } = sensed else { return Ok(None) };
        if !accuracy_m.is_finite() || *accuracy_m < 0.0 {
            return Err(Refused::invalid("accuracy_m is not a number of metres from 0 up."));
        }
        let radius = (ACCURACY_FACTOR * accuracy_m).clamp(AT_LEAST_M, AT_MOST_M);
        let found =
            self.stores.near(&self.database, connection, *position, radius, CANDIDATES).await?;
        let candidate = |(store, metres)| Candidate { store, distance_m: Some(metres) };
        Ok(Some(found.into_iter().map(candidate).collect()))
    }

    /// The store that a sign names by itself.
    async fn named(&self, sensed: &SensedSign, now: Timestamp) -> Result<Candidate, Refused> {
        let database = &self.database;
        let store = match sensed {
            SensedSign::Beacon { uuid, major, minor } if *uuid == self.network.beacon_uuid() => {
                register::of_beacon(database, *major, *minor).await?
            }
            SensedSign::Position { .. } | SensedSign::Beacon { .. } => None,
            SensedSign::AccessPoint { bssid } => {
                let mut connection = database.reads().acquire().await?;
                self.stores.of_access_point(database, &mut connection, *bssid).await?
            }
            SensedSign::StoreCode { text } => self.of_code(text, now).await?,
            SensedSign::Store { id } => register::of_id(database, *id).await?,
        };
        let store = store.ok_or_else(|| {
            Refused::new(
                StatusCode::NOT_FOUND,
                "store_unknown",
                "No such store",
                "The register has no store of this sign; try the position.",
            )
        })?;
        Ok(Candidate { store, distance_m: None })
    }

    async fn of_code(&self, text: &str, now: Timestamp) -> Result<Option<Store>, Refused> {
        let signed = genuine(&self.signing, &self.database, text, now).await?;
        Ok(register::of_id(&self.database, StoreId(signed.unverified().store)).await?)
    }
}
