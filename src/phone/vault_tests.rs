//! The vault over key stores and files that fail it.

use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex},
};

use uuid::Uuid;

use super::{
    KeyStore, KeyStoreError,
    vault::{Secrets, Token, Vault, VaultError},
};

/// Not a safe key store: it only has to be reversible and its own.
struct Xor(u8);
impl KeyStore for Xor {
    fn seal(&self, secret: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        Ok(secret.into_iter().map(|byte| byte ^ self.0).collect())
    }
    fn unseal(&self, sealed: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        self.seal(sealed)
    }
    fn forget(&self) -> Result<(), KeyStoreError> {
        Ok(())
    }
}

/// Makes its key at the first seal, as platforms do, and takes its time.
#[derive(Default)]
struct Making {
    key: Mutex<Option<u8>>,
    made: std::sync::atomic::AtomicU8,
}
impl KeyStore for Making {
    fn seal(&self, secret: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        let key = *self.key.lock().unwrap();
        let key = key.unwrap_or_else(|| {
            std::thread::sleep(std::time::Duration::from_millis(20));
            let made = self.made.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
            *self.key.lock().unwrap() = Some(made);
            made
        });
        Xor(key).seal(secret)
    }
    fn unseal(&self, sealed: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        let key = self.key.lock().unwrap().ok_or(KeyStoreError::Lost)?;
        Xor(key).seal(sealed)
    }
    fn forget(&self) -> Result<(), KeyStoreError> {
        *self.key.lock().unwrap() = None;
        Ok(())
    }
}

struct Locked;
impl KeyStore for Locked {
    fn seal(&self, _: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        Err(KeyStoreError::Locked)
    }
    fn unseal(&self, _: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        Err(KeyStoreError::Locked)
    }
    fn forget(&self) -> Result<(), KeyStoreError> {
        Err(KeyStoreError::Locked)
    }
}

fn secrets() -> Secrets {
    let (secret, refresh) = ("s3cret-token".into(), "s3cret-refresh".into());
    let token = Some(Token { secret, refresh, session: Uuid::nil() });
    Secrets { token, key: Some([7; 32]), ..Secrets::default() }
}

fn token_of(path: &Path, keys: Arc<dyn KeyStore>) -> Option<String> {
    Vault::open(path, keys).unwrap().1.token.map(|token| token.secret)
}

#[test]
fn what_was_sealed_opens_again_and_is_not_readable_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault");
    let (vault, empty) = Vault::open(&path, Arc::new(Xor(7))).unwrap();
    assert!(empty.token.is_none());
    vault.write(&secrets()).unwrap();
    vault.write(&secrets()).unwrap();
    let file = fs::read(&path).unwrap();
    assert!(!file.windows(6).any(|bytes| bytes == b"s3cret"));
    assert_eq!(token_of(&path, Arc::new(Xor(7))).as_deref(), Some("s3cret-token"));
}

#[test]
fn a_vault_with_a_token_that_anybody_could_use_is_logged_out_and_keeps_its_methods() {
    let old = r#"{"token":{"secret":"t","expires_at":9},"log_outs":["t"],"device":"d",
        "methods":{"methods":[],"as_of":1}}"#;
    let secrets: Secrets = serde_json::from_str(old).unwrap();
    assert!(secrets.token.is_none() && secrets.log_outs.is_empty() && secrets.key.is_none());
    assert!(secrets.methods.is_some() && secrets.device.as_deref() == Some("d"));
}

#[test]
fn another_phones_key_or_a_broken_file_is_put_aside_and_said_until_something_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault");
    Vault::open(&path, Arc::new(Xor(7))).unwrap().0.write(&secrets()).unwrap();
    let whole = fs::read(&path).unwrap();
    let aside = path.with_extension("damaged");
    let opened = |key| Vault::open(&path, Arc::new(Xor(key))).unwrap();
    assert!(!opened(7).0.has_put_aside());
    let cuts = [0, 7, 9, 40, whole.len() - 1].map(|cut| (7, &whole[..cut]));
    for (key, file) in [(8, &*whole)].into_iter().chain(cuts) {
        fs::write(&path, file).unwrap();
        // Also where nobody has seen it before the next start.
        for start in 1..=2 {
            let (vault, empty) = opened(key);
            assert!(empty.is_empty() && vault.has_put_aside(), "cut at {}, {start}", file.len());
            assert!(!path.exists() && fs::read(&aside).unwrap() == file);
        }
    }
    opened(7).0.write(&secrets()).unwrap();
    let (vault, kept) = opened(7);
    assert!(kept.token.is_some() && !vault.has_put_aside());
    vault.remove().unwrap();
    assert!(opened(7).0.has_put_aside(), "what is removed is not what was put aside");
    vault.remove_put_aside().unwrap();
    assert!(!opened(7).0.has_put_aside() && !aside.exists());
}

#[test]
fn a_locked_phone_is_told_apart_from_a_lost_vault() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault");
    Vault::open(&path, Arc::new(Xor(7))).unwrap().0.write(&secrets()).unwrap();
    assert!(matches!(
        Vault::open(&path, Arc::new(Locked)),
        Err(VaultError::KeyStore(KeyStoreError::Locked))
    ));
}

#[test]
fn a_vault_that_cannot_be_read_now_is_told_apart_from_one_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault");
    assert!(Vault::open(&path, Arc::new(Xor(7))).unwrap().1.is_empty());
    // A folder has no bytes to read.
    fs::create_dir(&path).unwrap();
    assert!(matches!(Vault::open(&path, Arc::new(Xor(7))), Err(VaultError::File(_))));
}

#[test]
fn two_first_writes_at_once_make_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Arc::new(Making::default());
    let vault = Vault::open(&folder.path().join("vault"), keys.clone()).unwrap().0;
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| vault.make_key().unwrap());
        }
    });
    assert_eq!(keys.made.load(std::sync::atomic::Ordering::Relaxed), 1);
}

#[test]
fn a_copy_of_the_file_is_dead_once_its_key_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault");
    let keys = Arc::new(Making::default());
    let vault = Vault::open(&path, keys.clone()).unwrap().0;
    vault.write(&secrets()).unwrap();
    let copy = fs::read(&path).unwrap();
    vault.remove().unwrap();
    vault.forget_key().unwrap();
    fs::write(&path, &copy).unwrap();
    assert_eq!(token_of(&path, keys.clone()), None);
    // What the next member seals opens, and the copy still does not.
    vault.write(&secrets()).unwrap();
    assert!(token_of(&path, keys.clone()).is_some());
    fs::write(&path, &copy).unwrap();
    assert_eq!(token_of(&path, keys), None);
}
