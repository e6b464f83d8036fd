//! Credentials and reports over HTTP.

use std::sync::Arc;

use axum::{
    Router,
    extract::{FromRef, State},
    http::{HeaderName, StatusCode, header},
    response::IntoResponse,
    routing::{get, post},
};
use domain::{
    Channel, StoreId, Timestamp, Week, scheme,
    wire::{
        CredentialRequest, EvaluatedCredential, Presence, REPORT_KEY_PATH, ReportRequest, Reported,
    },
};
use server_kit::{Clock, Database, Refused};

use super::{
    key::WeekKeys,
    rows::{self, Counted, Pair, Said, Vote},
    told_keys::told_keys,
};
use crate::{
    members::{Member, Private, private},
    signing::{Signing, genuine, served},
    terminals::Beacons,
};

/// The calls of this room.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Room: FromRef<S>,
    Clock: FromRef<S>,
    Database: FromRef<S>,
{
    Router::new()
        .route(REPORT_KEY_PATH, get(key))
        .route("/v1/report-credentials", post(issue))
        .route("/v1/reports", post(report))
}

/// What this room works with.
#[derive(Clone)]
pub struct Room {
    keys: Arc<WeekKeys>,
    signing: Arc<Signing>,
    beacons: Arc<Beacons>,
    database: Database,
    clock: Clock,
}

impl<S> FromRef<S> for Room
where
    Arc<WeekKeys>: FromRef<S>,
    Arc<Signing>: FromRef<S>,
    Arc<Beacons>: FromRef<S>,
    Database: FromRef<S>,
    Clock: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            keys: FromRef::from_ref(state),
            signing: FromRef::from_ref(state),
            beacons: FromRef::from_ref(state),
            database: FromRef::from_ref(state),
            clock: FromRef::from_ref(state),
        }
    }
}

/// Fresh enough to be the same for all who ask at once, and gone soon after the week.
const KEY_CACHE: [(HeaderName, &str); 1] = [(header::CACHE_CONTROL, "public, max-age=300")];

async fn key(State(room): State<Room>) -> Result<impl IntoResponse, Refused> {
    let from = (&*room.keys, &*room.signing);
    let list = told_keys(from, &room.database, room.clock.now()).await?;
    Ok((KEY_CACHE, served(&list)))
}

fn this_week(now: Timestamp) -> Result<Week, Refused> {
    Week::of(now).ok_or_else(Refused::internal)
}

async fn issue(
    State(room): State<Room>,
    member: Member,
    server_kit::Json(CredentialRequest { week, blinded }): server_kit::Json<CredentialRequest>,
) -> Result<Private<EvaluatedCredential>, Refused> {
    if week != this_week(room.clock.now())? {
        return Err(week_over());
    }
    let invalid = || Refused::invalid("blinded is not an element of ristretto255 in hexadecimal.");
    let evaluated = room.keys.evaluate(week, &blinded).ok_or_else(invalid)?;
    if !rows::issue(&room.database, &member.id, week, &blinded).await? {
        return Err(Refused::new(
            StatusCode::CONFLICT,
            "credential_issued",
            "The credential of this week was issued",
            "A member gets one a week; the next is issued next week.",
        ));
    }
    Ok(private(evaluated))
}

async fn report(
    State(room): State<Room>,
    server_kit::Json(request): server_kit::Json<ReportRequest>,
) -> Result<StatusCode, Refused> {
    let (now, report) = (room.clock.now(), &request.report);
    if now < report.week.begins() || now >= report.week.reports_close() {
        return Err(week_over());
    }
    let secret = room.keys.genuine(&request).ok_or_else(forged)?;
    let (pair, said) = spoken_of(&report.said)?;
    let present = match &request.presence {
        Some(presence) => room.was_there(report.store, report.week, presence).await?,
        None => false,
    };
    let (store, week) = (report.store, report.week);
    let vote = Vote { secret: &secret, store, week, pair, said, present };
    match rows::count(&room.database, &vote, now).await? {
        Counted::Once => Ok(StatusCode::NO_CONTENT),
        Counted::NoStore => Err(Refused::not_found("The register has no store of this id.")),
        Counted::TooMany => Err(too_many()),
    }
}

/// What a report says, and of which scheme that the registry has.
fn spoken_of(said: &Reported) -> Result<(Pair, Said), Refused> {
    let (scheme, channel, said) = match said {
        Reported::CashOnly {} => return Ok((None, Said::Refused)),
        Reported::Worked { scheme, channel } => (scheme, *channel, Said::Taken),
        Reported::Refused { scheme, channel } => (scheme, *channel, Said::Refused),
        Reported::Code { scheme } => (scheme, Channel::Scan, Said::Code),
    };
    let known =
        scheme::find(scheme.as_str()).is_some_and(|known| known.channels.contains(&channel));
    let unknown = || Refused::invalid("There is no such scheme on this channel.");
    known.then(|| (Some((scheme.clone(), channel)), said)).ok_or_else(unknown)
}

impl Room {
    /// Whether what was scanned or heard is of this store, in this week. What proves nothing counts as nothing.
    async fn was_there(
        &self,
        store: StoreId,
        week: Week,
        presence: &Presence,
    ) -> Result<bool, Refused> {
        match presence {
            Presence::Rotating { id } => {
                Ok(self.beacons.sent(store, id, week.begins(), week.ends()))
            }
            Presence::StoreCode { text } => {
                match genuine(&self.signing, &self.database, text, self.clock.now()).await {
                    Ok(code) => Ok(StoreId(code.unverified().store) == store),
                    Err(refused) if refused.status().is_server_error() => Err(refused),
                    Err(_) => Ok(false),
                }
            }
        }
    }
}

fn week_over() -> Refused {
    Refused::new(
        StatusCode::CONFLICT,
        "week_over",
        "It is another week",
        "Credentials are of the present week; reports are taken until two days after theirs.",
    )
}

fn forged() -> Refused {
    Refused::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "report_forged",
        "The report is of no credential",
        "Its secret was not evaluated for this week, or its proof is for another report.",
    )
}

fn too_many() -> Refused {
    Refused::new(
        StatusCode::TOO_MANY_REQUESTS,
        "too_many_reports",
        "Enough reports for today",
        "A credential reports five times a day.",
    )
    .retry_after(3_600)
}
