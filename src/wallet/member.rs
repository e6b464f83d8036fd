//! The member on this phone: session, methods and habits, in memory and sealed in the vault.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use domain::{
    StoreId, Timestamp,
    wire::{BoundSession, Methods},
};
use ed25519_dalek::SigningKey;
use uuid::Uuid;

pub(super) use super::known::Known;
use super::{door, visit};
use crate::{
    error::WalletError,
    phone::{KeyStore, PositionUse, Secrets, StorageTrouble, Token, Vault, VaultError},
    reports::Reports,
    server::Sessions,
};

/// Sessions kept to be ended later: whoever logs in and out more often without a network has the
/// oldest run out by itself.
const MOST_LOG_OUTS: usize = 16;

/// Makes a member's user id the mark on that member's transfers, which lie outside the vault.
const OWNERS: Uuid = Uuid::from_u128(0x5c1f_1f5e_39a8_4f0e_9d7e_60cb_8d4d_b0f1);

/// Owns the member's state and the vault.
pub(super) struct Member {
    vault: Vault,
    /// Held from the check whose answer it is until the vault has it: an answer that was under way
    /// never brings back a member who has logged out. Always taken before `known`.
    changing: Mutex<()>,
    /// Always one whole snapshot; held only to copy or replace it.
    known: RwLock<Arc<Known>>,
    /// Set under `changing`: from then on the vault's file is somebody else's.
    given_up: AtomicBool,
    /// How often the server was asked for balances.
    questions: AtomicU64,
    /// Why the vault could not be written last. Taken alone.
    trouble: Mutex<Option<StorageTrouble>>,
}

impl Member {
    /// Opens the vault in `folder`.
    ///
    /// # Errors
    /// [`VaultError`] while the key store is locked.
    pub fn open(folder: &Path, key_store: Arc<dyn KeyStore>) -> Result<Self, VaultError> {
        let (vault, secrets) = Vault::open(&folder.join("vault"), key_store)?;
        let known = RwLock::new(Arc::new(Known::from(secrets)));
        let given_up = AtomicBool::new(false);
        let (questions, trouble) = (0.into(), None.into());
        Ok(Self { vault, changing: ().into(), known, given_up, questions, trouble })
    }

    pub fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The session's token.
    ///
    /// # Errors
    /// [`WalletError::NotLoggedIn`].
    pub fn token(&self) -> Result<Token, WalletError> {
        self.known().token.clone().ok_or_else(WalletError::not_logged_in)
    }

