//! The wallet's calls about the key of the device's key store that agrees to payments in place of the
//! settlement code. The key stays in the app's hands: the wallet says what is to be signed and sends the
//! signature, and no call of either side waits for a finger.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use domain::wire::ApprovalKey;

use super::{agreement::ApprovalToSign, object::Wallet};
use crate::{error::WalletError, server::Request};

#[uniffi::export]
impl Wallet {
    /// Has this device agree to payments by a P-256 key of its key store from now on, confirmed by the
    /// settlement code. Make the key so that each signature needs the person. `public_key` is as the key
    /// store gives it: a SubjectPublicKeyInfo (Android) or an uncompressed point (iOS). Waits for the
    /// server.
    ///
    /// # Errors
    /// [`WalletError::RequestRefused`],
    /// [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`]: nothing was changed.
    pub fn set_approval_key(
        &self,
        public_key: Vec<u8>,
        settlement_code: String,
    ) -> Result<(), WalletError> {
        let public_key = Base64UrlUnpadded::encode_string(&public_key);
        let asked = ApprovalKey { public_key, settlement_code };
        self.as_member(&Request::set_approval_key(&asked)).map(drop)
    }

    /// Has this device agree by the settlement code alone again. Waits for the server.
    ///
    /// # Errors
    /// [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`]: nothing was changed.
    pub fn forget_approval_key(&self) -> Result<(), WalletError> {
        self.as_member(&Request::forget_approval_key()).map(drop)
    }

    /// What the device's key signs to agree to the payment of this id as its screen shows it, good for two
    /// minutes; `None` while there is nothing to agree to.
    ///
    /// # Errors
    /// [`WalletError::PaymentRefused`], [`WalletError::Storage`].
    pub fn approval_to_sign(&self, id: String) -> Result<Option<ApprovalToSign>, WalletError> {
        self.parts.approval_to_sign(&id)
    }
}
