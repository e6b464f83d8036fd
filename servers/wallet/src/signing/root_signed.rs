//! What else the root key signs, for the room whose it is.

use anyhow::Context;
use domain::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use server_kit::Database;

use super::{
    document::Document,
    in_force::{KeysProblem, Signing},
    rows,
};

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

impl Signing {
    /// What is served under `path`: what was signed before, or else `contents`, signed now. `stands` says how far
    /// the former will do.
    ///
    /// # Errors
    /// [`KeysProblem`], also where it takes a root key and none is here.
    pub async fn root_signed<T: Serialize + DeserializeOwned>(
        &self,
        database: &Database,
        path: &str,
        (contents, stands): (&T, &(impl Fn(&T) -> Stands + Sync)),
        now: Timestamp,
    ) -> Result<Document, KeysProblem> {
        let stored = rows::document(database, path).await?;
        let standing = match &stored {
            Some(stored) => match stands(&stored.contents()?) {
                Stands::Well if stored.is_due(now) => Stands::NotForLong,
                standing => standing,
            },
            None => Stands::Not,
        };
        let roots = self.files().roots()?;
        let stored = match (standing, stored) {
            (Stands::Well, Some(stored)) => return Ok(stored),
            (Stands::NotForLong, Some(stored)) if roots.is_empty() => {
                tracing::warn!(path, "phones take this for old soon: `wallet-server keys renew`");
                return Ok(stored);
            }
            (_, stored) => stored,
        };
        let revision = stored.map_or(now.0.max(1), |stored| stored.next_revision(now));
        let signed = Document::sign(path, contents, revision, &roots, now)
            .context("run `wallet-server keys renew` where the root key is")?;
        rows::put_document(database, path, &signed).await?;
        Ok(signed)
    }
}
