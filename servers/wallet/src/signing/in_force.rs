//! The keys in force, read anew when another process changed them.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, ensure};
use domain::{
    Timestamp,
    wire::{BodyDigest, KeyUse, Keys, NETWORK_PATH, Network, Signature, SigningKey, public_key},
};
use serde::{Serialize, de::DeserializeOwned};
use server_kit::{DAY_MS, Database, day_number};
use signs::store_code::{KeyId, KeySet, PublicKey};

use super::{
    document::{Document, KEYS_PATH, add, digits},
    key_files::KeyFiles,
    root_signed::{KeysProblem, Stands, root_signed},
    rows,
    store_codes::StoreCodeSigner,
};

/// Seven whole days, so that a phone that comes back from a week without a network has a tile that
/// is vouched for still. Counted in days of UTC: all day long a tile has one signature.
const TILE_DAYS: i64 = 8;

/// Owns the keys.
pub struct Signing {
    files: KeyFiles,
    /// As of the stamp and the day within; `None` before the first use. Taken alone.
    kept: Mutex<Option<Arc<InForce>>>,
}

/// The keys of one list, on one day.
pub struct InForce {
    /// The list as it is served.
    pub list: Document,
    /// The description of the network as it is served.
    pub network: Document,
    /// Signs codes.
    pub store_codes: StoreCodeSigner,
    /// The keys under which codes are genuine, and those under which none is any more.
    pub genuine: KeySet,
    /// Signs receipts.
    pub receipts: SigningKey,
    tiles: SigningKey,
    stamp: (i64, i64),
    day: i64,
}

impl Signing {
    /// Over these files, nothing read yet.
    pub fn new(files: KeyFiles) -> Self {
        Self { files, kept: None.into() }
    }

    /// Lets this be the network's description from now on.
    ///
    /// # Errors
    /// [`KeysProblem`]; another description than the one before takes the root key.
    pub async fn describe(
        &self,
        database: &Database,
        network: &Network,
        now: Timestamp,
    ) -> Result<(), KeysProblem> {
        // First of all: the first list makes the root key.
        list_now(&self.files, database, now).await?;
        network_now(&self.files, database, Some(network), now).await.map(drop)
    }

    /// What else the root key signs, for the room whose it is: what was signed before, or else what `wanted` says
    /// of that, signed now.
    ///
    /// # Errors
    /// [`KeysProblem`], also where it takes a root key and none is here.
    pub async fn root_signed<T: Serialize + DeserializeOwned + Send + Sync>(
        &self,
        database: &Database,
        path: &str,
        wanted: impl FnOnce(Option<T>) -> anyhow::Result<(T, Stands)> + Send,
        now: Timestamp,
    ) -> Result<Document, KeysProblem> {
        root_signed((&self.files, database), path, wanted, now).await
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
        if let Some(kept) = kept.filter(|kept| kept.stamp == stamp && kept.day == day_number(now)) {
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
    let list = list_now(files, database, now).await?;
    let network = network_now(files, database, None, now).await?;
    let stamp = rows::stamp(database).await?;
    Ok(InForce::new(files, list, network, stamp, now)?)
}

/// The list with this server's own keys on it, good for a while.
///
/// # Errors
/// [`KeysProblem`].
pub async fn list_now(
    files: &KeyFiles,
    database: &Database,
    now: Timestamp,
) -> Result<Document, KeysProblem> {
    let wanted = |stored: Option<Keys>| {
        let mut is_same = stored.is_some();
        if !is_same {
            // The first start. Later a root key that is missing is being kept elsewhere.
            files.root()?;
        }
        let mut keys = stored.unwrap_or_default();
        for signs in [KeyUse::StoreCodes, KeyUse::Tiles, KeyUse::Receipts] {
            is_same &= !add(&mut keys, &files.key(signs)?, signs);
        }
        Ok((keys, Stands::where_same(is_same)))
    };
    root_signed((files, database), KEYS_PATH, wanted, now).await
}

/// The description of the network, good for a while: this one, or else the one before.
///
/// # Errors
/// [`KeysProblem`]; another description than the one before takes the root key.
pub async fn network_now(
    files: &KeyFiles,
    database: &Database,
    network: Option<&Network>,
    now: Timestamp,
) -> Result<Document, KeysProblem> {
    let wanted = |stored: Option<Network>| {
        let is_same = network.is_none() || stored.as_ref() == network;
        let network = network.cloned().or(stored);
        let network = network.context("the server was never told of its network")?;
        Ok((network, Stands::where_same(is_same)))
    };
    root_signed((files, database), NETWORK_PATH, wanted, now).await
}

impl InForce {
    fn new(
        files: &KeyFiles,
        list: Document,
        network: Document,
        stamp: (i64, i64),
        now: Timestamp,
    ) -> anyhow::Result<Self> {
        let keys: Keys = list.contents()?;
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
            network,
            stamp,
            day: day_number(now),
        })
    }

    /// What tells these keys from others.
    pub fn stamp(&self) -> (i64, i64) {
        self.stamp
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