    fn change(&self, change: impl FnOnce(&mut Known)) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        change(Arc::make_mut(&mut known));
    }

    /// Seals the session on disk before it is used.
    ///
    /// # Errors
    /// [`WalletError::Storage`], [`WalletError::KeyStoreLocked`].
    pub fn begin(&self, user_id: &str, session: BoundSession) -> Result<(), WalletError> {
        let token = Token {
            session: Uuid::new_v5(&OWNERS, session.token.as_bytes()),
            secret: session.token,
            refresh: session.refresh_token,
        };
        // The key store is the app's, so it is not called under the lock.
        self.vault.make_key()?;
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.known();
        let log_outs = before.log_outs.clone();
        let device = session.device.or_else(|| before.device.clone());
        let owner = Some(Uuid::new_v5(&OWNERS, user_id.as_bytes()));
        let (token, key) = (Some(token), before.key);
        let last = Known { position_uses: before.position_uses.clone(), ..Known::default() };
        let begun = Known { token, log_outs, device, owner, key, ..last };
        self.write(&begun.secrets())?;
        self.change(|known| {
            let waiting = std::mem::take(&mut known.waiting);
            *known = Known { waiting, ..begun };
        });
        Ok(())
    }

    /// Forgets the member, in memory and on disk, and has the key store forget its key. The session is
    /// left to be ended at the server. What the server knows this phone by stays: it opens nothing,
    /// and keeps a stranger's guesses from locking the next log-in.
    ///
    /// # Errors
    /// [`WalletError::Storage`] when the vault's file stays, [`WalletError::KeyStoreLocked`] when a
    /// copy of it may still be opened. The member is forgotten all the same.
    pub fn forget(&self) -> Result<(), WalletError> {
        let removed = {
            let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
            let before = self.known();
            let mut log_outs = before.log_outs.clone();
            log_outs.extend(before.token.as_ref().map(|token| token.refresh.clone()));
            log_outs.drain(..log_outs.len().saturating_sub(MOST_LOG_OUTS));
            let device = before.device.clone();
            let key = before.key;
            self.change(|known| *known = Known { log_outs, device, key, ..Known::default() });
            self.vault.remove().and_then(|()| self.vault.remove_put_aside())
        };
        // Not under the lock, as in `begin`.
        self.vault.forget_key()?;
        Ok(removed?)
    }

    /// A session that was logged out has ended at the server.
    pub fn log_out_done(&self, refresh: &str) {
        self.change(|known| known.log_outs.retain(|kept| kept != refresh));
    }

    /// Keeps on disk which sessions are still to be ended, and the device.
    ///
    /// # Errors
    /// [`VaultError`]; they are then ended only while the app runs.
    pub fn keep_log_outs(&self) -> Result<(), VaultError> {
        if !self.known().secrets().is_empty() {
            // Not under the lock, as in `begin`.
            self.vault.make_key()?;
        }
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        self.save()
    }

    /// Numbers a question for balances.
    pub fn next_question(&self) -> u64 {
        self.questions.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// A question is asked, and the member waits for its answer.
    pub fn waits(&self, question: u64, now: Timestamp) {
        self.change(|known| known.waiting.push((question, now)));
    }

    /// Nobody waits for the answer to a question any more.
    pub fn waited(&self, question: u64) {
        self.change(|known| known.waiting.retain(|(number, _)| *number != question));
    }

    /// Keeps the answer to a question, unless its member has logged out meanwhile, or a later
    /// question was answered before. The key store is not called here: there is a token only once
    /// the vault was read or written, so its data key is known.
    ///
    /// # Errors
    /// [`WalletError::NotLoggedIn`], [`WalletError::Storage`].
    pub fn keep(&self, token: &Token, methods: Methods, question: u64) -> Result<(), WalletError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.known();
        if !before.has(token) {
            return Err(WalletError::not_logged_in());
        }
        if before.question > question {
            return Ok(());
        }
        self.change(|known| {
            known.methods = Some(methods);
            known.server_answered = Some(true);
            known.question = question;
        });
        Ok(self.save()?)
    }

    /// The server gave no usable answer.
    pub fn server_away(&self) {
        self.change(|known| known.server_answered = Some(false));
    }

    /// The server does not know the session any more. The methods stay with their age, and a member
    /// who has logged in since stays logged in.
    pub fn session_ended(&self, token: &Token) {
        self.change(|known| {
            if known.has(token) {
                known.token = None;
                known.server_answered = Some(false);
            }
        });
    }

    /// Changes what the member reports, if one is logged in; what `change` says of it.
    ///
    /// # Errors
    /// [`WalletError::NotLoggedIn`], and [`WalletError::Storage`] when it counts until the app ends, but is not kept.
    pub fn change_reports<T>(
        &self,
        change: impl FnOnce(&mut Reports) -> T,
    ) -> Result<T, WalletError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        self.token()?;
        let mut said = None;
        self.change(|known| said = Some(change(&mut known.reports)));
        self.save()?;
        said.ok_or_else(WalletError::not_logged_in)
    }

    /// Counts a visit to `store`, if a member is logged in.
    ///
    /// # Errors
    /// [`VaultError`] when it is counted until the app ends, but not kept.
    pub fn count_visit(&self, store: StoreId, now: Timestamp) -> Result<(), VaultError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        if self.known().token.is_none() {
            return Ok(());
        }
        self.change(|known| {
            visit::count(&mut known.visits, store);
            known.reports.attend(store, now);
        });
        self.save()
    }

    /// Whether the door of `store` is to be told of; it then counts.
    ///
    /// # Errors
    /// [`VaultError`] when it is and counts until the app ends, but that is not kept.
    pub fn tells_at_door(
        &self,
        store: StoreId,
        now: Timestamp,
        a_day: u32,
    ) -> Result<bool, VaultError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut tells = false;
        self.change(|Known { muted, told, .. }| {
            tells = door::tells((muted.as_slice(), told), store, now, a_day);
        });
        if tells { self.save().map(|()| true) } else { Ok(false) }
    }

    /// Mutes the door of a store, or lets it be heard again.
    ///
    /// # Errors
    /// [`WalletError::NotLoggedIn`], [`WalletError::Storage`].
    pub fn mute(&self, store: StoreId, mutes: bool) -> Result<(), WalletError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        self.token()?;
        self.change(|known| door::mute(&mut known.muted, store, mutes));
        Ok(self.save()?)
    }

    /// Writes down what left the phone. Where the vault does not keep it, it is known until the app ends.
    pub fn note_position_use(&self, used: PositionUse) {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        self.change(|known| used.note(&mut known.position_uses));
        if self.known().token.is_some() {
            let _ = self.save();
        }
    }

    /// What left the phone, the latest first.
    pub fn position_uses(&self) -> Vec<PositionUse> {
        self.known().position_uses.iter().rev().cloned().collect()
    }

    /// Forgets what left the phone.
    ///
    /// # Errors
    /// [`WalletError::Storage`].
    pub fn clear_position_uses(&self) -> Result<(), WalletError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        self.change(|known| known.position_uses.clear());
        if self.known().token.is_none() {
            return Ok(());
        }
        Ok(self.save()?)
    }

    /// Leaves the vault as it is: another wallet may have been opened over it. What is being kept
    /// is kept before this returns, and nothing after.
    pub fn give_up(&self) {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        self.given_up.store(true, Ordering::Relaxed);
    }

    /// Keeps what is known; called with `changing` held.
    fn save(&self) -> Result<(), VaultError> {
        if self.given_up.load(Ordering::Relaxed) {
            return Ok(());
        }
        let secrets = self.known().secrets();
        if secrets.is_empty() { self.vault.remove() } else { self.write(&secrets) }
    }

    fn write(&self, secrets: &Secrets) -> Result<(), VaultError> {
        let written = self.vault.write(secrets);
        let trouble = match &written {
            Err(VaultError::File(error)) => Some(StorageTrouble::of(error)),
            _ => None,
        };
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
        written
    }

    /// Whether what the vault held is lost, and no member has logged in since.
    pub fn has_put_aside(&self) -> bool {
        self.vault.has_put_aside()
    }

    /// Why the vault could not be written last.
    pub fn storage_trouble(&self) -> Option<StorageTrouble> {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sessions for Member {
    fn key(&self) -> Option<SigningKey> {
        if self.known().key.is_none() {
            let mut fresh = [0; 32];
            getrandom::fill(&mut fresh).ok()?;
            // Of two made at once the first stays.
            self.change(|known| known.key = known.key.or(Some(fresh)));
        }
        self.known().key.as_ref().map(SigningKey::from_bytes)
    }

    fn current(&self, token: &Token) -> Option<Token> {
        let known = self.known();
        known.token.as_ref().filter(|_| known.has(token)).cloned()
    }

    fn follow(&self, token: &Token, next: BoundSession) -> Option<Token> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.known().has(token) {
            return None;
        }
        let session = token.session;
        let next = Token { secret: next.token, refresh: next.refresh_token, session };
        self.change(|known| known.token = Some(next.clone()));
        // Where it cannot be kept it is good until the app ends; the one before then opens the next.
        let _ = self.save();
        Some(next)
    }
}
