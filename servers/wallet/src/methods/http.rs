//! The member's methods over HTTP.

use axum::{
    Router,
    extract::{FromRef, State},
    http::StatusCode,
    routing::get,
};
use domain::{
    Balance, Registered, Timestamp,
    wire::{Methods, RegisterRequest},
};
use server_kit::{Clock, Database, Json, Refused};

use super::{
    linking,
    method::{Backing, HeldMethod},
    rows,
};
use crate::{
    members::{self, Member, Private, Subject, private},
    operators::{Answer, Operator},
};

/// The calls of this room.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Clock: FromRef<S>,
    Database: FromRef<S>,
    Operator: FromRef<S>,
{
    Router::new().route("/v1/methods", get(methods).post(register))
}

async fn methods(
    State(database): State<Database>,
    State(operator): State<Operator>,
    State(clock): State<Clock>,
    member: Member,
) -> Result<Private<Methods>, Refused> {
    let now = clock.now();
    let methods = registered(&database, &operator, &member, now).await?;
    Ok(private(Methods { methods, as_of: now }))
}

/// The member's methods with balances as the operator says now.
pub async fn registered(
    database: &Database,
    operator: &Operator,
    member: &Member,
    now: Timestamp,
) -> Result<Vec<Registered>, Refused> {
    let held = rows::of_member(database, &member.id).await?;
    // The wallet's own money is the ledger's, and never news.
    let known = |(held, last): &(HeldMethod, Option<Balance>)| match &held.backing {
        Backing::Wallet { balance } => Some(Balance { left: *balance, as_of: now }),
        _ => *last,
    };
    let last: Vec<_> = held.iter().map(known).collect();
    let registered = operator.balances(held, now).await;
    remember(database, member, &registered, last);
    Ok(registered)
}

/// Keeps what the operator said, for when it is away: beside the answer, which neither waits for
/// that nor fails with it, and only what is news.
fn remember(
    database: &Database,
    member: &Member,
    registered: &[Registered],
    last: Vec<Option<Balance>>,
) {
    let news = rows::news(registered, &last);
    if news.is_empty() {
        return;
    }
    let (database, member_id) = (database.clone(), member.id.clone());
    tokio::spawn(async move {
        if rows::remember(&database, &member_id, &news).await.is_err() {
            tracing::warn!("balances could not be kept for when the operator is away");
        }
    });
}

/// Registers the account or card of a link code as one of the member's methods. The same code again
/// gives the same method.
async fn register(
    State(database): State<Database>,
    State(operator): State<Operator>,
    State(clock): State<Clock>,
    member: Member,
    Json(RegisterRequest { scheme, link_code }): Json<RegisterRequest>,
) -> Result<Private<Registered>, Refused> {
    if link_code.is_empty() || link_code.len() > linking::MAX_CODE {
        return Err(Refused::invalid("The link code is empty or too long."));
    }
    // Guesses are counted like guesses at a password. A right code takes back its own guess alone:
    // who sends a known one again and again could guess at others in between.
    let subject = linking::guesses_of(&member.id);
    let subjects = [Subject::LinkCodes(&subject)];
    let guess = members::count_guess(&database, &subjects, clock.now()).await?;
    guess.map_err(members::too_many_guesses)?;
    let answer = operator.link(link_code, linking::holder(&member.id)).await;
    if !matches!(answer, Answer::Gone) {
        members::forget_guesses(&database, &subjects).await?;
    }
    let linked = match answer {
        Answer::Known(linked) => linked,
        Answer::Gone => {
            return Err(conflict(
                "link_code_refused",
                "The link code is not valid",
                "Check the code, or ask the operator for a new one.",
            ));
        }
        Answer::Down => return Err(operator_down()),
    };
    if linked.rides.iter().all(|ride| ride.scheme != scheme) {
        return Err(conflict(
            "link_code_of_other_scheme",
            "The link code is for something else",
            "Register the scheme that the operator gave the code for.",
        ));
    }
    let held = linking::method_of(&member.id, linked);
    let held = rows::keep(&database, &member.id, &held).await?.ok_or_else(|| {
        conflict(
            "too_many_methods",
            "Too many methods",
            "Remove one of the registered methods first.",
        )
    })?;
    let registered = operator.balances(vec![(held, None)], clock.now()).await;
    registered.into_iter().next().map(private).ok_or_else(Refused::internal)
}

fn conflict(code: &'static str, title: &'static str, detail: &'static str) -> Refused {
    Refused::new(StatusCode::CONFLICT, code, title, detail)
}

fn operator_down() -> Refused {
    Refused::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "operator_down",
        "The operator cannot be reached",
        "Try again; the code stays good.",
    )
    .retry_after(5)
}
