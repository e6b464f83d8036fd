//! The call that tells why a method stands as it does.

use super::object::Wallet;
use crate::{
    error::{RequestProblem, WalletError},
    screen::StoreSays,
};

#[uniffi::export]
impl Wallet {
    /// What each of the stores in question says of a method, the one that the screen shows first; one store
    /// once it is settled which, none where no store is near. Waits for nothing but the phone's own disk.
    ///
    /// # Errors
    /// [`WalletError::RequestRefused`] when the method is not registered.
    pub fn why(&self, method_id: String) -> Result<Vec<StoreSays>, WalletError> {
        let says = self.parts.why(&method_id, self.parts.now());
        says.ok_or_else(|| RequestProblem::NotFound.error(None))
    }
}
