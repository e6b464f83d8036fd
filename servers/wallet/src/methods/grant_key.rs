//! Grants sealed with a key that is not in the database: a stolen table opens no account.

use std::path::Path;

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use domain::wire::Grant;
use server_kit::{DatabaseError, damaged, random_bytes, secret};

use super::method::Backing;

const NONCE_LEN: usize = 24;

/// The key that seals grants, and the member, the operator and the account each is for: moved to
/// another row, it does not open.
pub struct GrantKey(XChaCha20Poly1305);

impl GrantKey {
    /// Reads `grants.key` of the data folder, or makes it.
    ///
    /// # Errors
    /// When it cannot be read or made, or does not hold 32 bytes in hexadecimal.
    pub fn open(data: &Path) -> anyhow::Result<Self> {
        Ok(Self(XChaCha20Poly1305::new(&secret(data, "grants.key")?.into())))
    }

    /// The grant of `backing`, sealed for the row of `member_id`; `None` where the wallet itself holds
    /// the money.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn seal(
        &self,
        member_id: &str,
        backing: &Backing,
    ) -> Result<Option<Vec<u8>>, DatabaseError> {
        let Some(grant) = backing.grant() else { return Ok(None) };
        let sealed = || {
            let nonce: [u8; NONCE_LEN] = random_bytes().ok()?;
            let place = place(member_id, backing);
            let payload = Payload { msg: grant.expose().as_bytes(), aad: place.as_bytes() };
            let sealed = self.0.encrypt(&XNonce::from(nonce), payload).ok()?;
            Some([&nonce[..], &sealed].concat())
        };
        let unsealed = || DatabaseError::Encode("the grant cannot be sealed".into());
        sealed().ok_or_else(unsealed).map(Some)
    }

    /// The grant that was sealed for the row of `member_id` with `backing`.
    ///
    /// # Errors
    /// When it was sealed with another key or for another row.
    pub fn unseal(
        &self,
        member_id: &str,
        backing: &Backing,
        sealed: &[u8],
    ) -> Result<Grant, DatabaseError> {
        let opened = || {
            let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
            let place = place(member_id, backing);
            let payload = Payload { msg: sealed, aad: place.as_bytes() };
            let plain = self.0.decrypt(&XNonce::from(*nonce), payload).ok()?;
            String::from_utf8(plain).ok()
        };
        opened().map(Grant::new).ok_or_else(|| damaged("grant_sealed"))
    }
}

fn place(member_id: &str, backing: &Backing) -> String {
    let (held_by, operator, held_id) = backing.holder();
    format!("{member_id} {held_by} {operator} {held_id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_opens_in_its_own_row_with_its_own_key_alone() {
        let folder = tempfile::TempDir::new().unwrap();
        let key = GrantKey::open(folder.path()).unwrap();
        let at = |operator: &str, id: &str| Backing::Card {
            operator: operator.to_owned(),
            id: id.to_owned(),
            grant: Grant::new("s3cret"),
        };
        let card = |id: &str| at("a", id);
        let sealed = key.seal("giulia", &card("1")).unwrap().unwrap();
        assert!(!sealed.windows(6).any(|bytes| bytes == b"s3cret"));
        assert_eq!(key.unseal("giulia", &card("1"), &sealed).unwrap(), Grant::new("s3cret"));
        assert!(key.unseal("kenji", &card("1"), &sealed).is_err());
        assert!(key.unseal("giulia", &card("2"), &sealed).is_err());
        assert!(key.unseal("giulia", &at("b", "1"), &sealed).is_err());
        assert!(key.unseal("giulia", &card("1"), &sealed[..20]).is_err());
        let other = tempfile::TempDir::new().unwrap();
        let other = GrantKey::open(other.path()).unwrap();
        assert!(other.unseal("giulia", &card("1"), &sealed).is_err());
    }
}
