//! Statement lines, suspense and our side of both, in the database.

use std::collections::BTreeMap;

use domain::{Money, wire::DayLine};
use server_kit::{Connection, DatabaseError, Day, currency, damaged};
use sqlx::{Any, FromRow, any::AnyArguments, query, query::Query, query_as};
use uuid::Uuid;

/// What the operator says of an instruction, or what lies in suspense for it.
#[derive(FromRow)]
pub struct MoneyRow {
    instruction_id: String,
    reference: String,
    amount: i64,
    currency: String,
    at: i64,
}

/// One such item of money, read.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// The instruction.
    pub id: Uuid,
    /// The deposit.
    pub reference: Uuid,
    /// How much.
    pub amount: Money,
    /// When.
    pub at: i64,
}

impl TryFrom<MoneyRow> for Item {
    type Error = DatabaseError;

    fn try_from(row: MoneyRow) -> Result<Self, DatabaseError> {
        let currency = currency(&row.currency)?;
        Ok(Self {
            id: row.instruction_id.parse().map_err(|_| damaged("instruction_id"))?,
            reference: row.reference.parse().map_err(|_| damaged("reference"))?,
            amount: Money::new(row.amount, currency),
            at: row.at,
        })
    }
}

fn read(rows: Vec<MoneyRow>) -> Result<Vec<Item>, DatabaseError> {
    rows.into_iter().map(Item::try_from).collect()
}

/// A statement whose first eight values are the operator and all that a line says.
fn of_line<'q>(
    statement: &'static str,
    operator: &'q str,
    line: &'q DayLine,
) -> Query<'q, Any, AnyArguments> {
    query(statement)
        .bind(operator)
        .bind(line.line)
        .bind(line.id.to_string())
        .bind(line.reference.to_string())
        .bind(line.action.word())
        .bind(line.amount.amount)
        .bind(line.amount.currency.code())
        .bind(line.at.0)
}

/// Keeps a line, unless it is there already; whether it is new.
pub async fn put_line(
    change: &mut Connection,
    operator: &str,
    day: Day,
    line: &DayLine,
) -> Result<bool, DatabaseError> {
    let statement = "INSERT INTO statement_line (operator, line, instruction_id, reference, action,
            amount, currency, at, day) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (operator, line) DO NOTHING";
    let done = of_line(statement, operator, line).bind(day.to_string()).execute(change).await?;
    Ok(done.rows_affected() > 0)
}

/// Whether the line that is kept under this number says the same.
pub async fn is_kept(
    change: &mut Connection,
    operator: &str,
    line: &DayLine,
) -> Result<bool, DatabaseError> {
    let statement = "SELECT line FROM statement_line WHERE operator = $1 AND line = $2
            AND instruction_id = $3 AND reference = $4 AND action = $5 AND amount = $6
            AND currency = $7 AND at = $8";
    Ok(of_line(statement, operator, line).fetch_optional(change).await?.is_some())
}

/// The lines of a day.
pub async fn lines_of_day(
    change: &mut Connection,
    operator: &str,
    day: Day,
) -> Result<Vec<Item>, DatabaseError> {
    let statement = "SELECT instruction_id, reference, amount, currency, at FROM statement_line
        WHERE operator = $1 AND day = $2 ORDER BY line";
    lines(change, statement, operator, day.to_string()).await
}

/// All lines of an instruction, whatever the day.
pub async fn lines_of(
    change: &mut Connection,
    operator: &str,
    id: Uuid,
) -> Result<Vec<Item>, DatabaseError> {
    let statement = "SELECT instruction_id, reference, amount, currency, at FROM statement_line
        WHERE operator = $1 AND instruction_id = $2 ORDER BY line";
    lines(change, statement, operator, id.to_string()).await
}

async fn lines(
    change: &mut Connection,
    statement: &'static str,
    operator: &str,
    of: String,
) -> Result<Vec<Item>, DatabaseError> {
    read(query_as(statement).bind(operator).bind(of).fetch_all(change).await?)
}

/// What was put into suspense, the oldest first: of one instruction, or of all.
pub async fn suspense(
    change: &mut Connection,
    operator: &str,
    id: Option<Uuid>,
) -> Result<Vec<Item>, DatabaseError> {
    read(
        query_as(
            "SELECT instruction_id, reference, amount, currency, at FROM suspense_item
             WHERE operator = $1 AND ($2 = '' OR instruction_id = $2) ORDER BY at, transfer_id",
        )
        .bind(operator)
        .bind(id.map_or_else(String::new, |id| id.to_string()))
        .fetch_all(change)
        .await?,
    )
}

