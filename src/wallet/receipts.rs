//! The wallet's call about receipts: fetched, proven by the register's keys, and given as files.

use base16ct::lower;
use domain::wire::{Key, KeyUse, Keys, ReceiptProblem, SignedReceipt};
use uuid::Uuid;

use super::{object::Wallet, parts::Parts};
use crate::{
    error::{PaymentProblem, ServerProblem, WalletError},
    screen::{ReceiptFiles, draw_receipt},
    server::{Request, from_json},
};

#[uniffi::export]
impl Wallet {
    /// The receipt of a payment of this member's, by the id of the payment: signed by the wallet company and
    /// proven on this phone, with all that was given back so far. Keep what it gives: it is the member's own, and
    /// needs no server. Waits for the server.
    ///
    /// # Errors
    /// [`WalletError::RequestRefused`] for what is not paid, [`WalletError::PaymentRefused`] for what is no id,
    /// [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`]: with
    /// [`ServerProblem::NotVouched`] the receipt proves nothing.
    pub fn receipt(&self, id: String) -> Result<ReceiptFiles, WalletError> {
        let id = Uuid::try_parse(&id).map_err(|_| PaymentProblem::NotFound.error(None))?;
        let signed: SignedReceipt = from_json(&self.as_member(&Request::receipt(id))?)?;
        let not_vouched = || ServerProblem::NotVouched.error();
        let receipt = self.parts.proven(&signed).map_err(|_| not_vouched())?;
        if receipt.settlement != id {
            return Err(not_vouched());
        }
        let language = self.parts.screens.language();
        draw_receipt(&receipt, &signed, language).map_err(|_| not_vouched())
    }
}

impl Parts {
    /// The receipt, proven by the keys that this phone has, or else by those that the register has by now.
    fn proven(&self, signed: &SignedReceipt) -> Result<domain::wire::Receipt, ReceiptProblem> {
        match signed.proven(&self.receipt_keys()) {
            Err(ReceiptProblem::UnknownKey) => {
                self.keys(self.now());
                signed.proven(&self.receipt_keys())
            }
            told => told,
        }
    }

    fn receipt_keys(&self) -> Keys {
        let known = self.stores.cache.register_keys(KeyUse::Receipts);
        let key = |known: crate::cache::RegisterKey| Key {
            ed25519: lower::encode_string(&known.ed25519),
            signs: KeyUse::Receipts,
            revoked: known.revoked,
        };
        Keys { keys: known.into_iter().map(key).collect() }
    }
}
