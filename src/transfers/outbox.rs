//! The outbox's file: a transfer is on the disk before it is sent, and what has ended stays ended.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::{Currency, MethodId, Money, Timestamp, from_json};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};
use uuid::Uuid;

use super::transfer::{Failure, Stage, Transfer};
use crate::{cache::is_damage, phone::put_database_aside};

/// What makes each format of the one before it, the first of an empty file.
const STEPS: [&str; 5] = [TABLE, PAYMENT_TABLE, CHANNEL, AMOUNT, HEARD_TABLE];
/// The most that a member may have under way: a person who asks for more has lost count.
const MOST_UNDER_WAY: i64 = 20;
/// Ended transfers that are kept for each member; the server's history has them all.
const MOST_ENDED: i64 = 50;

const TABLE: &str = "
    CREATE TABLE transfer (
        number   INTEGER PRIMARY KEY,
        id       BLOB NOT NULL UNIQUE,
        owner    BLOB NOT NULL,
        source   TEXT NOT NULL,
        amount   INTEGER NOT NULL CHECK (amount > 0),
        currency TEXT NOT NULL,
        made_at  INTEGER NOT NULL,
        stage    TEXT NOT NULL CHECK (stage IN ('written', 'accepted', 'done', 'failed')),
        failure  TEXT,
        CHECK ((stage = 'failed') = (failure IS NOT NULL))
    ) STRICT;
    CREATE INDEX transfer_owner ON transfer (owner, stage);
";

/// Since format 2. Stage and answer are JSON.
const PAYMENT_TABLE: &str = "
    CREATE TABLE payment (
        number    INTEGER PRIMARY KEY,
        id        BLOB NOT NULL UNIQUE,
        owner     BLOB NOT NULL,
        code      TEXT NOT NULL,
        method    TEXT NOT NULL,
        made_at   INTEGER NOT NULL,
        stage     TEXT NOT NULL,
        under_way INTEGER NOT NULL CHECK (under_way IN (0, 1)),
        told      TEXT
    ) STRICT;
    CREATE UNIQUE INDEX payment_under_way ON payment (owner) WHERE under_way = 1;
";

/// Since format 3; empty where the code tells the channel.
const CHANNEL: &str = "ALTER TABLE payment ADD COLUMN channel TEXT NOT NULL DEFAULT '';";

/// Since format 4; JSON.
const AMOUNT: &str = "ALTER TABLE payment ADD COLUMN amount TEXT;";

/// Since format 5.
const HEARD_TABLE: &str = "
    CREATE TABLE heard (owner BLOB PRIMARY KEY, event INTEGER NOT NULL) STRICT;
";

const COLUMNS: &str = "id, source, amount, currency, made_at, stage, failure";
const UNDER_WAY: &str = "stage IN ('written', 'accepted')";

/// The transfers asked for on this phone. Without a file until there is the first.
pub(crate) struct Outbox {
    path: PathBuf,
    /// `None` while there is no file, or none that can be opened. Held for one transaction, which may wait for the disk.
    file: Mutex<Option<Connection>>,
    has_put_aside: bool,
}

/// The outbox cannot be read or written.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("outbox unusable")]
pub(crate) struct OutboxError;

impl From<rusqlite::Error> for OutboxError {
    fn from(_: rusqlite::Error) -> Self {
        Self
    }
}

/// Why a transfer was not written, and so will not be sent.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotWritten {
    /// Its id is that of another.
    #[error("the id was used for another transfer")]
    IdUsed,
    /// Too many are under way.
    #[error("too many transfers are under way")]
    TooMany,
    /// The phone's storage.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
}

impl From<rusqlite::Error> for NotWritten {
    fn from(_: rusqlite::Error) -> Self {
        Self::Outbox(OutboxError)
    }
}

impl Outbox {
    /// Opens the outbox at `path`, if there is one; a file that is none is put aside. What it held is
    /// told by the server's history. One that the storage does not let be opened now is opened by the
    /// calls that need it.
    pub fn open(path: &Path) -> Self {
        let outbox = |file, has_put_aside| Self {
            path: path.to_owned(),
            file: Mutex::new(file),
            has_put_aside,
        };
        if !path.exists() {
            return outbox(None, false);
        }
        match connect(path) {
            Ok(Some(connection)) => outbox(Some(connection), false),
            Err(error) if !is_damage(&error) => outbox(None, false),
            Ok(None) | Err(_) => outbox(None, put_database_aside(path).is_ok()),
        }
    }

