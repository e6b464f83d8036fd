//! Calls about the wallet's files.

use super::{object::Wallet, storage::StorageUse};

#[uniffi::export]
impl Wallet {
    /// The room that the wallet's files take.
    pub fn storage_use(&self) -> StorageUse {
        self.parts.storage.used()
    }
}
