//! A member leaves: all that names the person goes, and the ledger stays whole under pseudonyms.

use domain::Timestamp;
use server_kit::{Change, Connection, Database, DatabaseError};
use sqlx::{query, query_as};

use crate::members::{MemberEvent, add_event};

/// What came of a wish to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// Nothing stands in the way; or, once it was done, the member has left.
    Free,
    /// There is money in a wallet, or reserved.
    WalletNotEmpty,
    /// A deposit is on its way.
    DepositPending,
    /// An operator has not said yet whether it pays.
    SettlementPending,
}

/// What stands in the way of leaving.
const PENDING_DEPOSITS: &str =
    "SELECT COUNT(*) FROM deposit WHERE member_id = $1 AND state = 'pending'";
const PENDING_SETTLEMENTS: &str =
    "SELECT COUNT(*) FROM settlement WHERE member_id = $1 AND state = 'pending'";
const WALLETS_NOT_EMPTY: &str = "SELECT COUNT(*)
    FROM method m JOIN ledger_account a ON a.name = 'member:' || m.held_id || ':' || m.currency
    JOIN ledger_entry e ON e.account = a.id
    WHERE m.member_id = $1 AND m.held_by = 'wallet'
        AND e.number = (SELECT MAX(number) FROM ledger_entry WHERE account = e.account)
        AND (e.credits_posted <> e.debits_posted OR e.debits_pending <> 0
            OR e.credits_pending <> 0)";

/// All rows that name the person or open something to them. What stays names a pseudonym: the ledger,
/// deposits, and the registration history.
const FORGOTTEN: [&str; 12] = [
    "DELETE FROM report_credential WHERE member_id = $1",
    "DELETE FROM unlock_limit WHERE member_id = $1",
    "DELETE FROM security_log WHERE member_id = $1",
    "DELETE FROM reset WHERE member_id = $1",
    "DELETE FROM email_change WHERE member_id = $1",
    "DELETE FROM payment_token WHERE member_id = $1",
    "DELETE FROM event WHERE member_id = $1",
    "DELETE FROM session WHERE member_id = $1",
    "DELETE FROM device WHERE member_id = $1",
    "DELETE FROM method WHERE member_id = $1",
    "DELETE FROM registration WHERE user_id = (SELECT user_id FROM member WHERE id = $1)",
    "DELETE FROM member WHERE id = $1",
];

/// Whether a member could leave now.
pub async fn standing(database: &Database, member_id: &str) -> Result<Leaving, DatabaseError> {
    let look = |mut change: Change| async move {
        let standing = in_the_way(&mut change, member_id).await?;
        change.keep(standing)
    };
    database.moment(look).await
}

async fn in_the_way(
    connection: &mut Connection,
    member_id: &str,
) -> Result<Leaving, DatabaseError> {
    for (count, found) in [
        (PENDING_DEPOSITS, Leaving::DepositPending),
        (PENDING_SETTLEMENTS, Leaving::SettlementPending),
        (WALLETS_NOT_EMPTY, Leaving::WalletNotEmpty),
    ] {
        let (count,): (i64,) = query_as(count).bind(member_id).fetch_one(&mut *connection).await?;
        if count > 0 {
            return Ok(found);
        }
    }
    Ok(Leaving::Free)
}

/// The member leaves, unless something stands in the way.
pub async fn leave(
    database: &Database,
    member_id: &str,
    now: Timestamp,
) -> Result<Leaving, DatabaseError> {
    let left = database
        .transaction(|mut change: Change| async move {
            let standing = in_the_way(&mut change, member_id).await?;
            if standing != Leaving::Free {
                return change.keep(standing);
            }
            for forget in FORGOTTEN {
                query(forget).bind(member_id).execute(&mut *change).await?;
            }
            add_event(&mut change, member_id, MemberEvent::Left, now).await?;
            change.keep(Leaving::Free)
        })
        .await?;
    if left == Leaving::Free && database.drop_log().await.is_err() {
        tracing::warn!("what was deleted stays in the database's log until it is written over");
    }
    Ok(left)
}
