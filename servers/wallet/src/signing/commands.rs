//! What an operator of the register does to its keys, while the server runs or not.

use std::path::{Path, PathBuf};

use anyhow::{bail, ensure};
use domain::{
    Timestamp,
    wire::{KeyUse, Keys, NETWORK_PATH, Network, REPORT_KEY_PATH, ReportKeys},
};
use serde::{Serialize, de::DeserializeOwned};
use server_kit::{Clock, Database, Day};

use super::{
    document::{Document, KEYS_PATH, add, digits, revoke},
    in_force::{list_now, network_now},
    key_files::KeyFiles,
    root_signed::sign_anew,
    rows,
};
use crate::database::open_database;

/// The keys of a data folder. A running server follows what is done to them at its next request.
pub struct RegisterKeys {
    files: KeyFiles,
    database: Database,
    list: Document,
}

impl RegisterKeys {
    /// Opens the keys, or makes them; `root` is the file of the root key where it is not in the
    /// data folder.
    ///
    /// # Errors
    /// When a file or the database cannot be used, or the list must be signed without a root key.
    pub async fn open(data: &Path, root: Option<PathBuf>) -> anyhow::Result<Self> {
        let database = open_database(data).await?;
        let files = KeyFiles::new(data, root);
        let list = list_now(&files, &database, now()).await?;
        Ok(Self { files, database, list })
    }

    /// The root key that apps are built with, 64 hexadecimal digits.
    ///
    /// # Errors
    /// When its file is elsewhere or cannot be read.
    pub fn root(&self) -> anyhow::Result<String> {
        let Some(root) = self.files.roots()?.into_iter().next() else {
            bail!("the root key is not here: name its file with `keys --root FILE`");
        };
        Ok(digits(&root))
    }

    /// Every key in a line, and until when phones take the list for new.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn show(&self) -> anyhow::Result<String> {
        let mut lines: Vec<String> = Vec::new();
        lines.extend(
            self.files.roots()?.iter().map(|root| format!("root         {}", digits(root))),
        );
        for key in self.list.contents::<Keys>()?.keys {
            let signs = match key.signs {
                KeyUse::StoreCodes => "store-codes",
                KeyUse::Tiles => "tiles",
                KeyUse::Receipts => "receipts",
                KeyUse::Other => "other",
            };
            let state = if key.revoked { "  revoked" } else { "" };
            lines.push(format!("{signs:<11}  {}{state}", key.ed25519));
        }
        lines.push(format!("good until   {}", date(self.list.valid_until)));
        Ok(lines.join("\n"))
    }

    /// Makes a new key for this use; with `revokes` the one before is believed no more.
    ///
    /// # Errors
    /// When a file or the database cannot be written, or the root key is not here.
    pub async fn rotate(&mut self, signs: KeyUse, revokes: bool) -> anyhow::Result<String> {
        ensure!(!self.files.roots()?.is_empty(), "rotation takes the root key: `keys --root FILE`");
        let before = digits(&self.files.key(signs)?);
        let key = self.files.replace(signs)?;
        let mut keys: Keys = self.list.contents()?;
        add(&mut keys, &key, signs);
        if revokes {
            revoke(&mut keys, &before);
        }
        self.sign(&keys).await?;
        Ok(digits(&key))
    }

    /// Revokes a key of the list, for ever.
    ///
    /// # Errors
    /// When the list has no such key, it is the one in force, or the list cannot be signed.
    pub async fn revoke(&mut self, key: &str) -> anyhow::Result<()> {
        let key = key.to_ascii_lowercase();
        let own = [
            (KeyUse::StoreCodes, "store-codes"),
            (KeyUse::Tiles, "tiles"),
            (KeyUse::Receipts, "receipts"),
        ];
        for (signs, word) in own {
            ensure!(
                digits(&self.files.key(signs)?) != key,
                "this key is in force: `keys rotate {word} --revoke` puts another in its place"
            );
        }
        let mut keys: Keys = self.list.contents()?;
        ensure!(revoke(&mut keys, &key), "the list has no such key; see `keys show`");
        self.sign(&keys).await
    }

    /// Signs the list anew, with every root key that is here.
    ///
    /// # Errors
    /// When the root key is not here, or the database cannot be written.
    pub async fn renew(&mut self) -> anyhow::Result<()> {
        let keys: Keys = self.list.contents()?;
        self.sign(&keys).await
    }

    /// Makes the root key that is to follow, and lets it sign the list beside the present one.
    ///
    /// # Errors
    /// As for [`RegisterKeys::renew`].
    pub async fn next_root(&mut self) -> anyhow::Result<String> {
        let next = self.files.make_next_root()?;
        self.renew().await?;
        Ok(digits(&next))
    }

    /// Lets this be the network's description from now on, for a server that has no root key. It is to
    /// be started anew with the same.
    ///
    /// # Errors
    /// As for [`RegisterKeys::renew`].
    pub async fn describe(&mut self, network: &Network) -> anyhow::Result<()> {
        network_now(&self.files, &self.database, Some(network), now()).await?;
        Ok(())
    }

    /// Signs the list, and what else is signed by the root key where there is any.
    async fn sign(&mut self, keys: &Keys) -> anyhow::Result<()> {
        self.list = sign_anew((&self.files, &self.database), KEYS_PATH, keys, now()).await?;
        self.sign_again::<Network>(NETWORK_PATH).await?;
        self.sign_again::<ReportKeys>(REPORT_KEY_PATH).await
    }

    /// Signs what is served under `path` anew, where there is any.
    async fn sign_again<T: Serialize + DeserializeOwned + Sync>(
        &self,
        path: &str,
    ) -> anyhow::Result<()> {
        match rows::document(&self.database, path).await? {
            Some(stored) => self.sign_for(path, &stored.contents::<T>()?).await,
            None => Ok(()),
        }
    }

    /// Signs what is to be served under `path`.
    ///
    /// # Errors
    /// As for [`RegisterKeys::renew`].
    pub async fn sign_for(
        &self,
        path: &str,
        contents: &(impl Serialize + Sync),
    ) -> anyhow::Result<()> {
        sign_anew((&self.files, &self.database), path, contents, now()).await?;
        Ok(())
    }

    /// Closes the database.
    pub async fn close(self) {
        self.database.close().await;
    }
}

fn now() -> Timestamp {
    Clock::system().now()
}

fn date(at: Timestamp) -> String {
    Day::of(at).map_or_else(|| "never".to_owned(), |day| day.to_string())
}
