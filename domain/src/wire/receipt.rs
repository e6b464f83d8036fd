//! The receipt of a payment, which the member owns: signed by the wallet company, and proven by its list
//! of keys alone, without asking anybody.

use ed25519_dalek::Signer;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    key_list::{Key, KeyUse, Keys},
    signature::{SigningKey, public_key},
};
use crate::{Address, Channel, Money, StoreId, Timestamp, from_json};

/// Tells these signatures from others of the same company.
const CONTEXT: &str = "tillsight-receipt-v1\n";
/// Longer than any receipt that is signed, bytes; more is not read.
const MOST_BYTES: usize = 64 * 1_024;

/// What was paid, to whom, and what of it was given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The settlement.
    pub settlement: Uuid,
    /// The payee.
    pub store: StoreId,
    /// The payee's name.
    pub store_name: String,
    /// Where the payee is.
    pub store_address: Address,
    /// What paid, by the member's own name for it; empty once it is not registered any more.
    pub method: String,
    /// How it was done at the till.
    pub channel: Channel,
    /// How much.
    pub amount: Money,
    /// When it was paid, by the wallet server's clock.
    pub paid_at: Timestamp,
    /// What was given back, the first first.
    pub refunds: Vec<ReceiptRefund>,
}

/// What was given back of a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptRefund {
    /// The refund.
    pub id: Uuid,
    /// How much.
    pub amount: Money,
    /// When it was asked for, by the wallet server's clock.
    pub at: Timestamp,
}

/// A receipt and who signed it. It says nothing until [`SignedReceipt::proven`] was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedReceipt {
    /// JSON of [`Receipt`], character for character as it was signed.
    pub receipt: String,
    /// The Ed25519 public key of the signer, 64 hexadecimal digits.
    pub key: String,
    /// Ed25519 over the line `tillsight-receipt-v1`, a line feed and the receipt, 128 hexadecimal
    /// digits.
    pub signature: String,
}

/// Why a receipt proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptProblem {
    /// The list has no such key for receipts.
    #[error("no key of the list for receipts signed it")]
    UnknownKey,
    /// The key is believed no more.
    #[error("the key that signed it is revoked")]
    RevokedKey,
    /// It is not what was signed.
    #[error("it was changed after it was signed")]
    Changed,
    /// What was signed is no receipt that this build can read.
    #[error("it is no receipt")]
    NoReceipt,
}

impl SignedReceipt {
    /// Signs a receipt.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn sign(receipt: &Receipt, key: &SigningKey) -> serde_json::Result<Self> {
        let receipt = serde_json::to_string(receipt)?;
        let signature = base16ct::lower::encode_string(&key.sign(&signed(&receipt)).to_bytes());
        let key = base16ct::lower::encode_string(key.verifying_key().as_bytes());
        Ok(Self { receipt, key, signature })
    }

    /// The receipt, if a key of `keys` for receipts vouches for it; `keys` must be proven themselves.
    ///
    /// # Errors
    /// [`ReceiptProblem`].
    pub fn proven(&self, keys: &Keys) -> Result<Receipt, ReceiptProblem> {
        let for_receipts = |key: &&Key| key.signs == KeyUse::Receipts;
        let mut listed = keys.keys.iter().filter(for_receipts);
        let listed = listed.find(|key| key.ed25519.eq_ignore_ascii_case(&self.key));
        let listed = listed.ok_or(ReceiptProblem::UnknownKey)?;
        if listed.revoked {
            return Err(ReceiptProblem::RevokedKey);
        }
        let key = public_key(&listed.ed25519).ok_or(ReceiptProblem::UnknownKey)?;
        if self.receipt.len() > MOST_BYTES {
            return Err(ReceiptProblem::NoReceipt);
        }
        let signature = base16ct::mixed::decode_vec(&self.signature).ok();
        let signature = signature
            .and_then(|bytes| ed25519_dalek::Signature::from_slice(&bytes).ok())
            .ok_or(ReceiptProblem::Changed)?;
        key.verify_strict(&signed(&self.receipt), &signature)
            .map_err(|_| ReceiptProblem::Changed)?;
        from_json(&self.receipt).map_err(|_| ReceiptProblem::NoReceipt)
    }
}

