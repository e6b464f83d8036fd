//! Events in the database, where triggers write them beside what they tell of.

use domain::wire::{Event, EventOf, Events};
use server_kit::{Database, DatabaseError, damaged};
use sqlx::{FromRow, query_as};

/// Events that are kept of each member, as the table's trigger has it.
const MOST: i64 = 100;

#[derive(FromRow)]
struct Kept {
    first: i64,
    last: i64,
    count: i64,
}

/// The events of a member after the one of that id.
pub async fn after(
    database: &Database,
    member_id: &str,
    after: i64,
) -> Result<Events, DatabaseError> {
    let rows: Vec<(i64, String, String)> =
        query_as("SELECT id, kind, of_id FROM event WHERE member_id = $1 AND id > $2 ORDER BY id")
            .bind(member_id)
            .bind(after)
            .fetch_all(database.reads())
            .await?;
    let read = |(id, kind, of): (i64, String, String)| {
        let of = of.parse().map_err(|_| damaged("of_id"))?;
        let of = match kind.as_str() {
            "settlement" => EventOf::Settlement(of),
            "refund" => EventOf::Refund(of),
            "deposit" => EventOf::Deposit(of),
            _ => return Err(damaged("kind")),
        };
        Ok(Event { id, of })
    };
    let events: Vec<Event> = rows.into_iter().map(read).collect::<Result<_, DatabaseError>>()?;
    let kept = kept(database, member_id).await?;
    let is_ahead = after > kept.last;
    let is_behind = kept.count >= MOST && after < kept.first;
    let last = events.last().map_or(after.min(kept.last), |event| event.id);
    Ok(Events { events, after: last, missed: is_ahead || is_behind })
}

/// The member's newest event; 0 before the first.
pub async fn newest(database: &Database, member_id: &str) -> Result<i64, DatabaseError> {
    Ok(kept(database, member_id).await?.last)
}

async fn kept(database: &Database, member_id: &str) -> Result<Kept, DatabaseError> {
    query_as(
        "SELECT COALESCE(MIN(id), 0) AS first, COALESCE(MAX(id), 0) AS last, COUNT(*) AS count
         FROM event WHERE member_id = $1",
    )
    .bind(member_id)
    .fetch_one(database.reads())
    .await
}
