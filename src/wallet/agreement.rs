//! What a member agrees to a payment by.

use domain::wire::SignedApproval;

/// What proves that the member agrees.
pub enum Agreement {
    /// The settlement code.
    Code(String),
    /// A signature by the device's key.
    Signed(SignedApproval),
}

/// What the device's key signs to agree to a payment as the screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ApprovalToSign {
    /// The bytes: ECDSA with SHA-256, in the ASN.1 form that key stores give.
    pub bytes: Vec<u8>,
    /// The instant that they name, ms since 1970 by the server's time; it goes back in [`ApprovalSignature`].
    pub at_ms: i64,
}

/// A signature by the device's key over what [`Wallet::approval_to_sign`](super::Wallet::approval_to_sign)
/// gave.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ApprovalSignature {
    /// The instant that came with the bytes.
    pub at_ms: i64,
    /// ECDSA with SHA-256, in the ASN.1 form that key stores give.
    pub signature: Vec<u8>,
}
