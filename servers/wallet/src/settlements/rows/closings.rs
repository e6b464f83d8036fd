//! Closings in the database: everything that moved is counted in one of them, and once.

use domain::{
    StoreId, Timestamp,
    wire::{Closing, ClosingSum},
};
use server_kit::{Change, Connection, Database, DatabaseError, currency, from_json, json};
use sqlx::{FromRow, query, query_as};
use uuid::Uuid;

#[derive(FromRow)]
struct ClosingRow {
    store_id: String,
    at: i64,
    sums: String,
}

#[derive(FromRow)]
struct SumRow {
    currency: String,
    settlements: i64,
    captured: i64,
    refunds: i64,
    refunded: i64,
}

/// Closes what a store was paid and gave back since its last closing, or tells the same closing again.
/// `None` when the id is that of another store's.
pub async fn close(
    database: &Database,
    store: StoreId,
    id: Uuid,
    now: Timestamp,
) -> Result<Option<(Closing, bool)>, DatabaseError> {
    database
        .transaction(|mut change: Change| async move {
            let before: Option<ClosingRow> =
                query_as("SELECT store_id, at, sums FROM closing WHERE id = $1")
                    .bind(id.to_string())
                    .fetch_optional(&mut *change)
                    .await?;
            let closed = match before {
                Some(row) if row.store_id != store.to_string() => None,
                Some(row) => {
                    let sums = from_json(&row.sums, "sums")?;
                    Some((Closing { id, at: Timestamp(row.at), sums }, true))
                }
                None => Some((close_now(&mut change, store, id, now).await?, false)),
            };
            change.keep(closed)
        })
        .await
}

async fn close_now(
    change: &mut Connection,
    store: StoreId,
    id: Uuid,
    now: Timestamp,
) -> Result<Closing, DatabaseError> {
    for count in [
        "UPDATE settlement SET closing_id = $1
         WHERE store_id = $2 AND state = 'captured' AND closing_id IS NULL",
        "UPDATE settlement_refund SET closing_id = $1
         WHERE store_id = $2 AND state = 'done' AND closing_id IS NULL",
    ] {
        query(count).bind(id.to_string()).bind(store.to_string()).execute(&mut *change).await?;
    }
    let rows: Vec<SumRow> = query_as(
        "SELECT currency, CAST(SUM(settlements) AS BIGINT) AS settlements,
            CAST(SUM(captured) AS BIGINT) AS captured, CAST(SUM(refunds) AS BIGINT) AS refunds,
            CAST(SUM(refunded) AS BIGINT) AS refunded
         FROM (SELECT currency, 1 AS settlements, amount AS captured, 0 AS refunds, 0 AS refunded
               FROM settlement WHERE closing_id = $1
               UNION ALL
               SELECT currency, 0, 0, 1, amount FROM settlement_refund WHERE closing_id = $1) moved
         GROUP BY currency ORDER BY currency",
    )
    .bind(id.to_string())
    .fetch_all(&mut *change)
    .await?;
    let sums: Vec<ClosingSum> = rows.into_iter().map(SumRow::sum).collect::<Result<_, _>>()?;
    query("INSERT INTO closing (id, store_id, at, sums) VALUES ($1, $2, $3, $4)")
        .bind(id.to_string())
        .bind(store.to_string())
        .bind(now.0)
        .bind(json(&sums)?)
        .execute(change)
        .await?;
    Ok(Closing { id, at: now, sums })
}

impl SumRow {
    fn sum(self) -> Result<ClosingSum, DatabaseError> {
        let Self { settlements, captured, refunds, refunded, .. } = self;
        let currency = currency(&self.currency)?;
        Ok(ClosingSum { currency, settlements, captured, refunds, refunded })
    }
}
