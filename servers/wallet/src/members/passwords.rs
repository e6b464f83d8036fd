//! Passwords as Argon2id hashes.

use std::{
    sync::{Arc, Mutex, PoisonError},
    thread::available_parallelism,
};

use anyhow::anyhow;
use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{PasswordHasher, phc::PasswordHash},
};
use server_kit::{hex, random_bytes};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;

use super::rules::FREE_FAILURES;

/// Argon2id as the OWASP Password Storage Cheat Sheet has it: KiB of memory, passes, lanes.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Checks passwords: as many at once as there are cores, since each takes 19 MiB, and never more
/// than may be wrong before anybody must wait, so that right ones never wait for each other.
#[derive(Clone)]
pub struct Passwords {
    at_once: Arc<Semaphore>,
    /// Memory of those that are not being checked: one for each permit, used again and again,
    /// because the allocator keeps what is handed back in pieces.
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
    /// A hash that no password matches, checked when there is no such member, so that the answer
    /// takes as long.
    nobody: Arc<str>,
}

/// The right to check one password now.
pub struct Turn {
    _permit: tokio::sync::OwnedSemaphorePermit,
    passwords: Passwords,
}

impl Passwords {
    /// # Errors
    /// When the system gives no random numbers.
    pub fn new() -> anyhow::Result<Self> {
        let secret = hex(&random_bytes::<32>()?);
        let cores = available_parallelism().map_or(1, usize::from);
        Ok(Self {
            at_once: Arc::new(Semaphore::new(cores.min(FREE_FAILURES as usize))),
            memory: Arc::default(),
            nobody: hash(&secret)?.into(),
        })
    }

    /// Waits until one more password may be checked; `None` when the server ends.
    pub async fn turn(&self) -> Option<Turn> {
        let permit = Arc::clone(&self.at_once).acquire_owned().await.ok()?;
        Some(Turn { _permit: permit, passwords: self.clone() })
    }
}

impl Turn {
    /// Whether `password` is that of `hash`; without a hash it takes as long and is not.
    pub async fn matches(self, password: String, hash: Option<String>) -> bool {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.passwords.nobody.to_string());
        let judged = tokio::task::spawn_blocking(move || {
            let memory = &self.passwords.memory;
            let mut blocks =
                memory.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
            let right = verify(&password, &hash, &mut blocks).unwrap_or(false);
            memory.lock().unwrap_or_else(PoisonError::into_inner).push(blocks);
            right
        });
        judged.await.unwrap_or(false) && known
    }
}

fn params() -> anyhow::Result<Params> {
    Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|error| anyhow!("Argon2 refuses its parameters: {error}"))
}

/// The hash of a password with a new salt, as a PHC string.
///
/// # Errors
/// When the system gives no random numbers.
pub fn hash(password: &str) -> anyhow::Result<String> {
    let hash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params()?)
        .hash_password(password.as_bytes())
        .map_err(|error| anyhow!("the password cannot be hashed: {error}"))?;
    Ok(hash.to_string())
}

/// Whether `password` has this hash, by its own parameters; `None` when `hash` is malformed.
fn verify(password: &str, hash: &str, blocks: &mut Vec<Block>) -> Option<bool> {
    let hash = PasswordHash::new(hash).ok()?;
    let params = Params::try_from(&hash).ok()?;
    // A damaged row must not ask for more memory than a hash of ours takes.
    if params.m_cost() > MEMORY_KIB {
        return None;
    }
    let (salt, expected) = (hash.salt.as_ref()?, hash.hash.as_ref()?);
    blocks.resize(params.block_count().max(blocks.len()), Block::default());
    let mut output = vec![0; expected.len()];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(
            password.as_bytes(),
            salt.as_ref(),
            &mut output,
            blocks.as_mut_slice(),
        )
        .ok()?;
    Some(output.ct_eq(expected.as_ref()).into())
}

#[cfg(test)]
mod tests {
    use super::{hash, verify};

    #[test]
    fn only_the_password_itself_matches_its_hash_also_in_memory_used_before() {
        let known = hash("correct horse").unwrap();
        let mut blocks = Vec::new();
        assert_eq!(verify("correct horse", &known, &mut blocks), Some(true));
        assert_eq!(verify("correct hors", &known, &mut blocks), Some(false));
        assert_eq!(verify("correct horse", &known, &mut blocks), Some(true));
        assert_eq!(verify("correct horse", "nonsense", &mut blocks), None);
        let greedy = known.replace("m=19456", "m=4000000");
        assert_eq!(verify("correct horse", &greedy, &mut blocks), None);
    }
}
