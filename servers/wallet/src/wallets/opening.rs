//! What a wallet held before it was in the ledger becomes its first entry.

use domain::{Currency, Timestamp};
use ledger::{Account, Action, Amount, Owner, Request, part_of};
use server_kit::{Change, Connection, Database, DatabaseError, currency, damaged};
use sqlx::{FromRow, query, query_as};
use uuid::Uuid;

use super::adding::add;

/// [`open`] in a transaction of its own, for a database from before there was a ledger.
///
/// # Errors
/// As for [`open`].
pub async fn open_all(database: &Database, now: Timestamp) -> Result<(), DatabaseError> {
    let opening = |mut change: Change| async move {
        open(&mut change, now.0).await?;
        change.keep(())
    };
    database.transaction(opening).await
}

#[derive(FromRow)]
struct Unopened {
    member_id: String,
    id: String,
    balance: i64,
    currency: String,
}

/// Gives every wallet that has none its account, and posts to it what the row said it held. A wallet
/// that is there already (its member was seeded again) keeps what the ledger says.
///
/// # Errors
/// When the database fails, or a row holds what this program did not write.
pub async fn open(connection: &mut Connection, at: i64) -> Result<(), DatabaseError> {
    let unopened: Vec<Unopened> = query_as(
        "SELECT member_id, id, balance, currency FROM method
         WHERE held_by = 'wallet' AND held_id = '' ORDER BY member_id, id",
    )
    .fetch_all(&mut *connection)
    .await?;
    for method in unopened {
        let wallet = wallet_of(&method)?;
        let currency = currency(&method.currency)?;
        if let Some(amount) = Amount::new(method.balance) {
            // Again with another amount is rejected, and the ledger stays as it is.
            add(connection, &[deposit(wallet, currency, amount)], at).await?;
        }
        query("UPDATE method SET held_id = $1, balance = NULL WHERE member_id = $2 AND id = $3")
            .bind(wallet.to_string())
            .bind(&method.member_id)
            .bind(&method.id)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// The wallet's pseudonym: the same for the same method of the same member, and nothing that leads
/// back once the member's rows are gone.
fn wallet_of(method: &Unopened) -> Result<Uuid, DatabaseError> {
    let member: Uuid = method.member_id.parse().map_err(|_| damaged("member_id"))?;
    Ok(Uuid::new_v5(&member, method.id.as_bytes()))
}

fn deposit(wallet: Uuid, currency: Currency, amount: Amount) -> Request {
    let id = Uuid::new_v5(&wallet, b"opening");
    let debit = Account::new(Owner::Outside { part: part_of(id) }, currency);
    let credit = Account::new(Owner::Member(wallet), currency);
    Request { id, action: Action::Post { debit, credit, amount } }
}
