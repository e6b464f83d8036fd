//! The vault: token, registered methods and balances, sealed on disk.
//!
//! File: magic, length of the sealed data key (u16, big-endian), the data key as the platform
//! sealed it, a 24-byte nonce, then JSON under XChaCha20-Poly1305. The file is replaced whole, so
//! that a phone that dies while writing keeps the old one.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use domain::{StoreId, Timestamp, wire::Methods};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{KeyStore, KeyStoreError, PositionUse};
use crate::reports::Reports;

const MAGIC: &[u8; 8] = b"TSVAULT1";
const KEY_LEN: usize = 32;
const NONCE_LEN: usize = 24;
/// A member's methods are a few kilobytes; anything larger is not ours.
const MOST_BYTES: u64 = 4 << 20;

/// What the vault holds. Has no `Debug`: it must not reach a log.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Secrets {
    /// The session at the wallet server; `None` when logged out. Not under the name that tokens had
    /// which anybody could use: a vault with one of these is logged out.
    #[serde(default, rename = "session")]
    pub token: Option<Token>,
    /// The member's methods as last heard.
    pub methods: Option<Methods>,
    /// How often the member was in which stores, the latest last.
    #[serde(default)]
    pub visits: Vec<(StoreId, u32)>,
    /// Refresh tokens of sessions that were logged out while the server was away.
    #[serde(default, rename = "ended_sessions")]
    pub log_outs: Vec<String>,
    /// The key (Ed25519) that this phone's sessions are bound to; stays when the member logs out, to
    /// end them.
    #[serde(default)]
    pub key: Option<[u8; 32]>,
    /// What the wallet server knows this phone by at a log-in; stays when the member logs out.
    #[serde(default)]
    pub device: Option<String>,
    /// Whose transfers those of the outbox are that this member may see.
    #[serde(default)]
    pub owner: Option<Uuid>,
    /// Stores at whose doors nothing is said, the one muted last at the end.
    #[serde(default)]
    pub muted: Vec<StoreId>,
    /// At which doors it was said what works there, in the last 24 hours.
    #[serde(default)]
    pub told: Vec<(StoreId, Timestamp)>,
    /// What left the phone that tells where it is, the latest last.
    #[serde(default)]
    pub position_uses: Vec<PositionUse>,
    /// What the member reports of stores.
    #[serde(default)]
    pub reports: Reports,
}

impl Secrets {
    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        // A key is for sessions, and only who has an owner mutes doors, is told of them and has a log kept.
        let Self { token, methods, visits, log_outs, device, owner, reports, .. } = self;
        token.is_none()
            && methods.is_none()
            && visits.is_empty()
            && log_outs.is_empty()
            && device.is_none()
            && owner.is_none()
            && reports.is_empty()
    }
}

/// A session of the wallet server.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Token {
    /// The access token, good for minutes.
    pub secret: String,
    /// Good once, for the tokens that follow.
    pub refresh: String,
    /// What the tokens that follow each other have in common.
    pub session: Uuid,
}

