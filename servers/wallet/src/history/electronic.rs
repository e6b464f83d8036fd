//! How the electronic money of a member moved, each wallet's entries from the newest on.

use domain::{
    MethodId, Money, Timestamp,
    wire::{Movement, MovementKind},
};
use ledger::{Account, Entry, Kind, Owner, Side, Transfer};
use server_kit::{Connection, DatabaseError, currency, damaged};
use sqlx::{AssertSqlSafe, FromRow, query_as};
use uuid::Uuid;

use crate::wallets::{ENTRY, EntryRow, TRANSFER, TransferRow};

/// A wallet of a member: the method it is, and its account.
pub struct Wallet {
    method: MethodId,
    account: Account,
}

/// Which movements are asked for: both sides, or one.
pub type Wanted = Option<Side>;

#[derive(FromRow)]
struct Line {
    #[sqlx(flatten)]
    entry: EntryRow,
    #[sqlx(flatten)]
    transfer: TransferRow,
    store_name: Option<String>,
    taken_from: Option<String>,
}

/// The member's wallets, always in the same order.
pub async fn wallets_of(
    connection: &mut Connection,
    member_id: &str,
) -> Result<Vec<Wallet>, DatabaseError> {
    let rows: Vec<(String, String, String)> = query_as(
        "SELECT id, held_id, currency FROM method
         WHERE member_id = $1 AND held_by = 'wallet' AND held_id <> '' ORDER BY held_id",
    )
    .bind(member_id)
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|(method, held_id, code)| {
            let owner: Uuid = held_id.parse().map_err(|_| damaged("held_id"))?;
            let currency = currency(&code)?;
            let account = Account::new(Owner::Member(owner), currency);
            Ok(Wallet { method: MethodId(method), account })
        })
        .collect()
}

/// The newest movements of a wallet before number `before`, each with its number; without refunds.
pub async fn moved(
    connection: &mut Connection,
    wallet: &Wallet,
    before: i64,
    wanted: Wanted,
    limit: usize,
) -> Result<Vec<(i64, Movement)>, DatabaseError> {
    let statement = format!(
        "SELECT {ENTRY}, {TRANSFER}, s.name AS store_name, d.method_id AS taken_from
         FROM ledger_account a JOIN ledger_entry e ON e.account = a.id
         JOIN ledger_transfer t ON t.id = e.transfer_id
         LEFT JOIN store s ON e.side = 1 AND t.credit LIKE 'store:%'
            AND s.id = SUBSTR(t.credit, 7, 36)
         LEFT JOIN deposit d ON e.side = 2 AND d.id = t.of_id
         WHERE a.name = $1 AND e.number < $2 AND e.posted > 0 AND e.side IN ($3, $4)
            AND t.kind <> $5
         ORDER BY e.number DESC LIMIT $6"
    );
    let sides = wanted.map_or([Side::Debit, Side::Credit], |side| [side, side]);
    let rows: Vec<Line> = query_as(AssertSqlSafe(statement))
        .bind(wallet.account.to_string())
        .bind(before)
        .bind(i64::from(sides[0].number()))
        .bind(i64::from(sides[1].number()))
        .bind(i64::from(Kind::Refund.number()))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(|line| movement(wallet, line)).collect()
}

fn movement(wallet: &Wallet, line: Line) -> Result<(i64, Movement), DatabaseError> {
    let (entry, transfer): (Entry, Transfer) = (line.entry.try_into()?, line.transfer.try_into()?);
    let money = |amount| Money::new(amount, wallet.account.currency);
    let (kind, change) = match entry.side {
        Side::Credit => (MovementKind::Deposit, entry.posted),
        Side::Debit => (MovementKind::Use, -entry.posted),
    };
    let left = entry.totals.available().ok_or_else(|| damaged("left"))?;
    let movement = Movement {
        transfer: transfer.id,
        // A deposit is posted out of what was reserved for it, under its own id.
        deposit: transfer
            .of
            .filter(|_| transfer.kind == Kind::PostPending && entry.side == Side::Credit),
        method: wallet.method.clone(),
        from: line.taken_from.map(MethodId),
        store_name: line.store_name,
        kind,
        change: money(change),
        left: Some(money(left)),
        refunded: money(0),
        refunds: Vec::new(),
        at: Timestamp(transfer.at),
    };
    Ok((entry.number, movement))
}
