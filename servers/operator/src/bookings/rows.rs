//! Bookings in the database.

use domain::{
    Currency, Money, Timestamp,
    wire::{Booking, History},
};
use server_kit::{Connection, Database, DatabaseError, currency};
use sqlx::{AssertSqlSafe, query, query_as};

use super::seed::SeedBooking;
use crate::product::Product;

/// Bookings on one page of a history.
const PAGE: i64 = 50;

/// A booking as the tables have it: id, when, minor units, all up to it, what for.
type BookingRow = (i64, i64, i64, i64, String);

/// A page of the history of an account or card, from before the booking `before`; `None` where there
/// is none of this id.
pub async fn history(
    database: &Database,
    product: Product,
    id: &str,
    before: i64,
) -> Result<Option<History>, DatabaseError> {
    let table = product.word();
    let of_id = AssertSqlSafe(format!("SELECT currency FROM {table} WHERE id = $1"));
    let code: Option<(String,)> = query_as(of_id).bind(id).fetch_optional(database.reads()).await?;
    let Some((code,)) = code else { return Ok(None) };
    let currency = currency(&code)?;
    let newest = AssertSqlSafe(format!(
        "SELECT id, at, amount, left_after, text FROM (SELECT id, at, amount, text,
            CAST(SUM(amount) OVER (ORDER BY id) AS BIGINT) AS left_after
            FROM {table}_booking WHERE {table}_id = $1) AS running
         WHERE id < $2 ORDER BY id DESC LIMIT $3"
    ));
    let rows: Vec<BookingRow> =
        query_as(newest).bind(id).bind(before).bind(PAGE).fetch_all(database.reads()).await?;
    Ok(Some(page(rows, currency)))
}

/// The page that `rows`, the newest first, are.
fn page(rows: Vec<BookingRow>, currency: Currency) -> History {
    let full = rows.len() as i64 == PAGE;
    let next = rows.last().filter(|_| full).map(|row| row.0);
    let booking = |(id, at, amount, left, text)| Booking {
        id,
        at: Timestamp(at),
        amount: Money::new(amount, currency),
        left: Money::new(left, currency),
        text,
    };
    History { bookings: rows.into_iter().map(booking).collect(), next }
}

/// Puts `history` in the place of what was booked on an account or card.
pub async fn replace(
    change: &mut Connection,
    product: Product,
    id: &str,
    history: &[SeedBooking],
) -> Result<(), DatabaseError> {
    let table = product.word();
    let clear = AssertSqlSafe(format!(
        "DELETE FROM {table}_booking WHERE {table}_id = $1 AND instruction_id IS NULL"
    ));
    query(clear).bind(id).execute(&mut *change).await?;
    for booking in history {
        let put = AssertSqlSafe(format!(
            "INSERT INTO {table}_booking ({table}_id, at, amount, text) VALUES ($1, $2, $3, $4)"
        ));
        query(put)
            .bind(id)
            .bind(booking.at.0)
            .bind(booking.amount)
            .bind(&booking.text)
            .execute(&mut *change)
            .await?;
    }
    Ok(())
}
