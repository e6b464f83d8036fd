//! Link codes in the database, as their digests.

use domain::{
    MethodKind, Ride,
    wire::{Linked, LinkedTo},
};
use server_kit::{Connection, Database, DatabaseError, damaged};
use sqlx::{query, query_as};

use crate::{accounts, cards};

/// What a code led to.
pub enum Link {
    /// The account or card, bound to the holder who asked.
    Bound(Linked),
    /// Another holder was first.
    OfAnother,
    /// There is no such code.
    Unknown,
}

/// The account or card of a code, bound to the first holder that asks. Asking again is answered
/// alike, so that an answer that was lost can be asked for again.
pub async fn bind(database: &Database, digest: &str, holder: &str) -> Result<Link, DatabaseError> {
    // One statement decides who is first.
    query("UPDATE link SET holder = $1 WHERE code_digest = $2 AND holder IS NULL")
        .bind(holder)
        .bind(digest)
        .execute(database.reads())
        .await?;
    let row: Option<(String, String, String, String, Option<String>)> =
        query_as("SELECT held_by, held_id, kind, rides, holder FROM link WHERE code_digest = $1")
            .bind(digest)
            .fetch_optional(database.reads())
            .await?;
    let Some((held_by, id, kind, rides, first)) = row else { return Ok(Link::Unknown) };
    if first.as_deref() != Some(holder) {
        return Ok(Link::OfAnother);
    }
    let kind: MethodKind = serde_json::from_str(&kind).map_err(|_| damaged("kind"))?;
    let rides: Vec<Ride> = serde_json::from_str(&rides).map_err(|_| damaged("rides"))?;
    let (found, to) = match held_by.as_str() {
        "account" => (accounts::name(database, &id).await?, LinkedTo::Account { id }),
        _ => (cards::name(database, &id).await?, LinkedTo::Card { id }),
    };
    let (name, number_end) = found.ok_or_else(|| damaged("held_id"))?;
    Ok(Link::Bound(Linked { to, kind, name, number_end, rides }))
}

/// Puts a code in; one that is already there keeps its holder.
pub async fn put(
    change: &mut Connection,
    digest: &str,
    to: &LinkedTo,
    kind: MethodKind,
    rides: &[Ride],
) -> Result<(), DatabaseError> {
    let (held_by, id) = match to {
        LinkedTo::Account { id } => ("account", id),
        LinkedTo::Card { id } => ("card", id),
    };
    let unwritable = |error: serde_json::Error| DatabaseError::Encode(error.into());
    query(
        "INSERT INTO link (code_digest, held_by, held_id, kind, rides) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (code_digest) DO UPDATE SET held_by = excluded.held_by,
            held_id = excluded.held_id, kind = excluded.kind, rides = excluded.rides",
    )
    .bind(digest)
    .bind(held_by)
    .bind(id)
    .bind(serde_json::to_string(&kind).map_err(unwritable)?)
    .bind(serde_json::to_string(rides).map_err(unwritable)?)
    .execute(change)
    .await?;
    Ok(())
}
