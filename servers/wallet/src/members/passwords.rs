//! Passwords and settlement codes as Argon2id hashes.

use std::{
    sync::{Arc, Mutex, PoisonError},
    thread::available_parallelism,
};

use anyhow::anyhow;
use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use server_kit::{hex, random_bytes};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;

use super::{pepper::Pepper, rules::FREE_FAILURES};

/// Argon2id as the OWASP Password Storage Cheat Sheet has it: KiB of memory, passes, lanes. A hash of
/// other costs still opens, and is made anew when it does.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Most memory, KiB, and passes a stored hash may ask for: the largest of that sheet's settings. A
/// damaged row must not ask for more.
const MOST_MEMORY_KIB: u32 = 46 * 1024;
const MOST_PASSES: u32 = 5;

/// What is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    /// What a member logs in with.
    Password,
    /// What a member confirms settlements with: so short that its hash needs the pepper.
    SettlementCode,
}

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
    pepper: Arc<Pepper>,
}

/// The right to check or hash one secret at a time now.
pub struct Turn {
    _permit: tokio::sync::OwnedSemaphorePermit,
    passwords: Passwords,
}

impl Passwords {
    /// # Errors
    /// When the system gives no random numbers.
    pub fn new(pepper: Arc<Pepper>) -> anyhow::Result<Self> {
        let secret = hex(&random_bytes::<32>()?);
        let cores = available_parallelism().map_or(1, usize::from);
        Ok(Self {
            at_once: Arc::new(Semaphore::new(cores.min(FREE_FAILURES as usize))),
            memory: Arc::default(),
            nobody: hash(&secret)?.into(),
            pepper,
        })
    }

    /// Waits until one more secret may be checked; `None` when the server ends.
    pub async fn turn(&self) -> Option<Turn> {
        let permit = Arc::clone(&self.at_once).acquire_owned().await.ok()?;
        Some(Turn { _permit: permit, passwords: self.clone() })
    }
}

impl Turn {
    /// Whether `secret` is that of `hash`; without a hash it takes as long and is not. The caller
    /// must not be given up before its end, or more would be checked at once than there is memory
    /// for.
    pub async fn matches(&self, kind: SecretKind, secret: String, hash: Option<String>) -> bool {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.passwords.nobody.to_string());
        let judged = self.with_memory(move |blocks, pepper| {
            verify(kind.key(pepper), &secret, &hash, blocks).unwrap_or(false)
        });
        judged.await.unwrap_or(false) && known
    }

    /// The hash of `secret` with a new salt; `None` when the system gives no random numbers.
    pub async fn hash(&self, kind: SecretKind, secret: String) -> Option<String> {
        let hashed =
            self.with_memory(move |blocks, pepper| hash_in(kind.key(pepper), &secret, blocks).ok());
        hashed.await.flatten()
    }

    async fn with_memory<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Vec<Block>, &Pepper) -> T + Send + 'static,
    ) -> Option<T> {
        let Passwords { memory, pepper, .. } = self.passwords.clone();
        let worked = tokio::task::spawn_blocking(move || {
            let mut blocks =
                memory.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
            let worked = work(&mut blocks, &pepper);
            memory.lock().unwrap_or_else(PoisonError::into_inner).push(blocks);
            worked
        });
        worked.await.ok()
    }
}

impl SecretKind {
    fn key(self, pepper: &Pepper) -> &[u8] {
        match self {
            Self::Password => &[],
            Self::SettlementCode => pepper.of_settlement_codes(),
        }
    }
}

fn argon2(key: &[u8], params: Params) -> argon2::Result<Argon2<'_>> {
    Argon2::new_with_secret(key, Algorithm::Argon2id, Version::V0x13, params)
}

fn params() -> argon2::Result<Params> {
    Params::new(MEMORY_KIB, PASSES, LANES, None)
}