    /// Whether a file was put aside when this was opened.
    pub fn has_put_aside(&self) -> bool {
        self.has_put_aside
    }

    /// The file, where there is one.
    ///
    /// # Errors
    /// [`OutboxError`] when there is one that cannot be opened.
    pub(super) fn file(&self) -> Result<MutexGuard<'_, Option<Connection>>, OutboxError> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if file.is_none() && self.path.exists() {
            *file = Some(connect(&self.path)?.ok_or(OutboxError)?);
        }
        Ok(file)
    }

    /// The file, made where there is none.
    pub(super) fn made(&self) -> Result<MutexGuard<'_, Option<Connection>>, OutboxError> {
        let mut file = self.file()?;
        if file.is_none() {
            *file = connect(&self.path)?;
        }
        Ok(file)
    }

    /// Writes down what `owner` asked for. It is on the disk when this returns; the same once more
    /// does nothing, whatever has become of it.
    ///
    /// # Errors
    /// [`NotWritten`]; it is then not in the outbox.
    pub fn write(&self, owner: Uuid, transfer: &Transfer) -> Result<(), NotWritten> {
        let mut file = self.made()?;
        let connection = file.as_mut().ok_or(OutboxError)?;
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        match by_id(&change, transfer.id)? {
            Some((of, before)) if of == owner && is_same(&before, transfer) => return Ok(()),
            Some(_) => return Err(NotWritten::IdUsed),
            None => {}
        }
        if count_under_way(&change, owner)? >= MOST_UNDER_WAY {
            return Err(NotWritten::TooMany);
        }
        insert(&change, owner, transfer)?;
        forget_oldest(&change, owner)?;
        Ok(change.commit()?)
    }

    /// What became of a transfer; whether that is new. It is on the disk when this returns. What has
    /// ended stays as it is.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub fn advance(&self, id: Uuid, stage: Stage) -> Result<bool, OutboxError> {
        let mut file = self.file()?;
        let Some(connection) = file.as_mut() else { return Ok(false) };
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let Some((_, before)) = by_id(&change, id)? else { return Ok(false) };
        if !before.stage.may_become(stage) {
            return Ok(false);
        }
        change.execute(
            "UPDATE transfer SET stage = ?2, failure = ?3 WHERE id = ?1",
            params![id.as_bytes(), word(stage), failure(stage)?],
        )?;
        change.commit()?;
        Ok(true)
    }

    /// What `owner` asked for and has not ended, the oldest first.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub fn under_way(&self, owner: Uuid) -> Result<Vec<Transfer>, OutboxError> {
        self.select(&format!("owner = ?1 AND {UNDER_WAY} ORDER BY number"), owner)
    }

    /// What `owner` asked for, the newest first; those that have ended long ago are left out.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub fn newest(&self, owner: Uuid) -> Result<Vec<Transfer>, OutboxError> {
        self.select("owner = ?1 ORDER BY number DESC", owner)
    }

    fn select(&self, which: &str, owner: Uuid) -> Result<Vec<Transfer>, OutboxError> {
        let file = self.file()?;
        let Some(connection) = file.as_ref() else { return Ok(Vec::new()) };
        let mut statement =
            connection.prepare_cached(&format!("SELECT {COLUMNS} FROM transfer WHERE {which}"))?;
        let mut rows = statement.query(params![owner.as_bytes()])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(transfer(row)?);
        }
        Ok(found)
    }

    /// Forgets what of `owner`'s has ended: the member leaves this phone. What has not ended stays, to
    /// be asked after when the member comes back.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub fn forget_ended(&self, owner: Uuid) -> Result<(), OutboxError> {
        let file = self.file()?;
        let Some(connection) = file.as_ref() else { return Ok(()) };
        for which in [
            format!("transfer WHERE owner = ?1 AND NOT {UNDER_WAY}"),
            "payment WHERE owner = ?1 AND NOT under_way".to_owned(),
            "heard WHERE owner = ?1".to_owned(),
        ] {
            connection.execute(&format!("DELETE FROM {which}"), params![owner.as_bytes()])?;
        }
        Ok(())
    }
}

