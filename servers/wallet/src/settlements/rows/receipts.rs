//! What a receipt says, as the database has it.

use domain::{
    Method, Money, Timestamp,
    wire::{Receipt, ReceiptRefund, Settlement},
};
use server_kit::{Database, DatabaseError, currency, damaged, from_json};
use sqlx::{query_as, query_scalar};

use crate::register;

/// The receipt of a settlement; `None` unless it paid, and where its store is not in the register any
/// more.
pub async fn receipt(
    database: &Database,
    settlement: &Settlement,
    member_id: &str,
) -> Result<Option<Receipt>, DatabaseError> {
    let id = settlement.id.to_string();
    let paid_at: Option<i64> =
        query_scalar("SELECT captured_at FROM settlement WHERE id = $1 AND state = 'captured'")
            .bind(&id)
            .fetch_optional(database.reads())
            .await?;
    let store = register::of_id(database, settlement.store).await?;
    let Some((paid_at, store)) = paid_at.zip(store) else { return Ok(None) };
    let method: Option<String> =
        query_scalar("SELECT definition FROM method WHERE member_id = $1 AND id = $2")
            .bind(member_id)
            .bind(&settlement.method.0)
            .fetch_optional(database.reads())
            .await?;
    let method = method.map(|text| from_json::<Method>(&text, "definition")).transpose()?;
    Ok(Some(Receipt {
        settlement: settlement.id,
        store: settlement.store,
        store_name: settlement.store_name.clone(),
        store_address: store.address,
        method: method.map(|method| method.name).unwrap_or_default(),
        channel: settlement.channel,
        amount: settlement.amount,
        paid_at: Timestamp(paid_at),
        refunds: refunds(database, &id).await?,
    }))
}

async fn refunds(database: &Database, id: &str) -> Result<Vec<ReceiptRefund>, DatabaseError> {
    let rows: Vec<(String, i64, String, i64)> = query_as(
        "SELECT id, amount, currency, at FROM settlement_refund
         WHERE settlement_id = $1 AND state = 'done' ORDER BY at, id",
    )
    .bind(id)
    .fetch_all(database.reads())
    .await?;
    let read = |(id, amount, code, at): (String, i64, String, i64)| {
        let id = id.parse().map_err(|_| damaged("id"))?;
        let amount = Money::new(amount, currency(&code)?);
        Ok(ReceiptRefund { id, amount, at: Timestamp(at) })
    };
    rows.into_iter().map(read).collect()
}