/// The hash of a password with a new salt, as a PHC string.
///
/// # Errors
/// When the system gives no random numbers.
pub fn hash(password: &str) -> anyhow::Result<String> {
    hash_in(&[], password, &mut Vec::new())
}

fn hash_in(key: &[u8], secret: &str, blocks: &mut Vec<Block>) -> anyhow::Result<String> {
    let salt: [u8; 16] = random_bytes()?;
    let mut hashed = || {
        let params = params()?;
        let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
        fill(argon2(key, params.clone())?, secret, &salt, &mut output, blocks)?;
        Ok::<_, argon2::password_hash::Error>(PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&params)?,
            salt: Some(Salt::new(&salt)?),
            hash: Some(Output::new(&output)?),
        })
    };
    let hash = hashed().map_err(|error| anyhow!("the secret cannot be hashed: {error}"))?;
    Ok(hash.to_string())
}

fn fill(
    argon2: Argon2<'_>,
    secret: &str,
    salt: &[u8],
    output: &mut [u8],
    blocks: &mut Vec<Block>,
) -> argon2::Result<()> {
    blocks.resize(argon2.params().block_count().max(blocks.len()), Block::default());
    argon2.hash_password_into_with_memory(secret.as_bytes(), salt, output, blocks.as_mut_slice())
}

/// Whether a hash was made with other costs than one made now.
pub fn is_outdated(hash: &str) -> bool {
    let made = PasswordHash::new(hash).ok().and_then(|hash| Params::try_from(&hash).ok());
    let costs = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
    made.as_ref().map(costs) != Some((MEMORY_KIB, PASSES, LANES))
}

/// Whether `secret` has this hash, by its own parameters; `None` when `hash` is malformed.
fn verify(key: &[u8], secret: &str, hash: &str, blocks: &mut Vec<Block>) -> Option<bool> {
    let hash = PasswordHash::new(hash).ok()?;
    let params = Params::try_from(&hash).ok()?;
    if params.m_cost() > MOST_MEMORY_KIB || params.t_cost() > MOST_PASSES {
        return None;
    }
    let (salt, expected) = (hash.salt.as_ref()?, hash.hash.as_ref()?);
    let mut output = vec![0; expected.len()];
    fill(argon2(key, params).ok()?, secret, salt.as_ref(), &mut output, blocks).ok()?;
    Some(output.ct_eq(expected.as_ref()).into())
}

#[cfg(test)]
mod tests {
    use super::{hash, hash_in, is_outdated, verify};

    #[test]
    fn only_the_password_itself_matches_its_hash_also_in_memory_used_before() {
        let known = hash("correct horse").unwrap();
        let mut blocks = Vec::new();
        let mut verify = |secret: &str, hash: &str| verify(&[], secret, hash, &mut blocks);
        assert_eq!(verify("correct horse", &known), Some(true));
        assert_eq!(verify("correct hors", &known), Some(false));
        assert_eq!(verify("correct horse", &known), Some(true));
        assert_eq!(verify("correct horse", "nonsense"), None);
        for greedy in ["m=4000000,t=2", "m=19456,t=1000"] {
            assert_eq!(verify("correct horse", &known.replace("m=19456,t=2", greedy)), None);
        }
    }

    #[test]
    fn a_code_hashed_with_the_pepper_opens_with_no_other() {
        let mut blocks = Vec::new();
        let known = hash_in(b"pepper", "739158", &mut blocks).unwrap();
        assert_eq!(verify(b"pepper", "739158", &known, &mut blocks), Some(true));
        for other in [&b""[..], b"another"] {
            assert_eq!(verify(other, "739158", &known, &mut blocks), Some(false));
        }
    }

    #[test]
    fn a_hash_of_other_costs_is_outdated() {
        let known = hash("correct horse").unwrap();
        assert!(!is_outdated(&known));
        assert!(is_outdated(&known.replace("t=2", "t=1")));
        assert!(is_outdated("nonsense"));
    }
}
