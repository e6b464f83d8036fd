//! What the root key signs and the server serves: the list of keys, the description of the network, the keys of
//! reports. Each is signed anew where it should say something else, and in time before it is good no more.

use domain::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use server_kit::{Database, DatabaseError};

use super::{document::Document, key_files::KeyFiles, rows};

/// How far what was signed before will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// As it is.
    Well,
    /// Until it can be signed anew.
    NotForLong,
    /// Not at all.
    Not,
}

impl Stands {
    /// Of what is the same as what should be said, or is not.
    pub fn where_same(is_same: bool) -> Self {
        if is_same { Self::Well } else { Self::Not }
    }
}

/// Why there are no keys, or nothing that they signed.
#[derive(Debug)]
pub enum KeysProblem {
    /// What was signed cannot be read or kept.
    Database(DatabaseError),
    /// A key's file or what was signed cannot be used; how to mend it.
    Unusable(anyhow::Error),
}

impl KeysProblem {
    /// With what else mends it.
    pub fn context(self, mends: &'static str) -> Self {
        match self {
            Self::Database(error) => Self::Database(error),
            Self::Unusable(error) => Self::Unusable(error.context(mends)),
        }
    }
}

impl From<DatabaseError> for KeysProblem {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

impl From<anyhow::Error> for KeysProblem {
    fn from(error: anyhow::Error) -> Self {
        Self::Unusable(error)
    }
}

impl From<KeysProblem> for anyhow::Error {
    fn from(problem: KeysProblem) -> Self {
        match problem {
            KeysProblem::Database(error) => {
                Self::from(error).context("the list of keys cannot be read")
            }
            KeysProblem::Unusable(error) => error,
        }
    }
}

/// What is served under `path`: what was signed before, or else what `wanted` says of that, signed now.
///
/// # Errors
/// [`KeysProblem`], also where it takes a root key and none is here.
pub async fn root_signed<T: Serialize + DeserializeOwned + Send + Sync>(
    place: (&KeyFiles, &Database),
    path: &str,
    wanted: impl FnOnce(Option<T>) -> anyhow::Result<(T, Stands)> + Send,
    now: Timestamp,
) -> Result<Document, KeysProblem> {
    let (files, database) = place;
    let stored = rows::document(database, path).await?;
    let (contents, stands) = wanted(stored.as_ref().map(Document::contents).transpose()?)?;
    let stored = match (stands, stored) {
        (Stands::Well, Some(stored)) if !stored.is_due(now) => return Ok(stored),
        (Stands::Well | Stands::NotForLong, Some(stored)) if files.roots()?.is_empty() => {
            tracing::warn!(path, "phones take this for old soon: `wallet-server keys renew`");
            return Ok(stored);
        }
        (_, stored) => stored,
    };
    let revision = match &stored {
        Some(stored) if stored.says(&contents)? => stored.revision,
        stored => after(stored.as_ref(), now),
    };
    keep(place, path, (&contents, revision), now).await
}

/// Signs what is to be served under `path` from now on, whatever was.
///
/// # Errors
/// As for [`root_signed`].
pub async fn sign_anew(
    place: (&KeyFiles, &Database),
    path: &str,
    contents: &(impl Serialize + Sync),
    now: Timestamp,
) -> Result<Document, KeysProblem> {
    let stored = rows::document(place.1, path).await?;
    keep(place, path, (contents, after(stored.as_ref(), now)), now).await
}

fn after(stored: Option<&Document>, now: Timestamp) -> i64 {
    stored.map_or(now.0.max(1), |stored| stored.next_revision(now))
}

async fn keep(
    (files, database): (&KeyFiles, &Database),
    path: &str,
    (contents, revision): (&(impl Serialize + Sync), i64),
    now: Timestamp,
) -> Result<Document, KeysProblem> {
    let signed = Document::sign(path, contents, revision, &files.roots()?, now)?;
    rows::put_document(database, path, &signed).await?;
    Ok(signed)
}
