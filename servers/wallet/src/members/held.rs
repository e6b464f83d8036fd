use domain::{
    Balance, Currency, Money, Registered, Timestamp,
    wire::{Backing, HeldMethod},
};
use sqlx::{FromRow, SqlitePool};

#[derive(FromRow)]
struct MethodRow {
    definition: String,
    held_by: String,
    held_id: String,
    times_used: i64,
    balance: Option<i64>,
    currency: Option<String>,
    balance_as_of: Option<i64>,
}

/// The methods a member registered, in the member's order, each with its last known balance.
pub(crate) async fn held(
    database: impl sqlx::SqliteExecutor<'_>,
    member_id: &str,
) -> sqlx::Result<Vec<(HeldMethod, Option<Balance>)>> {
    let rows: Vec<MethodRow> =
        sqlx::query_as("SELECT * FROM method WHERE member_id = $1 ORDER BY place")
            .bind(member_id)
            .fetch_all(database)
            .await?;
    rows.into_iter().map(read).collect()
}

fn read(row: MethodRow) -> sqlx::Result<(HeldMethod, Option<Balance>)> {
    let damaged = |column: &str| sqlx::Error::ColumnDecode {
        index: column.to_owned(),
        source: "not a value of it".into(),
    };
    let last = match (row.balance, row.currency, row.balance_as_of) {
        (Some(amount), Some(code), Some(as_of)) => {
            let currency = Currency::from_code(&code).ok_or_else(|| damaged("currency"))?;
            Some(Balance { left: Money::new(amount, currency), as_of: Timestamp(as_of) })
        }
        _ => None,
    };
    let backing = match (row.held_by.as_str(), last) {
        ("wallet", Some(balance)) => Backing::Wallet { balance: balance.left },
        ("account", _) => Backing::Account { id: row.held_id },
        ("card", _) => Backing::Card { id: row.held_id },
        _ => return Err(damaged("held_by")),
    };
    let method = serde_json::from_str(&row.definition).map_err(|_| damaged("definition"))?;
    let times_used = u32::try_from(row.times_used).unwrap_or(u32::MAX);
    Ok((HeldMethod { method, backing, times_used }, last))
}

/// Keeps what the operator said of the member's methods, for when it is away.
pub(crate) async fn remember(
    pool: &SqlitePool,
    member_id: &str,
    told: &[Registered],
    now: Timestamp,
) -> sqlx::Result<()> {
    let mut change = pool.begin_with("BEGIN IMMEDIATE").await?;
    for registered in told {
        let Some(balance) = registered.balance.filter(|balance| balance.as_of == now) else {
            continue;
        };
        sqlx::query(
            "UPDATE method SET balance = $1, currency = $2, balance_as_of = $3
             WHERE member_id = $4 AND id = $5 AND held_by <> 'wallet'",
        )
        .bind(balance.left.amount)
        .bind(balance.left.currency.code())
        .bind(balance.as_of.0)
        .bind(member_id)
        .bind(&registered.method.id.0)
        .execute(&mut *change)
        .await?;
    }
    change.commit().await
}
