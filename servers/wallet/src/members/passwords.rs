//! Passwords as Argon2id hashes.

use std::{sync::Arc, thread::available_parallelism};

use anyhow::anyhow;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use server_kit::{hex, random_bytes};
use tokio::sync::Semaphore;

/// Argon2id as the OWASP Password Storage Cheat Sheet has it: KiB of memory, passes, lanes.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Checks passwords: as many at once as there are cores, since each takes 19 MiB.
#[derive(Clone)]
pub struct Passwords {
    at_once: Arc<Semaphore>,
    /// A hash that no password matches, checked when there is no such member, so that the answer
    /// takes as long.
    nobody: Arc<str>,
}

impl Passwords {
    /// # Errors
    /// When the system gives no random numbers.
    pub fn new() -> anyhow::Result<Self> {
        let secret = hex(&random_bytes::<32>()?);
        Ok(Self {
            at_once: Arc::new(Semaphore::new(available_parallelism().map_or(1, usize::from))),
            nobody: hash(&secret)?.into(),
        })
    }

    /// Whether `password` is that of `hash`; without a hash it takes as long and is not.
    pub async fn matches(&self, password: String, hash: Option<String>) -> bool {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.to_string());
        let Ok(permit) = Arc::clone(&self.at_once).acquire_owned().await else { return false };
        let judged = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            verify(&password, &hash)
        });
        judged.await.unwrap_or(false) && known
    }
}

fn argon2id() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|error| anyhow!("Argon2 refuses its parameters: {error}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of a password with a new salt, as a PHC string.
///
/// # Errors
/// When the system gives no random numbers.
pub fn hash(password: &str) -> anyhow::Result<String> {
    let hash = argon2id()?
        .hash_password(password.as_bytes())
        .map_err(|error| anyhow!("the password cannot be hashed: {error}"))?;
    Ok(hash.to_string())
}

fn verify(password: &str, hash: &str) -> bool {
    let (Ok(argon2), Ok(hash)) = (argon2id(), PasswordHash::new(hash)) else { return false };
    argon2.verify_password(password.as_bytes(), &hash).is_ok()
}
