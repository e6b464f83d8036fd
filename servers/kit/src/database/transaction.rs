//! The one transaction: all of it or nothing, and whole again where the database asks for that.

use std::ops::{Deref, DerefMut};

use sqlx::{Any, AnyPool, pool::PoolConnection};

use super::{
    error::{DatabaseError, is_to_be_repeated},
    script::{Answers, Connection, Script, Statement},
};

/// How often a transaction is done again before its failure is told.
const REPEATS: u32 = 5;

/// Takes the write lock at once: a reading transaction that turns to writing can be refused.
pub(super) const TO_WRITE: &str = "BEGIN IMMEDIATE";
/// All statements see one moment.
pub(super) const TO_READ: &str = "BEGIN";
const COMMIT: &str = "COMMIT";

/// A transaction under way. Dropped without [`Change::keep`], nothing of it lasts.
pub struct Change {
    connection: PoolConnection<Any>,
    is_open: bool,
}

/// A transaction that is to last, what is still to be done in it, and what it answers.
pub struct Kept<T> {
    change: Change,
    last: Script,
    value: T,
}

impl Change {
    /// Begins one, does `first` in it and tells what that came to.
    async fn begin(
        pool: &AnyPool,
        begin: &'static str,
        first: Script,
    ) -> Result<(Self, Answers), DatabaseError> {
        // Open before it is begun: who gives up while it begins must not leave a connection behind
        // that holds the write lock.
        let mut change = Self { connection: pool.acquire().await?, is_open: true };
        let mut script = Script::from([Statement::new(begin)]);
        script.extend(first);
        let mut answers = script.run(&mut change).await?;
        answers.changed()?;
        Ok((change, answers))
    }

    async fn end(mut self, last: Script) -> Result<(), DatabaseError> {
        let mut script = last;
        script.add(Statement::new(COMMIT));
        script.run(&mut self).await?;
        self.is_open = false;
        Ok(())
    }

    /// The transaction is to last and answers `value`.
    ///
    /// # Errors
    /// None: it is the end of a chain that has some.
    pub fn keep<T>(self, value: T) -> Result<Kept<T>, DatabaseError> {
        self.keep_after(Script::default(), value)
    }

    /// As [`Self::keep`], when `last` is done too: all of it or nothing.
    ///
    /// # Errors
    /// None: it is the end of a chain that has some.
    pub fn keep_after<T>(self, last: Script, value: T) -> Result<Kept<T>, DatabaseError> {
        Ok(Kept { change: self, last, value })
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

/// Does `first` and then `work` in a transaction that begins with `begin`, again where the database gives
/// it up.
pub(super) async fn run<T, F>(
    pool: &AnyPool,
    begin: &'static str,
    first: &Script,
    work: impl Fn(Change, Answers) -> F,
) -> Result<T, DatabaseError>
where
    F: Future<Output = Result<Kept<T>, DatabaseError>>,
{
    repeated(|| once(pool, begin, first, &work)).await
}

async fn once<T, F>(
    pool: &AnyPool,
    begin: &'static str,
    first: &Script,
    work: &impl Fn(Change, Answers) -> F,
) -> Result<T, DatabaseError>
where
    F: Future<Output = Result<Kept<T>, DatabaseError>>,
{
    let (change, answers) = Change::begin(pool, begin, first.clone()).await?;
    let Kept { change, last, value } = work(change, answers).await?;
    change.end(last).await?;
    Ok(value)
}

/// Does all of `script` in a transaction that begins with `begin`, and tells what it came to.
pub(super) async fn at_once(
    pool: &AnyPool,
    begin: &'static str,
    script: &Script,
) -> Result<Answers, DatabaseError> {
    repeated(|| async {
        let mut whole = script.clone();
        whole.add(Statement::new(COMMIT));
        let (mut change, mut answers) = Change::begin(pool, begin, whole).await?;
        change.is_open = false;
        answers.forget_last();
        Ok(answers)
    })
    .await
}

/// Tries again what the database gave up.
async fn repeated<T, F>(attempt: impl Fn() -> F) -> Result<T, DatabaseError>
where
    F: Future<Output = Result<T, DatabaseError>>,
{
    let mut repeats = REPEATS;
    loop {
        match attempt().await {
            Err(error) if repeats > 0 && is_to_be_repeated(&error) => repeats -= 1,
            done => return done,
        }
    }
}
