//! What undid the movements of a page: refunds of the ledger and of operators, joined to them.

use std::collections::HashMap;

use domain::{
    Money, Timestamp,
    wire::{Movement, MovementRefund},
};
use ledger::Kind;
use server_kit::{Connection, DatabaseError, damaged, parts, placeholders};
use sqlx::{AssertSqlSafe, FromRow, query_as};
use uuid::Uuid;

/// Refunds that are told of one movement, the newest; their sum is told of all.
const MOST_TOLD: i64 = 10;

#[derive(FromRow)]
struct Refund {
    of_id: String,
    id: String,
    amount: i64,
    at: i64,
    total: i64,
}

/// Puts beneath each movement what undid it.
pub async fn join(
    connection: &mut Connection,
    movements: &mut [Movement],
) -> Result<(), DatabaseError> {
    let by_id = |movement: &Movement| (movement.transfer, movement.left.is_some());
    let ids: Vec<(Uuid, bool)> = movements.iter().map(by_id).collect();
    let mut places: HashMap<Uuid, &mut Movement> =
        movements.iter_mut().map(|movement| (movement.transfer, movement)).collect();
    for (table, is_electronic) in [(electronic(), true), (operators(), false)] {
        let of = ids.iter().filter(|(_, electronic)| *electronic == is_electronic);
        let of: Vec<Uuid> = of.map(|(id, _)| *id).collect();
        for refund in refunds(connection, &table, &of).await? {
            let of: Uuid = refund.of_id.parse().map_err(|_| damaged("of_id"))?;
            if let Some(movement) = places.get_mut(&of) {
                add(movement, &refund)?;
            }
        }
    }
    Ok(())
}

fn add(movement: &mut Movement, refund: &Refund) -> Result<(), DatabaseError> {
    let Money { amount: change, currency } = movement.change;
    // Money goes back the way it came.
    let back = if change < 0 { refund.amount } else { -refund.amount };
    movement.refunded = Money::new(refund.total, currency);
    movement.refunds.push(MovementRefund {
        transfer: refund.id.parse().map_err(|_| damaged("id"))?,
        change: Money::new(back, currency),
        at: Timestamp(refund.at),
    });
    Ok(())
}

/// Refunds in the ledger, which has those of electronic money.
fn electronic() -> String {
    let kind = Kind::Refund.number();
    format!("SELECT of_id, id, amount, at FROM ledger_transfer WHERE kind = {kind} AND of_id")
}

/// Refunds to accounts and cards, once their operators confirmed them.
fn operators() -> String {
    "SELECT settlement_id AS of_id, id, amount, at FROM settlement_refund
     WHERE state = 'done' AND settlement_id"
        .to_owned()
}

async fn refunds(
    connection: &mut Connection,
    table: &str,
    of: &[Uuid],
) -> Result<Vec<Refund>, DatabaseError> {
    let mut refunds = Vec::new();
    for part in parts(of, 1) {
        let statement = format!(
            "SELECT of_id, id, amount, at, total FROM (SELECT of_id, id, amount, at,
                CAST(SUM(amount) OVER (PARTITION BY of_id) AS BIGINT) AS total,
                ROW_NUMBER() OVER (PARTITION BY of_id ORDER BY at DESC, id DESC) AS place
                FROM ({table} IN ({})) AS made) AS placed
             WHERE place <= {MOST_TOLD} ORDER BY of_id, place",
            placeholders(part.len())
        );
        let asked = query_as(AssertSqlSafe(statement));
        let asked = part.iter().fold(asked, |asked, id| asked.bind(id.to_string()));
        refunds.extend(asked.fetch_all(&mut *connection).await?);
    }
    Ok(refunds)
}
