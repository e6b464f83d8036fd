//! Link codes in the database, as their digests.

use domain::{
    MethodKind, Ride,
    wire::{Grant, Linked, LinkedTo},
};
use server_kit::{Change, Connection, Database, DatabaseError, damaged, from_json, json};
use sqlx::{AssertSqlSafe, FromRow, query, query_as};

use crate::{grants, product::Product};

/// What a code led to.
#[derive(Clone)]
pub enum Link {
    /// The account or card, bound to the holder who asked.
    Bound(Linked),
    /// Another holder was first, or the link was undone.
    OfAnother,
    /// There is no such code.
    Unknown,
}

#[derive(FromRow)]
struct LinkRow {
    held_by: String,
    held_id: String,
    kind: String,
    rides: String,
    holder: Option<String>,
}

/// The account or card of a code, bound to the first holder that asks and opened by `grant`. Asking
/// again binds nothing new, so that an answer that was lost can be asked for again.
pub async fn bind(
    database: &Database,
    digest: &str,
    holder: &str,
    grant: &Grant,
) -> Result<Link, DatabaseError> {
    database
        .transaction(|mut change: Change| async move {
            let row: Option<LinkRow> = query_as(
                "SELECT held_by, held_id, kind, rides, holder FROM link WHERE code_digest = $1",
            )
            .bind(digest)
            .fetch_optional(&mut *change)
            .await?;
            let Some(row) = row else { return change.keep(Link::Unknown) };
            if row.holder.as_deref().is_some_and(|first| first != holder) {
                return change.keep(Link::OfAnother);
            }
            query("UPDATE link SET holder = $1 WHERE code_digest = $2")
                .bind(holder)
                .bind(digest)
                .execute(&mut *change)
                .await?;
            let product = Product::from_word(&row.held_by).ok_or_else(|| damaged("held_by"))?;
            grants::issue(&mut change, grant, product, &row.held_id, holder).await?;
            let linked = linked(&mut change, product, row, grant).await?;
            change.keep(Link::Bound(linked))
        })
        .await
}

async fn linked(
    change: &mut Connection,
    product: Product,
    row: LinkRow,
    grant: &Grant,
) -> Result<Linked, DatabaseError> {
    let name = format!("SELECT name, number_end FROM {} WHERE id = $1", product.word());
    let found: Option<(String, String)> =
        query_as(AssertSqlSafe(name)).bind(&row.held_id).fetch_optional(change).await?;
    let (name, number_end) = found.ok_or_else(|| damaged("held_id"))?;
    Ok(Linked {
        to: product.linked_to(row.held_id),
        kind: from_json(&row.kind, "kind")?,
        name,
        number_end,
        rides: from_json(&row.rides, "rides")?,
        grant: grant.clone(),
    })
}

/// Undoes the link of `grant`. Its code is used up: whoever finds it later links nothing by it.
pub async fn undo(database: &Database, grant: &Grant) -> Result<(), DatabaseError> {
    database
        .transaction(|mut change: Change| async move {
            if let Some((held_by, held_id, holder)) = grants::revoke(&mut change, grant).await? {
                // Nobody's name is empty.
                query(
                    "UPDATE link SET holder = ''
                     WHERE held_by = $1 AND held_id = $2 AND holder = $3",
                )
                .bind(held_by)
                .bind(held_id)
                .bind(holder)
                .execute(&mut *change)
                .await?;
            }
            change.keep(())
        })
        .await
}

/// Puts a code in; one that is already there keeps its holder.
pub async fn put(
    change: &mut Connection,
    digest: &str,
    to: &LinkedTo,
    kind: MethodKind,
    rides: &[Ride],
) -> Result<(), DatabaseError> {
    let (product, id) = Product::of(to);
    query(
        "INSERT INTO link (code_digest, held_by, held_id, kind, rides) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (code_digest) DO UPDATE SET held_by = excluded.held_by,
            held_id = excluded.held_id, kind = excluded.kind, rides = excluded.rides",
    )
    .bind(digest)
    .bind(product.word())
    .bind(id)
    .bind(json(&kind)?)
    .bind(json(rides)?)
    .execute(change)
    .await?;
    Ok(())
}
