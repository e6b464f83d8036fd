//! The keys in force, read anew when another process changed them.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::ensure;
use domain::{
    Timestamp,
    wire::{BodyDigest, KeyUse, Keys, Signature, SigningKey, public_key},
};
use server_kit::{DAY_MS, Database, DatabaseError, day_number};
use signs::store_code::{KeyId, KeySet, PublicKey};

use super::{
    key_files::KeyFiles,
    key_list::{KeyList, add, digits},
    rows,
    store_codes::StoreCodeSigner,
};

/// Seven whole days, so that a phone that comes back from a week without a network has a tile that
/// is vouched for still. Counted in days of UTC: all day long a tile has one signature.
const TILE_DAYS: i64 = 8;

/// Owns the keys.
pub struct Signing {
    files: KeyFiles,
    /// As of the list's stamp and the day within; `None` before the first use. Taken alone.
    kept: Mutex<Option<Arc<InForce>>>,
}

/// The keys of one list, on one day.
pub struct InForce {
    /// The list as it is served.
    pub list: KeyList,
    /// Signs codes.
    pub store_codes: StoreCodeSigner,
    /// The keys under which codes are genuine, and those under which none is any more.
    pub genuine: KeySet,
    /// Signs receipts.
    pub receipts: SigningKey,
    tiles: SigningKey,
    day: i64,
}

/// Why there are no keys.
#[derive(Debug)]
pub enum KeysProblem {
    /// The list cannot be read or kept.
    Database(DatabaseError),
    /// A key's file or the list cannot be used; how to mend it.
    Unusable(anyhow::Error),
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

impl Signing {
    /// Over these files, nothing read yet.
    pub fn new(files: KeyFiles) -> Self {
        Self { files, kept: None.into() }
    }

    /// The keys now. What is missing of files and list is made, and the list is signed anew in time
    /// if the root key is here.
    ///
    /// # Errors
    /// [`KeysProblem`].
    pub async fn in_force(
        &self,
        database: &Database,
        now: Timestamp,
    ) -> Result<Arc<InForce>, KeysProblem> {
        let stamp = rows::stamp(database).await?;
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(kept) =
            kept.filter(|kept| Some(kept.stamp()) == stamp && kept.day == day_number(now))
        {
            return Ok(kept);
        }
        let read = Arc::new(read(&self.files, database, now).await?);
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&read));
        Ok(read)
    }
}

async fn read(
    files: &KeyFiles,
    database: &Database,
    now: Timestamp,
) -> Result<InForce, KeysProblem> {
    let stored = rows::key_list(database).await?;
    let list = brought_up_to_date(files, stored.as_ref(), now)?;
    if stored.as_ref() != Some(&list) {
        rows::put_key_list(database, &list).await?;
    }
    Ok(InForce::new(files, list, now)?)
}

/// The list with this server's own keys on it, good for a while.
pub fn brought_up_to_date(
    files: &KeyFiles,
    stored: Option<&KeyList>,
    now: Timestamp,
) -> anyhow::Result<KeyList> {
    let mut keys = Keys::default();
    match stored {
        Some(list) => keys = list.keys()?,
        // The first start. Later a root key that is missing is being kept elsewhere.
        None => drop(files.root()?),
    }
    let mut news = false;
    for signs in [KeyUse::StoreCodes, KeyUse::Tiles, KeyUse::Receipts] {
        news |= add(&mut keys, &files.key(signs)?, signs);
    }
    let roots = files.roots()?;
    match stored {
        Some(list) if !news && (roots.is_empty() || !list.is_due(now)) => {
            if list.is_due(now) {
                tracing::warn!(
                    "phones take the list of keys for old soon: `wallet-server keys renew`"
                );
            }
            Ok(list.clone())
        }
        Some(list) if !news => KeyList::sign(&keys, list.revision, &roots, now),
        Some(list) => KeyList::sign(&keys, list.next_revision(now), &roots, now),
        None => KeyList::sign(&keys, now.0.max(1), &roots, now),
    }
}

impl InForce {
    fn new(files: &KeyFiles, list: KeyList, now: Timestamp) -> anyhow::Result<Self> {
        let keys = list.keys()?;
        let own = |signs| -> anyhow::Result<SigningKey> {
            let key = files.key(signs)?;
            let is_void =
                keys.keys.iter().any(|known| known.revoked && known.ed25519 == digits(&key));
            ensure!(
                !is_void,
                "a key in force is revoked: `wallet-server keys rotate` makes another"
            );
            Ok(key)
        };
        Ok(Self {
            store_codes: StoreCodeSigner::new(own(KeyUse::StoreCodes)?),
            genuine: genuine(&keys),
            tiles: own(KeyUse::Tiles)?,
            receipts: own(KeyUse::Receipts)?,
            list,
            day: day_number(now),
        })
    }

    /// What tells these keys from others.
    pub fn stamp(&self) -> (i64, i64) {
        (self.list.revision, self.list.valid_until.0)
    }

    /// Vouches for what is served under `path`.
    pub fn vouch(&self, path: &str, revision: i64, body: BodyDigest) -> Signature {
        let valid_until = Timestamp((self.day + TILE_DAYS).saturating_mul(DAY_MS));
        Signature::sign(&self.tiles, path, revision, valid_until, body)
    }
}

fn genuine(keys: &Keys) -> KeySet {
    let mut set = KeySet::default();
    for key in keys.keys.iter().filter(|key| key.signs == KeyUse::StoreCodes) {
        let Some(public) = public_key(&key.ed25519) else { continue };
        set.add(PublicKey::active(public));
        if key.revoked {
            set.revoke(KeyId::of(&public));
        }
    }
    set
}
