//! Grants sealed with a key that is not in the database: a stolen table opens no account.

use std::path::Path;

use domain::wire::Grant;
use server_kit::{DatabaseError, damaged};

use super::method::Backing;
use crate::sealing::SealingKey;

/// The key that seals grants, and the member, the operator and the account each is for: moved to
/// another row, it does not open.
pub struct GrantKey(SealingKey);

impl GrantKey {
    /// Reads `grants.key` of the data folder, or makes it.
    ///
    /// # Errors
    /// When it cannot be read or made, or does not hold 32 bytes in hexadecimal.
    pub fn open(data: &Path) -> anyhow::Result<Self> {
        SealingKey::open(data, "grants.key").map(Self)
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
        self.0.seal(&place(member_id, backing), grant.expose()).map(Some)
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
        let opened = self.0.unseal(&place(member_id, backing), sealed);
        opened.map(Grant::new).ok_or_else(|| damaged("grant_sealed"))
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
