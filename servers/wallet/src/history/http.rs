//! The history of a member over HTTP.

use axum::{
    Router,
    extract::{FromRef, Query, State, rejection::QueryRejection},
    routing::get,
};
use domain::wire::MovementPage;
use ledger::Side;
use serde::Deserialize;
use server_kit::{Change, Clock, Database, Refused, behind, cursor};

use super::page::{Place, page};
use crate::members::{Member, Private, private};

/// Movements of one page, unless fewer are asked for.
const PAGE: usize = 50;
/// Longest cursor, bytes: a number for each of a member's wallets, and a payment by an account or card.
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
    let place = after.as_deref().map(|after| place_of(after).ok_or_else(stale)).transpose()?;
    let wanted = kind.map(|kind| match kind {
        Direction::Deposits => Side::Credit,
        Direction::Uses => Side::Debit,
    });
    let (member, place) = (&*member.id, place.as_ref());
    let page = database
        .moment(|mut change: Change| async move {
            let page = page(&mut change, member, place, wanted, limit).await?;
            change.keep(page)
        })
        .await?;
    let (movements, next) = page.ok_or_else(stale)?;
    Ok(private(MovementPage { movements, after: next.map(|next| cursor_of(&next)) }))
}

fn stale() -> Refused {
    Refused::invalid("`after` is not of this member's history as it is now: begin without it.")
}

fn cursor_of(place: &Place) -> String {
    let numbers = place.numbers.iter().map(|number| format!("{number}~")).collect::<String>();
    numbers + &cursor(place.paid)
}

/// Where a page begins. It only ever reads the member's own movements, so it needs no secret.
fn place_of(after: &str) -> Option<Place> {
    if after.len() > LONGEST_CURSOR {
        return None;
    }
    let mut parts: Vec<&str> = after.split('~').collect();
    let paid = behind(parts.pop()).ok()??;
    let numbers = parts.iter().map(|number| number.parse().ok());
    Some(Place { numbers: numbers.collect::<Option<_>>()?, paid })
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_nothing_else_is_one() {
        for numbers in [vec![], vec![7], vec![i64::MAX, 1]] {
            let place = Place { numbers, paid: (Timestamp(-3), Uuid::from_u128(9)) };
            assert_eq!(place_of(&cursor_of(&place)), Some(place));
        }
        let first = Place { numbers: vec![0], paid: (Timestamp(i64::MIN), Uuid::from_u128(1)) };
        assert_eq!(place_of(&cursor_of(&first)), Some(first), "where nothing was paid yet");
        for wrong in ["", "~", "2.7", "1~2", "1~2.x", "x~1.00000000-0000-0000-0000-000000000009"] {
            assert_eq!(place_of(wrong), None, "{wrong}");
        }
        assert_eq!(place_of(&"1~".repeat(LONGEST_CURSOR)), None);
    }
}
