//! The secret keys that sign, each in a file of its own, readable by its owner alone.

use std::path::{Path, PathBuf};

use anyhow::Context;
use domain::wire::{KeyUse, SigningKey};
use server_kit::{replace_secret, secret};

/// Where the secret keys are.
#[derive(Clone)]
pub struct KeyFiles {
    data: PathBuf,
    root: PathBuf,
}

impl KeyFiles {
    /// In the data folder, the root key too unless another file is named: only signing a new key
    /// list needs it.
    pub fn new(data: &Path, root: Option<PathBuf>) -> Self {
        let root = root.unwrap_or_else(|| data.join("root.key"));
        Self { data: data.to_owned(), root }
    }

    /// The root keys that are here: the one apps are built with, and the one that is to follow it.
    pub fn roots(&self) -> anyhow::Result<Vec<SigningKey>> {
        let here = [self.root.clone(), self.next_root()].into_iter().filter(|file| file.exists());
        here.map(|file| in_file(&file)).collect()
    }

    /// The root key; made when it is missing.
    pub fn root(&self) -> anyhow::Result<SigningKey> {
        in_file(&self.root)
    }

    /// The root key that is to follow; made when it is missing.
    pub fn make_next_root(&self) -> anyhow::Result<SigningKey> {
        in_file(&self.next_root())
    }

    fn next_root(&self) -> PathBuf {
        self.root.with_file_name("root-next.key")
    }

    /// The key that signs this now; made when it is missing.
    pub fn key(&self, signs: KeyUse) -> anyhow::Result<SigningKey> {
        Ok(SigningKey::from_bytes(&secret(&self.data, name(signs))?))
    }

    /// Makes a new key for this; the one before can sign nothing any more.
    pub fn replace(&self, signs: KeyUse) -> anyhow::Result<SigningKey> {
        Ok(SigningKey::from_bytes(&replace_secret(&self.data, name(signs))?))
    }
}

fn name(signs: KeyUse) -> &'static str {
    match signs {
        KeyUse::StoreCodes => "store-code.key",
        KeyUse::Receipts => "receipt.key",
        KeyUse::Tiles | KeyUse::Other => "register.key",
    }
}

fn in_file(path: &Path) -> anyhow::Result<SigningKey> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.with_context(|| format!("{} names no file", path.display()))?;
    Ok(SigningKey::from_bytes(&secret(folder, name)?))
}
