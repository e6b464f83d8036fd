//! The one transaction: all of it or nothing, and whole again where the database asks for that.

use std::ops::{Deref, DerefMut};

use sqlx::{Any, AnyPool, Executor, pool::PoolConnection};

use super::error::{DatabaseError, is_to_be_repeated};

/// A connection inside a transaction.
pub type Connection = sqlx::AnyConnection;

/// How often a transaction is done again before its failure is told.
const REPEATS: u32 = 5;

/// Takes the write lock at once: a reading transaction that turns to writing can be refused.
pub(super) const TO_WRITE: &str = "BEGIN IMMEDIATE";
/// All statements see one moment.
pub(super) const TO_READ: &str = "BEGIN";

/// A transaction under way. Dropped without [`Change::keep`], nothing of it lasts.
pub struct Change {
    connection: PoolConnection<Any>,
    is_open: bool,
}

/// A transaction that is to last, and what it answers.
pub struct Kept<T> {
    change: Change,
    value: T,
}

impl Change {
    async fn begin(pool: &AnyPool, begin: &'static str) -> Result<Self, DatabaseError> {
        // Open before it is begun: who gives up while it begins must not leave a connection behind
        // that holds the write lock.
        let mut change = Self { connection: pool.acquire().await?, is_open: true };
        change.execute(begin).await?;
        Ok(change)
    }

    /// The transaction is to last and answers `value`.
    ///
    /// # Errors
    /// None: it is the end of a chain that has some.
    pub fn keep<T>(self, value: T) -> Result<Kept<T>, DatabaseError> {
        Ok(Kept { change: self, value })
    }
}

impl Deref for Change {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Change {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

impl Drop for Change {
    fn drop(&mut self) {
        // Closing rolls back whatever state the database is in. SQLite rolls back by itself when the
        // disk is full; a connection that was believed to be in a transaction would then fail
        // whatever comes next.
        if self.is_open {
            self.connection.close_on_drop();
        }
    }
}

/// Does `work` in a transaction that begins with `begin`, again where the database gives it up.
pub(super) async fn run<T, F>(
    pool: &AnyPool,
    begin: &'static str,
    work: impl Fn(Change) -> F,
) -> Result<T, DatabaseError>
where
    F: Future<Output = Result<Kept<T>, DatabaseError>>,
{
    let mut repeats = REPEATS;
    loop {
        match once(pool, begin, &work).await {
            Err(error) if repeats > 0 && is_to_be_repeated(&error) => repeats -= 1,
            done => return done,
        }
    }
}

async fn once<T, F>(
    pool: &AnyPool,
    begin: &'static str,
    work: &impl Fn(Change) -> F,
) -> Result<T, DatabaseError>
where
    F: Future<Output = Result<Kept<T>, DatabaseError>>,
{
    let Kept { mut change, value } = work(Change::begin(pool, begin).await?).await?;
    change.execute("COMMIT").await?;
    change.is_open = false;
    Ok(value)
}