/// Writes down what the transfer `transfer` puts into suspense.
pub async fn put_suspense(
    change: &mut Connection,
    operator: &str,
    transfer: Uuid,
    item: &Item,
) -> Result<(), DatabaseError> {
    query(
        "INSERT INTO suspense_item (transfer_id, operator, instruction_id, reference, amount,
            currency, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(transfer.to_string())
    .bind(operator)
    .bind(item.id.to_string())
    .bind(item.reference.to_string())
    .bind(item.amount.amount)
    .bind(item.amount.currency.code())
    .bind(item.at)
    .execute(change)
    .await?;
    Ok(())
}

/// What the operator confirmed that it took (above zero) or gave back (below), under an instruction made
/// from `reference`: our side of it.
pub async fn confirmed(
    change: &mut Connection,
    operator: &str,
    reference: Uuid,
    given_back: bool,
) -> Result<Option<Money>, DatabaseError> {
    let statement = if given_back {
        "SELECT -r.amount, r.currency FROM settlement_refund r
         JOIN settlement s ON s.id = r.settlement_id
         WHERE r.id = $1 AND s.operator = $2 AND r.state = 'done'"
    } else {
        "SELECT amount, currency FROM deposit
         WHERE id = $1 AND operator = $2 AND state = 'done'
         UNION ALL SELECT amount, currency FROM settlement
         WHERE id = $1 AND operator = $2 AND state = 'captured'"
    };
    let row: Option<(i64, String)> = query_as(statement)
        .bind(reference.to_string())
        .bind(operator)
        .fetch_optional(change)
        .await?;
    let money = |(amount, code): (i64, String)| {
        let currency = currency(&code)?;
        Ok(Money::new(amount, currency))
    };
    row.map(money).transpose()
}

/// The deposits and settlements whose money the operator took on a day, and the refunds whose money it
/// gave back (`true`), by what it confirmed.
pub async fn confirmed_on(
    change: &mut Connection,
    operator: &str,
    day: Day,
) -> Result<Vec<(Uuid, bool)>, DatabaseError> {
    let rows: Vec<(String, i64)> = query_as(
        "SELECT id, 0 AS given_back FROM deposit
         WHERE operator = $1 AND state = 'done' AND taken_at >= $2 AND taken_at < $3
         UNION ALL SELECT id, 0 FROM settlement
         WHERE operator = $1 AND state = 'captured' AND taken_at >= $2 AND taken_at < $3
         UNION ALL SELECT r.id, 1 FROM settlement_refund r
         JOIN settlement s ON s.id = r.settlement_id
         WHERE s.operator = $1 AND r.state = 'done' AND r.taken_at >= $2 AND r.taken_at < $3
         ORDER BY 1",
    )
    .bind(operator)
    .bind(day.begins().0)
    .bind(day.ends().0)
    .fetch_all(change)
    .await?;
    let read = |(id, given_back): &(String, i64)| {
        Ok((id.parse().map_err(|_| damaged("id"))?, *given_back == 1))
    };
    rows.iter().map(read).collect()
}

/// What the operator owes by the ledger and by all its lines, minor units by currency.
pub async fn owed(
    change: &mut Connection,
    operator: &str,
) -> Result<[BTreeMap<String, i64>; 2], DatabaseError> {
    let standing: Vec<(String, i64)> =
        query_as("SELECT account, available FROM ledger_standing WHERE account LIKE $1")
            .bind(format!("clearing:{operator}:%"))
            .fetch_all(&mut *change)
            .await?;
    let mut clearing: BTreeMap<String, i64> = BTreeMap::new();
    for (account, available) in standing {
        let code = account.rsplit(':').next().unwrap_or_default().to_owned();
        let sum = clearing.entry(code).or_default();
        *sum = sum.checked_sub(available).ok_or_else(|| damaged("available"))?;
    }
    let by_files: Vec<(String, i64)> = query_as(
        "SELECT currency, CAST(SUM(amount) AS BIGINT) FROM statement_line
         WHERE operator = $1 GROUP BY currency",
    )
    .bind(operator)
    .fetch_all(change)
    .await?;
    Ok([clearing, by_files.into_iter().collect()])
}
