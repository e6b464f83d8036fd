//! The ledger's rows as they are read.

use ledger::{
    Account, Amount, Digest, Entry, Head, Kind, Refusal, Side, Totals, Transfer, TransferId,
};
use server_kit::{Answers, DatabaseError, Statement, damaged};
use sqlx::FromRow;

/// The columns of [`TransferRow`], of a table named `t`.
pub const TRANSFER: &str =
    "t.id, t.kind, t.debit, t.credit, t.amount, t.released, t.of_id, t.at, t.expires_at, t.content";
/// The columns of [`EntryRow`], of a table named `e` and its account named `a`.
pub const ENTRY: &str = "a.name AS account, e.number, e.transfer_id, e.side, e.posted, e.pending,
    e.debits_posted, e.credits_posted, e.debits_pending, e.credits_pending, e.hash";

/// A row of `ledger_transfer`.
#[derive(FromRow)]
pub struct TransferRow {
    id: String,
    kind: i64,
    debit: String,
    credit: String,
    amount: i64,
    released: i64,
    of_id: Option<String>,
    at: i64,
    expires_at: Option<i64>,
    content: Vec<u8>,
}

/// A row of `ledger_entry`.
#[derive(FromRow)]
pub struct EntryRow {
    account: String,
    number: i64,
    transfer_id: String,
    side: i64,
    posted: i64,
    pending: i64,
    debits_posted: i64,
    credits_posted: i64,
    debits_pending: i64,
    credits_pending: i64,
    hash: Vec<u8>,
}

/// An account with its last entry.
#[derive(FromRow)]
pub struct HeadRow {
    account_id: i64,
    #[sqlx(flatten)]
    entry: EntryRow,
}

/// A row of `ledger_refusal`.
#[derive(FromRow)]
pub struct RefusalRow {
    id: String,
    content: Vec<u8>,
    refusal: i64,
}

impl TryFrom<TransferRow> for Transfer {
    type Error = DatabaseError;

    fn try_from(row: TransferRow) -> Result<Self, DatabaseError> {
        Ok(Self {
            id: id(&row.id)?,
            kind: Kind::from_number(row.kind).ok_or_else(|| damaged("kind"))?,
            debit: account(&row.debit)?,
            credit: account(&row.credit)?,
            amount: Amount::new(row.amount).ok_or_else(|| damaged("amount"))?,
            released: row.released,
            of: row.of_id.as_deref().map(id).transpose()?,
            at: row.at,
            expires_at: row.expires_at,
            content: digest(row.content)?,
        })
    }
}

impl TryFrom<EntryRow> for Entry {
    type Error = DatabaseError;

    fn try_from(row: EntryRow) -> Result<Self, DatabaseError> {
        Ok(Self {
            account: account(&row.account)?,
            number: row.number,
            transfer: id(&row.transfer_id)?,
            side: Side::from_number(row.side).ok_or_else(|| damaged("side"))?,
            posted: row.posted,
            pending: row.pending,
            totals: Totals {
                debits_posted: row.debits_posted,
                credits_posted: row.credits_posted,
                debits_pending: row.debits_pending,
                credits_pending: row.credits_pending,
            },
            hash: digest(row.hash)?,
        })
    }
}

impl EntryRow {
    /// Which entry it is, as a break names it.
    pub fn place(&self) -> String {
        format!("{}, entry {}", self.account, self.number)
    }
}

impl HeadRow {
    /// The account, its number and its end.
    pub fn read(self) -> Result<(Account, i64, Head), DatabaseError> {
        let entry = Entry::try_from(self.entry)?;
        let head = entry.head();
        Ok((entry.account, self.account_id, head))
    }
}

impl RefusalRow {
    /// The id, what was asked and why it failed.
    pub fn read(self) -> Result<(TransferId, Digest, Refusal), DatabaseError> {
        let refusal = Refusal::from_number(self.refusal).ok_or_else(|| damaged("refusal"))?;
        Ok((id(&self.id)?, digest(self.content)?, refusal))
    }
}

fn id(text: &str) -> Result<TransferId, DatabaseError> {
    text.parse().map_err(|_| damaged("id"))
}

fn account(text: &str) -> Result<Account, DatabaseError> {
    text.parse().map_err(|_| damaged("account"))
}

fn digest(bytes: Vec<u8>) -> Result<Digest, DatabaseError> {
    bytes.try_into().map_err(|_| damaged("hash"))
}

/// Asks whether something was done under this id.
pub fn ask_done(id: TransferId) -> Statement {
    Statement::new("SELECT COUNT(*) FROM ledger_transfer WHERE id = $1").bind(id.to_string())
}

/// The answer to [`ask_done`].
pub fn is_done(answers: &mut Answers) -> Result<bool, DatabaseError> {
    Ok(answers.row::<(i64,)>()?.is_some_and(|(count,)| count > 0))
}
