//! The history of a member's electronic money over HTTP.

use axum::{
    Router,
    extract::{FromRef, Query, State, rejection::QueryRejection},
    routing::get,
};
use domain::wire::MovementPage;
use ledger::Side;
use serde::Deserialize;
use server_kit::{Change, Clock, Database, Refused};

use super::history::{page, wallets_of};
use crate::members::{Member, Private, private};

/// Movements of one page, unless fewer are asked for.
const PAGE: usize = 50;
/// Longest cursor, bytes: a number for each of a member's wallets.
const LONGEST_CURSOR: usize = 1400;

/// The calls of this room.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Clock: FromRef<S>,
    Database: FromRef<S>,
{
    Router::new().route("/v1/history", get(history))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    after: Option<String>,
    limit: Option<usize>,
    kind: Option<Direction>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Direction {
    Deposits,
    Uses,
}

async fn history(
    State(database): State<Database>,
    member: Member,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Private<MovementPage>, Refused> {
    let Query(Asked { after, limit, kind }) = asked.map_err(|_| {
        Refused::invalid("`after`, `limit` (1 to 50) and `kind` (`deposits`, `uses`) may be asked.")
    })?;
    let limit = limit.unwrap_or(PAGE);
    if !(1..=PAGE).contains(&limit) {
        return Err(Refused::invalid("`limit` is 1 to 50."));
    }
    let cursor = after.as_deref().map(numbers).transpose()?;
    let wanted = kind.map(|kind| match kind {
        Direction::Deposits => Side::Credit,
        Direction::Uses => Side::Debit,
    });
    let (member, cursor) = (&member.id, &cursor);
    let page = database
        .moment(|mut change: Change| async move {
            let wallets = wallets_of(&mut change, member).await?;
            let before = cursor.clone().unwrap_or_else(|| vec![i64::MAX; wallets.len()]);
            if before.len() != wallets.len() {
                return change.keep(None);
            }
            let page = page(&mut change, &wallets, &before, wanted, limit).await?;
            change.keep(Some(page))
        })
        .await?;
    let (movements, next) = page.ok_or_else(stale)?;
    Ok(private(MovementPage { movements, after: next.map(|next| cursor_of(&next)) }))
}

fn stale() -> Refused {
    Refused::invalid("`after` is not of this member's history as it is now: begin without it.")
}

fn cursor_of(numbers: &[i64]) -> String {
    numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(".")
}

/// The numbers of a cursor. It only ever reads the member's own wallets, so it needs no secret.
fn numbers(cursor: &str) -> Result<Vec<i64>, Refused> {
    if cursor.len() > LONGEST_CURSOR {
        return Err(stale());
    }
    cursor.split('.').map(|number| number.parse().map_err(|_| stale())).collect()
}
