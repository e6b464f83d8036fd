//! Up to how much a member's unlocked phone agrees, in the database.

use domain::{Money, wire::UnlockLimit};
use server_kit::{Database, DatabaseError, currency, damaged};
use sqlx::{query, query_as};

/// What the member allows; `None` while that is nothing.
pub async fn of(
    database: &Database,
    member_id: &str,
) -> Result<Option<UnlockLimit>, DatabaseError> {
    let kept: Option<(i64, String, i64)> =
        query_as("SELECT amount, currency, a_day FROM unlock_limit WHERE member_id = $1")
            .bind(member_id)
            .fetch_optional(database.reads())
            .await?;
    let read = |(amount, code, a_day): (i64, String, i64)| {
        let amount = Money::new(amount, currency(&code)?);
        let a_day = u32::try_from(a_day).map_err(|_| damaged("a_day"))?;
        Ok(UnlockLimit { amount, a_day })
    };
    kept.map(read).transpose()
}

/// Allows so much from now on; nothing, where the amount or the count is zero.
pub async fn put(
    database: &Database,
    member_id: &str,
    limit: &UnlockLimit,
) -> Result<(), DatabaseError> {
    if limit.amount.amount == 0 || limit.a_day == 0 {
        query("DELETE FROM unlock_limit WHERE member_id = $1")
            .bind(member_id)
            .execute(database.reads())
            .await?;
        return Ok(());
    }
    query(
        "INSERT INTO unlock_limit (member_id, amount, currency, a_day) VALUES ($1, $2, $3, $4)
         ON CONFLICT (member_id) DO UPDATE SET amount = excluded.amount,
            currency = excluded.currency, a_day = excluded.a_day",
    )
    .bind(member_id)
    .bind(limit.amount.amount)
    .bind(limit.amount.currency.code())
    .bind(i64::from(limit.a_day))
    .execute(database.reads())
    .await?;
    Ok(())
}
