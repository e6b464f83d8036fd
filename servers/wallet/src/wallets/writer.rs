//! The one writer: what comes while a group is being made durable goes into the next group, so that
//! one commit carries many transfers. Nobody is answered before the commit.

use ledger::{Outcome, Rejection, Request};
use server_kit::{Clock, Database, DatabaseError};
use tokio::sync::{mpsc, oneshot};

use super::{
    adding::{Added, add_after},
    heads::Heads,
};

/// Most requests of one commit. Few enough that others come meanwhile: while one group is made durable, the
/// clients of the last one are answered and ask again.
const MOST: usize = 32;
/// Requests that may wait; beyond them a caller waits to be let in.
const WAITING: usize = 1024;

type Answer = Result<Outcome, Rejection>;

struct Job {
    request: Request,
    answer: oneshot::Sender<Result<Answer, NotWritten>>,
}

/// The ledger could not be written; whether the request was done is known when it is asked again
/// under the same id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ledger could not be written")]
pub struct NotWritten;

/// What became of money is not known, or the server could not write: it is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotKnown {
    /// Another try may tell.
    Yet,
    /// The server has ended.
    Ever,
}

impl From<DatabaseError> for NotKnown {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::PoolClosed => Self::Ever,
            _ => Self::Yet,
        }
    }
}

impl From<NotWritten> for NotKnown {
    fn from(_: NotWritten) -> Self {
        Self::Yet
    }
}

/// The way to the writer. Cheap to clone; the writer ends with the last clone.
#[derive(Clone)]
pub struct Wallets {
    jobs: mpsc::Sender<Job>,
}

impl Wallets {
    /// Starts the writer over `database`.
    pub fn start(database: Database, clock: Clock) -> Self {
        let (jobs, waiting) = mpsc::channel(WAITING);
        tokio::spawn(write(database, clock, waiting));
        Self { jobs }
    }

    /// Does what `request` asks, durably, or says why not.
    ///
    /// # Errors
    /// [`NotWritten`] when the database fails.
    pub async fn apply(&self, request: Request) -> Result<Answer, NotWritten> {
        let (answer, answered) = oneshot::channel();
        self.jobs.send(Job { request, answer }).await.map_err(|_| NotWritten)?;
        answered.await.map_err(|_| NotWritten)?
    }
}

async fn write(database: Database, clock: Clock, mut waiting: mpsc::Receiver<Job>) {
    let mut group = Vec::with_capacity(MOST);
    let mut heads = Heads::default();
    while waiting.recv_many(&mut group, MOST).await > 0 {
        let (requests, answers): (Vec<_>, Vec<_>) =
            group.drain(..).map(|job| (job.request, job.answer)).unzip();
        let outcomes = durable(&database, &mut heads, &requests, clock.now().0).await;
        for (answer, outcome) in answers.into_iter().zip(outcomes) {
            // Nobody listens any more: the phone asks again under the same id.
            let _ = answer.send(outcome);
        }
    }
}

/// One commit for all of `requests`; where it fails, one for each, so that none fails for another.
async fn durable(
    database: &Database,
    heads: &mut Heads,
    requests: &[Request],
    at: i64,
) -> Vec<Result<Answer, NotWritten>> {
    match add_after(database, heads, requests, at).await {
        Ok(Added { outcomes, accounts }) => {
            heads.remember(&outcomes, &accounts);
            outcomes.into_iter().map(Ok).collect()
        }
        // Someone else may have written to one of the accounts.
        Err(_) if !heads.is_empty() => {
            heads.forget();
            Box::pin(durable(database, heads, requests, at)).await
        }
        Err(error) if requests.len() == 1 => {
            tracing::error!(kind = kind(&error), "the ledger could not be written");
            vec![Err(NotWritten)]
        }
        Err(_) => {
            let mut outcomes = Vec::with_capacity(requests.len());
            for request in requests {
                let alone = std::slice::from_ref(request);
                outcomes.extend(Box::pin(durable(database, heads, alone, at)).await);
            }
            outcomes
        }
    }
}

/// The kind alone: the text of a database error can quote values.
fn kind(error: &DatabaseError) -> &'static str {
    match error {
        DatabaseError::Database(_) => "database",
        DatabaseError::PoolTimedOut => "no connection free",
        DatabaseError::Io(_) => "input or output",
        DatabaseError::ColumnDecode { .. } => "damaged row",
        _ => "other",
    }
}
