//! How a member agrees to a payment: what was shown, and a proof of who agrees.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{MethodId, Money, StoreId, Timestamp};

/// How long a member has to agree, ms: reading an amount and typing six digits takes a tenth of it.
pub const APPROVAL_LASTS_MS: i64 = 2 * 60 * 1_000;

/// Signed before the fields, so that a signature made for anything else is never an approval.
const CONTEXT: &[u8] = b"tillsight approval 1\0";

/// What the member was shown and agrees to, and the proof of who agrees: the settlement code or a
/// signature, one of the two.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The payee that was shown.
    pub store: StoreId,
    /// The amount that was shown.
    pub amount: Money,
    /// The method that was shown.
    pub method: MethodId,
    /// The member's settlement code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settlement_code: Option<String>,
    /// A signature by the key of the device's key store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<SignedApproval>,
}

/// A signature over [`Approval::to_sign`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedApproval {
    /// When it was signed, by the server's time.
    pub at: Timestamp,
    /// ECDSA on P-256 with SHA-256 in the ASN.1 form that key stores give, as base64url without
    /// padding.
    pub signature: String,
}

impl Approval {
    /// What a key of the key store signs to agree at `at` to the payment `settlement`, whose id is
    /// used once and so serves as the nonce.
    ///
    /// The context, then big-endian: settlement (16 bytes), store (16), amount in minor units (8),
    /// the currency's code (3), `at` in ms since 1970 (8), the method's id to the end.
    pub fn to_sign(&self, settlement: Uuid, at: Timestamp) -> Vec<u8> {
        let mut bytes = CONTEXT.to_vec();
        bytes.extend_from_slice(settlement.as_bytes());
        bytes.extend_from_slice(self.store.0.as_bytes());
        bytes.extend_from_slice(&self.amount.amount.to_be_bytes());
        bytes.extend_from_slice(self.amount.currency.code().as_bytes());
        bytes.extend_from_slice(&at.0.to_be_bytes());
        bytes.extend_from_slice(self.method.0.as_bytes());
        bytes
    }
}

/// The key by which the device of this session approves from now on, in place of the one before.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalKey {
    /// A public key on P-256, as the key store gives it: a SubjectPublicKeyInfo (Android) or an
    /// uncompressed point (iOS), as base64url without padding.
    pub public_key: String,
    /// The member's settlement code.
    pub settlement_code: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Currency;

    #[test]
    fn every_field_that_was_shown_is_signed_and_the_form_never_changes() {
        let of = |amount, currency, method: &str, store| Approval {
            store: StoreId(Uuid::from_u128(store)),
            amount: Money { amount, currency },
            method: MethodId(method.to_owned()),
            settlement_code: None,
            signed: None,
        };
        let signed = of(250, Currency::EUR, "money", 3).to_sign(Uuid::from_u128(2), Timestamp(1));
        let mut right = b"tillsight approval 1\0".to_vec();
        right.extend([[0; 15].as_slice(), &[2], &[0; 15], &[3], &[0; 7], &[250]].concat());
        right.extend([b"EUR".as_slice(), &[0; 7], &[1], b"money"].concat());
        assert_eq!(signed, right);
        for other in [
            of(251, Currency::EUR, "money", 3).to_sign(Uuid::from_u128(2), Timestamp(1)),
            of(250, Currency::JPY, "money", 3).to_sign(Uuid::from_u128(2), Timestamp(1)),
            of(250, Currency::EUR, "card", 3).to_sign(Uuid::from_u128(2), Timestamp(1)),
            of(250, Currency::EUR, "money", 4).to_sign(Uuid::from_u128(2), Timestamp(1)),
            of(250, Currency::EUR, "money", 3).to_sign(Uuid::from_u128(3), Timestamp(1)),
            of(250, Currency::EUR, "money", 3).to_sign(Uuid::from_u128(2), Timestamp(2)),
        ] {
            assert_ne!(other, signed);
        }
    }
}
