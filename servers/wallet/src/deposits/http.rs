//! Deposits over HTTP.

use axum::{
    Router,
    extract::{
        FromRef, Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use domain::{
    Timestamp,
    wire::{Deposit, DepositPage, DepositRequest, DepositState},
};
use serde::Deserialize;
use server_kit::{Clock, Database, IdempotencyKey, Refused, behind, cursor, id_reused, replayed};
use uuid::Uuid;

use super::{
    pursuit::Deposits,
    rows::{self, Begun},
};
use crate::{
    members::{Member, Private, private},
    pursuit::within,
};

/// Deposits of one page, unless fewer are asked for.
const PAGE: usize = 50;

/// The calls of this room.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Clock: FromRef<S>,
    Database: FromRef<S>,
    Deposits: FromRef<S>,
{
    Router::new()
        .route("/v1/deposits", get(list).post(deposit))
        .route("/v1/deposits/{id}", get(one))
}

async fn deposit(
    State(database): State<Database>,
    State(clock): State<Clock>,
    State(deposits): State<Deposits>,
    member: Member,
    IdempotencyKey(id): IdempotencyKey,
    server_kit::Json(asked): server_kit::Json<DepositRequest>,
) -> Result<Response, Refused> {
    if asked.amount.amount < 1 {
        return Err(Refused::invalid("An amount is above zero, in minor units."));
    }
    let now = clock.now();
    // Ends by itself: a phone that gives up must not leave a deposit that nobody looks after.
    let made = tokio::spawn(make(database, deposits, member, id, asked, now));
    made.await.map_err(|_| Refused::internal())?
}

async fn make(
    database: Database,
    deposits: Deposits,
    member: Member,
    id: Uuid,
    asked: DepositRequest,
    now: Timestamp,
) -> Result<Response, Refused> {
    // Held until the answer is kept: who asks again meanwhile is told to wait.
    let _answering = deposits.answering(id).ok_or_else(still_running)?;
    let begun = rows::begin(&database, &member.id, id, &asked, deposits.a_day(), now).await?;
    match begun {
        Begun::Now(deposit) => {
            let deposit = outcome(&database, &deposits, &member, deposit, true).await?;
            Ok(answered(rows::answer(&database, deposit).await?, false))
        }
        Begun::Before(_, Some(answer)) => Ok(answered(answer, true)),
        // The server ended before it could answer.
        Begun::Before(deposit, None) => {
            let deposit = outcome(&database, &deposits, &member, deposit, false).await?;
            Ok(answered(rows::answer(&database, deposit).await?, true))
        }
        Begun::OtherContent => Err(id_reused()),
        Begun::NoSuchMethod => Err(Refused::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "no_such_source",
            "Nothing to take it from",
            "Take it from an account or card that is registered.",
        )),
        Begun::NoWallet => Err(Refused::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "no_such_wallet",
            "Nothing to put it into",
            "Take a currency of which there is a wallet.",
        )),
    }
}

/// The deposit when it has ended, or as it is once the phone has waited long enough.
async fn outcome(
    database: &Database,
    deposits: &Deposits,
    member: &Member,
    deposit: Deposit,
    new: bool,
) -> Result<Deposit, Refused> {
    if deposit.state != DepositState::Pending {
        return Ok(deposit);
    }
    within(deposits.pursue(deposit.id, new)).await;
    rows::of_member(database, &member.id, deposit.id).await?.ok_or_else(Refused::internal)
}

fn answered(deposit: Deposit, again: bool) -> Response {
    let status = match deposit.state {
        DepositState::Pending => StatusCode::ACCEPTED,
        DepositState::Done | DepositState::Failed => StatusCode::CREATED,
    };
    (status, replayed(again), private(deposit)).into_response()
}

fn still_running() -> Refused {
    Refused::new(
        StatusCode::CONFLICT,
        "still_running",
        "The same deposit is being made",
        "Ask again under the same id.",
    )
    .retry_after(1)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    after: Option<String>,
    limit: Option<usize>,
    state: Option<DepositState>,
}

async fn list(
    State(database): State<Database>,
    member: Member,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Private<DepositPage>, Refused> {
    let asked = asked.ok().map(|Query(asked)| asked);
    let asked = asked.filter(|asked| asked.limit.is_none_or(|limit| (1..=PAGE).contains(&limit)));
    let Some(Asked { after, limit, state }) = asked else {
        return Err(Refused::invalid(
            "`after`, `limit` (1 to 50) and `state` (`pending`, `done`, `failed`) may be asked.",
        ));
    };
    let behind = behind(after.as_deref())?;
    let limit = limit.unwrap_or(PAGE);
    let (deposits, next) = rows::page(&database, &member.id, behind, state, limit).await?;
    let after = next.map(cursor);
    Ok(private(DepositPage { deposits, after }))
}

async fn one(
    State(database): State<Database>,
    member: Member,
    id: Result<Path<Uuid>, PathRejection>,
) -> Result<Private<Deposit>, Refused> {
    let missing = || Refused::not_found("There is no deposit of this id.");
    let Path(id) = id.map_err(|_| missing())?;
    rows::of_member(&database, &member.id, id).await?.map(private).ok_or_else(missing)
}
