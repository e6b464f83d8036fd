//! Events over HTTP, by a call that waits until there are some: whatever carries a call carries it.

use std::{pin::pin, time::Duration};

use axum::{
    Router,
    extract::{FromRef, Query, State, rejection::QueryRejection},
    http::StatusCode,
    routing::get,
};
use domain::wire::{Events, LONGEST_EVENT_WAIT_S};
use serde::Deserialize;
use server_kit::{Clock, Database, EVENTS_PATH, Refused, Stopping};
use tokio::time::{Instant, sleep_until};

use super::{rows, waiting::Waiting};
use crate::members::{Member, Private, private};

/// What another process wrote is found by looking.
const LOOK_EVERY: Duration = Duration::from_secs(3);

/// The call of this room.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Clock: FromRef<S>,
    Database: FromRef<S>,
    Waiting: FromRef<S>,
{
    Router::new().route(EVENTS_PATH, get(events))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    after: Option<i64>,
    wait: Option<u64>,
}

/// `GET /v1/events`.
async fn events(
    State(database): State<Database>,
    State(waiting): State<Waiting>,
    stopping: Stopping,
    member: Member,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Private<Events>, Refused> {
    let asked = asked.ok().map(|Query(asked)| asked);
    let asked = asked.filter(|asked| asked.wait.unwrap_or(0) <= LONGEST_EVENT_WAIT_S);
    let Some(Asked { after, wait }) = asked else {
        return Err(Refused::invalid("`after` (an event's id) and `wait` (0 to 25 seconds)."));
    };
    let Some(after) = after else {
        let after = rows::newest(&database, &member.id).await?;
        return Ok(private(Events { events: Vec::new(), after, missed: false }));
    };
    let until = Instant::now() + Duration::from_secs(wait.unwrap_or(0));
    let call = waiting.enter(&member.id).ok_or_else(too_many)?;
    let mut stopped = pin!(stopping.wait());
    loop {
        // Listened for before it is looked for: what happens in between is heard.
        let news = call.news();
        let known = rows::after(&database, &member.id, after).await?;
        let now = Instant::now();
        if !known.events.is_empty() || known.missed || now >= until {
            return Ok(private(known));
        }
        tokio::select! {
            () = news => {}
            () = sleep_until(until.min(now + LOOK_EVERY)) => {}
            () = &mut stopped => return Ok(private(known)),
        }
    }
}

fn too_many() -> Refused {
    Refused::new(
        StatusCode::TOO_MANY_REQUESTS,
        "too_many_waiting",
        "Too many calls wait for events",
        "Wait for events with one call at a time.",
    )
    .retry_after(5)
}
