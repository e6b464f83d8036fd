//! A member's electronic money, movement by movement, the newest first, page by page.

use std::collections::VecDeque;

use domain::{
    MethodId, Money, Timestamp,
    wire::{Movement, MovementKind},
};
use ledger::{Account, Entry, Kind, Owner, Side, Transfer};
use server_kit::{Connection, DatabaseError, currency, damaged};
use sqlx::{AssertSqlSafe, FromRow, query_as};
use uuid::Uuid;

use super::rows::{ENTRY, EntryRow, TRANSFER, TransferRow};

/// A wallet of a member: the method it is, and its account.
pub struct Wallet {
    method: MethodId,
    account: Account,
}

/// Movements that are read at once where all are wanted.
const AT_ONCE: usize = 500;

/// Which movements are asked for: both sides, or one.
pub type Wanted = Option<Side>;

#[derive(FromRow)]
struct Line {
    #[sqlx(flatten)]
    entry: EntryRow,
    #[sqlx(flatten)]
    transfer: TransferRow,
    store_name: Option<String>,
}

/// An entry with its transfer, and the name of the store on the other side of it.
type Known = (Entry, Transfer, Option<String>);

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

/// At most `limit` movements of `wallets`, each wallet's those before its number in `before`; and
/// `before` for the page after it, where there is more.
pub async fn page(
    connection: &mut Connection,
    wallets: &[Wallet],
    before: &[i64],
    wanted: Wanted,
    limit: usize,
) -> Result<(Vec<Movement>, Option<Vec<i64>>), DatabaseError> {
    let mut queues = Vec::with_capacity(wallets.len());
    for (wallet, before) in wallets.iter().zip(before) {
        queues.push(VecDeque::from(lines(connection, wallet, *before, wanted, limit + 1).await?));
    }
    let (mut movements, mut next) = (Vec::new(), before.to_vec());
    while movements.len() < limit {
        let Some((nth, known)) = newest(&mut queues) else { break };
        if let (Some(wallet), Some(number)) = (wallets.get(nth), next.get_mut(nth)) {
            *number = known.0.number;
            movements.extend(movement(wallet, known));
        }
    }
    let is_more = queues.iter().any(|queue| !queue.is_empty());
    Ok((movements, is_more.then_some(next)))
}

/// All movements of a member's wallets, the newest first.
pub async fn movements_of(
    connection: &mut Connection,
    member_id: &str,
) -> Result<Vec<Movement>, DatabaseError> {
    let wallets = wallets_of(connection, member_id).await?;
    let (mut all, mut next) = (Vec::new(), Some(vec![i64::MAX; wallets.len()]));
    while let Some(before) = next {
        let (movements, after) = page(connection, &wallets, &before, None, AT_ONCE).await?;
        all.extend(movements);
        next = after;
    }
    Ok(all)
}

/// Takes the newest of the first lines, with the place of its wallet. One wallet's lines stay in the
/// order of their numbers, whatever the clock did.
fn newest(queues: &mut [VecDeque<Known>]) -> Option<(usize, Known)> {
    let at = |queue: &VecDeque<Known>| queue.front().map(|(_, transfer, _)| transfer.at);
    let heads = queues.iter().enumerate().filter_map(|(nth, queue)| Some((at(queue)?, nth)));
    let (_, nth) = heads.max()?;
    Some((nth, queues.get_mut(nth)?.pop_front()?))
}

/// The newest entries of a wallet before number `before` that moved money.
async fn lines(
    connection: &mut Connection,
    wallet: &Wallet,
    before: i64,
    wanted: Wanted,
    limit: usize,
) -> Result<Vec<Known>, DatabaseError> {
    let statement = format!(
        "SELECT {ENTRY}, {TRANSFER}, s.name AS store_name
         FROM ledger_account a JOIN ledger_entry e ON e.account = a.id
         JOIN ledger_transfer t ON t.id = e.transfer_id
         LEFT JOIN store s ON s.id = (CASE
            WHEN e.side = 1 AND t.credit LIKE 'store:%' THEN SUBSTR(t.credit, 7, 36)
            WHEN e.side = 2 AND t.debit LIKE 'store:%' THEN SUBSTR(t.debit, 7, 36) END)
         WHERE a.name = $1 AND e.number < $2 AND e.posted > 0 AND e.side IN ($3, $4)
         ORDER BY e.number DESC LIMIT $5"
    );
    let sides = wanted.map_or([Side::Debit, Side::Credit], |side| [side, side]);
    let rows: Vec<Line> = query_as(AssertSqlSafe(statement))
        .bind(wallet.account.to_string())
        .bind(before)
        .bind(i64::from(sides[0].number()))
        .bind(i64::from(sides[1].number()))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(connection)
        .await?;
    let read =
        |line: Line| Ok((line.entry.try_into()?, line.transfer.try_into()?, line.store_name));
    rows.into_iter().map(read).collect()
}

/// `None` where a sum does not fit 64 bits, which no entry's does.
fn movement(wallet: &Wallet, (entry, transfer, store_name): Known) -> Option<Movement> {
    let money = |amount| Money::new(amount, wallet.account.currency);
    let (kind, change) = match (entry.side, transfer.kind) {
        (Side::Credit, Kind::Refund) => (MovementKind::Refund, entry.posted),
        (Side::Credit, _) => (MovementKind::Deposit, entry.posted),
        (Side::Debit, Kind::Refund) => (MovementKind::DepositReturned, -entry.posted),
        (Side::Debit, _) => (MovementKind::Use, -entry.posted),
    };
    Some(Movement {
        transfer: transfer.id,
        // A deposit is posted out of what was reserved for it, under its own id.
        deposit: transfer
            .of
            .filter(|_| transfer.kind == Kind::PostPending && entry.side == Side::Credit),
        undoes: transfer.of.filter(|_| transfer.kind == Kind::Refund),
        method: wallet.method.clone(),
        store_name,
        kind,
        change: money(change),
        left: money(entry.totals.available()?),
        at: Timestamp(transfer.at),
    })
}
