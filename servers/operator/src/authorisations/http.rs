//! Instructions over HTTP.

use axum::{
    Json, Router,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, HeaderName, StatusCode},
    routing::{get, post},
};
use domain::wire::{Confirmation, Instruction, LinkedTo};
use server_kit::{Clock, Database, Refused};
use uuid::Uuid;

use super::rows::{self, Instructed};
use crate::{callbacks::Outbox, grants, sandbox::Sandbox};

/// Longest id of an account or card, bytes.
const LONGEST_ID: usize = 128;
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// What instructions are decided with. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    /// The database.
    pub database: Database,
    /// What the time is.
    pub clock: Clock,
    /// What happens on purpose.
    pub sandbox: Sandbox,
    /// Where confirmations leave from.
    pub outbox: Outbox,
}

/// The calls of this room.
pub fn routes<S: Clone + Send + Sync + 'static>(desk: Desk) -> Router<S> {
    Router::new()
        .route("/v1/instructions", post(instruct))
        .route("/v1/instructions/{id}", get(look_up))
        .with_state(desk)
}

type Answer = ([(HeaderName, &'static str); 1], Json<Confirmation>);

async fn instruct(
    State(desk): State<Desk>,
    headers: HeaderMap,
    server_kit::Json(instruction): server_kit::Json<Instruction>,
) -> Result<Answer, Refused> {
    check(&instruction)?;
    let grant = grants::grant_of(&headers);
    // Ends by itself: what was begun is done whether or not the caller still listens.
    let decided = {
        let desk = desk.clone();
        tokio::spawn(async move {
            let Desk { database, clock, sandbox, outbox } = desk;
            let (grant, now) = (grant.as_ref(), clock.now());
            let decided = rows::instruct(&database, sandbox, &instruction, grant, now).await;
            outbox.look();
            decided
        })
    };
    match decided.await.map_err(|_| Refused::internal())?? {
        Instructed::Now(confirmation) => {
            let after = desk.sandbox.answers_after(&confirmation);
            // A sleep of no length still ends with the next tick of the clock, a millisecond later.
            if !after.is_zero() {
                tokio::time::sleep(after).await;
            }
            Ok(([(REPLAYED, "false")], Json(desk.sandbox.answer(confirmation))))
        }
        Instructed::Before(confirmation) => Ok(([(REPLAYED, "true")], Json(confirmation))),
        Instructed::OtherContent => Err(Refused::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "id_reused",
            "The id was used for something else",
            "Make a new id for a new instruction.",
        )),
    }
}

async fn look_up(
    State(desk): State<Desk>,
    id: Result<Path<Uuid>, PathRejection>,
) -> Result<Json<Confirmation>, Refused> {
    let unknown = || Refused::not_found("There is no instruction of this id.");
    let Path(id) = id.map_err(|_| unknown())?;
    rows::look_up(&desk.database, id).await?.map(Json).ok_or_else(unknown)
}

fn check(instruction: &Instruction) -> Result<(), Refused> {
    if instruction.action.amount().is_some_and(|amount| amount.amount < 1) {
        return Err(Refused::invalid("An amount is above zero, in minor units."));
    }
    let id = instruction.action.linked().map_or("", |linked| match linked {
        LinkedTo::Account { id } | LinkedTo::Card { id } => id,
    });
    if id.len() > LONGEST_ID {
        return Err(Refused::invalid("The id of the account or card is too long."));
    }
    Ok(())
}