/// The file's connection; `None` when its table is of another format.
fn connect(path: &Path) -> Result<Option<Connection>, rusqlite::Error> {
    let connection = Connection::open(path)?;
    // FULL: what was written must not be lost with the power, for what was sent is not. On Apple's
    // systems a write is on the disk only after F_FULLFSYNC.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;
         PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;",
    )?;
    let format: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let missing = usize::try_from(format).ok().and_then(|format| STEPS.get(format..));
    let Some(missing) = missing else { return Ok(None) };
    if !missing.is_empty() {
        let (missing, newest) = (missing.concat(), STEPS.len());
        connection.execute_batch(&format!(
            "BEGIN IMMEDIATE; {missing} PRAGMA user_version = {newest}; COMMIT;"
        ))?;
    }
    Ok(Some(connection))
}

fn is_same(before: &Transfer, transfer: &Transfer) -> bool {
    before.from == transfer.from && before.amount == transfer.amount
}

fn count_under_way(change: &Transaction<'_>, owner: Uuid) -> Result<i64, rusqlite::Error> {
    let count = format!("SELECT count(*) FROM transfer WHERE owner = ?1 AND {UNDER_WAY}");
    change.query_row(&count, params![owner.as_bytes()], |row| row.get(0))
}

fn insert(change: &Transaction<'_>, owner: Uuid, transfer: &Transfer) -> Result<(), OutboxError> {
    let Transfer { id, from, amount, made_at, stage } = transfer;
    change.execute(
        "INSERT INTO transfer (owner, id, source, amount, currency, made_at, stage, failure)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            owner.as_bytes(),
            id.as_bytes(),
            from.0,
            amount.amount,
            amount.currency.code(),
            made_at.0,
            word(*stage),
            failure(*stage)?
        ],
    )?;
    Ok(())
}

fn forget_oldest(change: &Transaction<'_>, owner: Uuid) -> Result<(), rusqlite::Error> {
    let delete = format!(
        "DELETE FROM transfer WHERE number IN (
             SELECT number FROM transfer WHERE owner = ?1 AND NOT {UNDER_WAY}
             ORDER BY number DESC LIMIT -1 OFFSET ?2)"
    );
    change.execute(&delete, params![owner.as_bytes(), MOST_ENDED]).map(drop)
}

fn by_id(change: &Transaction<'_>, id: Uuid) -> Result<Option<(Uuid, Transfer)>, OutboxError> {
    let query = format!("SELECT {COLUMNS}, owner FROM transfer WHERE id = ?1");
    let read =
        |row: &Row<'_>| Ok((row.get::<_, [u8; 16]>(7).map(Uuid::from_bytes)?, transfer(row)));
    let found = change.query_row(&query, params![id.as_bytes()], read).optional()?;
    found.map(|(owner, transfer)| Ok((owner, transfer?))).transpose()
}

fn transfer(row: &Row<'_>) -> Result<Transfer, OutboxError> {
    let currency: String = row.get(3)?;
    let currency = Currency::from_code(&currency).ok_or(OutboxError)?;
    Ok(Transfer {
        id: Uuid::from_bytes(row.get(0)?),
        from: MethodId(row.get(1)?),
        amount: Money::new(row.get(2)?, currency),
        made_at: Timestamp(row.get(4)?),
        stage: stage(&row.get::<_, String>(5)?, row.get(6)?)?,
    })
}

fn stage(word: &str, failure: Option<String>) -> Result<Stage, OutboxError> {
    match word {
        "written" => Ok(Stage::Written),
        "accepted" => Ok(Stage::Accepted),
        "done" => Ok(Stage::Done),
        _ => {
            let failure = failure.ok_or(OutboxError)?;
            // One that a later build wrote is a failure all the same.
            Ok(Stage::Failed(from_json(&failure).unwrap_or(Failure::NotTaken)))
        }
    }
}

fn word(stage: Stage) -> &'static str {
    match stage {
        Stage::Written => "written",
        Stage::Accepted => "accepted",
        Stage::Done => "done",
        Stage::Failed(_) => "failed",
    }
}

fn failure(stage: Stage) -> Result<Option<String>, OutboxError> {
    let Stage::Failed(failure) = stage else { return Ok(None) };
    serde_json::to_string(&failure).map(Some).map_err(|_| OutboxError)
}