fn signed(receipt: &str) -> Vec<u8> {
    [CONTEXT.as_bytes(), receipt.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Currency;

    fn receipt() -> Receipt {
        Receipt {
            settlement: Uuid::from_u128(1),
            store: StoreId(Uuid::from_u128(2)),
            store_name: "Uno".to_owned(),
            store_address: Address::default(),
            method: "Rossi Visa ..42".to_owned(),
            channel: Channel::Scan,
            amount: Money::new(250, Currency::EUR),
            paid_at: Timestamp(1),
            refunds: vec![ReceiptRefund {
                id: Uuid::from_u128(3),
                amount: Money::new(50, Currency::EUR),
                at: Timestamp(2),
            }],
        }
    }

    fn keys(key: &SigningKey, signs: KeyUse, revoked: bool) -> Keys {
        let ed25519 = base16ct::lower::encode_string(key.verifying_key().as_bytes());
        Keys { keys: vec![Key { ed25519, signs, revoked }] }
    }

    #[test]
    fn a_receipt_is_proven_by_a_key_for_receipts_that_is_not_revoked_and_by_no_other() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let signed = SignedReceipt::sign(&receipt(), &key).unwrap();
        let listed = keys(&key, KeyUse::Receipts, false);
        assert_eq!(signed.proven(&listed), Ok(receipt()));
        let upper = SignedReceipt { key: signed.key.to_uppercase(), ..signed.clone() };
        assert_eq!(upper.proven(&listed), Ok(receipt()));
        let other = SigningKey::from_bytes(&[8; 32]);
        for (keys, problem) in [
            (Keys::default(), ReceiptProblem::UnknownKey),
            (keys(&other, KeyUse::Receipts, false), ReceiptProblem::UnknownKey),
            (keys(&key, KeyUse::Tiles, false), ReceiptProblem::UnknownKey),
            (keys(&key, KeyUse::Receipts, true), ReceiptProblem::RevokedKey),
        ] {
            assert_eq!(signed.proven(&keys), Err(problem), "{keys:?}");
        }
    }

    #[test]
    fn a_receipt_with_one_character_changed_proves_nothing() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let keys = keys(&key, KeyUse::Receipts, false);
        let signed = SignedReceipt::sign(&receipt(), &key).unwrap();
        let with = |receipt: String, signature: String| SignedReceipt {
            receipt,
            signature,
            key: signed.key.clone(),
        };
        for changed in [
            with(signed.receipt.replace("250", "25"), signed.signature.clone()),
            with(format!("{} ", signed.receipt), signed.signature.clone()),
            with(signed.receipt.clone(), signed.signature.replace('a', "b")),
            with(signed.receipt.clone(), String::new()),
            with(signed.receipt.clone(), "x".repeat(128)),
        ] {
            assert_eq!(changed.proven(&keys), Err(ReceiptProblem::Changed), "{changed:?}");
        }
        let long = with(" ".repeat(MOST_BYTES + 1), signed.signature.clone());
        assert_eq!(long.proven(&keys), Err(ReceiptProblem::NoReceipt));
    }

    #[test]
    fn what_is_signed_in_another_context_is_no_receipt() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let text = serde_json::to_string(&receipt()).unwrap();
        let signature = base16ct::lower::encode_string(&key.sign(text.as_bytes()).to_bytes());
        let forged = SignedReceipt {
            receipt: text,
            key: base16ct::lower::encode_string(key.verifying_key().as_bytes()),
            signature,
        };
        let keys = keys(&key, KeyUse::Receipts, false);
        assert_eq!(forged.proven(&keys), Err(ReceiptProblem::Changed));
    }
}