/// Why the vault could not be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VaultError {
    #[error(transparent)]
    KeyStore(#[from] KeyStoreError),
    #[error("vault file: {0}")]
    File(#[from] io::Error),
    #[error("vault could not be sealed")]
    Seal,
}

/// The sealed file. What is in it is lost with the platform's key and asked for again by logging
/// in; so a file that does not open is put aside and told of, and no failure.
pub(crate) struct Vault {
    path: PathBuf,
    /// Whether a file was put aside and none written since, by this or an earlier start.
    put_aside: AtomicBool,
    keys: Arc<dyn KeyStore>,
    /// `Asked` while one caller is in the key store, whom every other waits for: two calls at once
    /// would make two keys. Never held while calling the key store.
    data_key: Mutex<KeyState>,
    key_settled: Condvar,
}

#[derive(Default)]
enum KeyState {
    #[default]
    None,
    Asked,
    Known(DataKey),
}

#[derive(Clone)]
struct DataKey {
    plain: [u8; KEY_LEN],
    sealed: Vec<u8>,
}

impl Vault {
    /// Reads the vault at `path`.
    ///
    /// # Errors
    /// [`VaultError::KeyStore`] with `Locked`: nothing was read and nothing lost, try again once
    /// the phone is unlocked; [`VaultError::File`] likewise, when the storage does not give what is
    /// there.
    pub fn open(path: &Path, keys: Arc<dyn KeyStore>) -> Result<(Self, Secrets), VaultError> {
        let mut vault = Self {
            path: path.to_owned(),
            put_aside: false.into(),
            keys,
            data_key: Mutex::default(),
            key_settled: Condvar::new(),
        };
        let secrets = match vault.read() {
            Err(VaultError::KeyStore(KeyStoreError::Locked)) => {
                return Err(KeyStoreError::Locked.into());
            }
            Err(VaultError::File(error)) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error.into());
            }
            Err(VaultError::File(_)) => {
                vault.put_aside = vault.aside().exists().into();
                Secrets::default()
            }
            Err(VaultError::KeyStore(KeyStoreError::Lost) | VaultError::Seal) => {
                // Where it cannot be moved it is told of all the same, and the next one replaces it.
                let _ = fs::rename(path, vault.aside());
                vault.put_aside = true.into();
                Secrets::default()
            }
            Ok(secrets) => secrets,
        };
        Ok((vault, secrets))
    }

    /// Where a file is put that does not open, over one that was put there before.
    fn aside(&self) -> PathBuf {
        self.path.with_extension("damaged")
    }

    /// Whether what was here is lost, and nothing was written since.
    pub fn has_put_aside(&self) -> bool {
        self.put_aside.load(Ordering::Relaxed)
    }

    fn read(&self) -> Result<Secrets, VaultError> {
        if fs::metadata(&self.path)?.len() > MOST_BYTES {
            return Err(VaultError::Seal);
        }
        let file = fs::read(&self.path)?;
        let (sealed_key, nonce, ciphertext) = split(&file).ok_or(VaultError::Seal)?;
        let plain = self.keys.unseal(sealed_key.to_vec())?;
        let plain: [u8; KEY_LEN] = plain.try_into().map_err(|_| KeyStoreError::Lost)?;
        let json = XChaCha20Poly1305::new(&plain.into())
            .decrypt(&XNonce::from(nonce), Payload { msg: ciphertext, aad: MAGIC })
            .map_err(|_| VaultError::Seal)?;
        let secrets = serde_json::from_slice(&json).map_err(|_| VaultError::Seal)?;
        self.settle(Some(DataKey { plain, sealed: sealed_key.to_vec() }));
        Ok(secrets)
    }

    /// Has the key store seal a data key, unless there is one; [`Vault::write`] then needs it no more.
    ///
    /// # Errors
    /// [`VaultError::KeyStore`].
    pub fn make_key(&self) -> Result<(), VaultError> {
        self.data_key().map(|_| ())
    }

    /// Seals `secrets` and replaces the file. One call at a time: two would write the same new file.
    ///
    /// # Errors
    /// [`VaultError`]; the old file is then still there.
    pub fn write(&self, secrets: &Secrets) -> Result<(), VaultError> {
        let DataKey { plain, sealed } = self.data_key()?;
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|_| VaultError::Seal)?;
        let json = serde_json::to_vec(secrets).map_err(|_| VaultError::Seal)?;
        let ciphertext = XChaCha20Poly1305::new(&plain.into())
            .encrypt(&XNonce::from(nonce), Payload { msg: &json, aad: MAGIC })
            .map_err(|_| VaultError::Seal)?;
        let key_len = u16::try_from(sealed.len()).map_err(|_| VaultError::Seal)?;
        let mut file =
            Vec::with_capacity(MAGIC.len() + 2 + sealed.len() + nonce.len() + ciphertext.len());
        file.extend_from_slice(MAGIC);
        file.extend_from_slice(&key_len.to_be_bytes());
        file.extend_from_slice(&sealed);
        file.extend_from_slice(&nonce);
        file.extend_from_slice(&ciphertext);
        let fresh = self.path.with_extension("new");
        fs::write(&fresh, &file)?;
        fs::File::open(&fresh)?.sync_all()?;
        fs::rename(&fresh, &self.path)?;
        self.put_aside.store(false, Ordering::Relaxed);
        Ok(())
    }

    /// Removes the file, and with it everything sealed in it. A copy of it opens until
    /// [`Vault::forget_key`].
    ///
    /// # Errors
    /// [`VaultError::File`] when it is there and stays.
    pub fn remove(&self) -> Result<(), VaultError> {
        remove(&self.path)
    }

    /// Removes what was put aside.
    ///
    /// # Errors
    /// As for [`Vault::remove`].
    pub fn remove_put_aside(&self) -> Result<(), VaultError> {
        remove(&self.aside())?;
        self.put_aside.store(false, Ordering::Relaxed);
        Ok(())
    }

    /// Has the key store delete its key, so that no file sealed so far opens again.
    ///
    /// # Errors
    /// [`VaultError::KeyStore`]; the data key is then made anew all the same.
    pub fn forget_key(&self) -> Result<(), VaultError> {
        self.settle(None);
        Ok(self.keys.forget()?)
    }

    /// The data key, made at the first write by one caller alone.
    fn data_key(&self) -> Result<DataKey, VaultError> {
        let known = self.data_key.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = |state: &mut KeyState| matches!(state, KeyState::Asked);
        let mut state =
            self.key_settled.wait_while(known, asked).unwrap_or_else(PoisonError::into_inner);
        if let KeyState::Known(key) = &*state {
            return Ok(key.clone());
        }
        *state = KeyState::Asked;
        drop(state);
        let made = self.seal_new_key();
        self.settle(made.as_ref().ok().cloned());
        made
    }

    fn seal_new_key(&self) -> Result<DataKey, VaultError> {
        let mut plain = [0; KEY_LEN];
        getrandom::fill(&mut plain).map_err(|_| VaultError::Seal)?;
        Ok(DataKey { plain, sealed: self.keys.seal(plain.to_vec())? })
    }

    fn settle(&self, key: Option<DataKey>) {
        let mut state = self.data_key.lock().unwrap_or_else(PoisonError::into_inner);
        *state = key.map_or(KeyState::None, KeyState::Known);
        self.key_settled.notify_all();
    }
}

fn remove(path: &Path) -> Result<(), VaultError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn split(file: &[u8]) -> Option<(&[u8], [u8; NONCE_LEN], &[u8])> {
    let rest = file.strip_prefix(MAGIC)?;
    let (key_len, rest) = rest.split_first_chunk::<2>()?;
    let (sealed_key, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*key_len)))?;
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_LEN>()?;
    Some((sealed_key, *nonce, ciphertext))
}
