//! What a member's accounts and cards paid at stores, as their operators confirmed it.

use domain::{
    MethodId, Money, Timestamp,
    wire::{Movement, MovementKind},
};
use server_kit::{Behind, Connection, DatabaseError, currency, damaged};
use sqlx::{FromRow, query_as};

#[derive(FromRow)]
struct Paid {
    id: String,
    method_id: String,
    store_name: Option<String>,
    amount: i64,
    currency: String,
    captured_at: i64,
}

/// The newest payments behind `behind`, without their refunds.
pub async fn paid(
    connection: &mut Connection,
    member_id: &str,
    (at, id): Behind,
    limit: usize,
) -> Result<Vec<Movement>, DatabaseError> {
    let rows: Vec<Paid> = query_as(
        "SELECT p.id, p.method_id, s.name AS store_name, p.amount, p.currency, p.captured_at
         FROM settlement p LEFT JOIN store s ON s.id = p.store_id
         WHERE p.member_id = $1 AND p.state = 'captured' AND p.held_by IN ('account', 'card')
            AND (p.captured_at < $2 OR (p.captured_at = $2 AND p.id < $3))
         ORDER BY p.captured_at DESC, p.id DESC LIMIT $4",
    )
    .bind(member_id)
    .bind(at.0)
    .bind(id.to_string())
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(movement).collect()
}

fn movement(paid: Paid) -> Result<Movement, DatabaseError> {
    let currency = currency(&paid.currency)?;
    Ok(Movement {
        transfer: paid.id.parse().map_err(|_| damaged("id"))?,
        deposit: None,
        method: MethodId(paid.method_id),
        from: None,
        store_name: paid.store_name,
        kind: MovementKind::Use,
        change: Money::new(-paid.amount, currency),
        left: None,
        refunded: Money::new(0, currency),
        refunds: Vec::new(),
        at: Timestamp(paid.captured_at),
    })
}
