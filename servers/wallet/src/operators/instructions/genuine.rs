//! Whether a callback was signed by the operator, and lately.

use data_encoding::BASE64;
use domain::{
    Timestamp,
    wire::{CallbackKey, public_key, signed_callback},
};
use ed25519_dalek::Signature;

/// How far the operator's clock may be from this one, s. Five minutes, as Standard Webhooks advises.
const WINDOW_S: i64 = 300;

/// A callback as it came.
#[derive(Clone, Copy)]
pub struct Callback<'a> {
    /// `webhook-id`.
    pub id: &'a str,
    /// `webhook-timestamp`.
    pub sent_at_s: &'a str,
    /// `webhook-signature`: one or several, blanks between them.
    pub signatures: &'a str,
    /// The body.
    pub body: &'a [u8],
}

impl Callback<'_> {
    /// Whether `key` signed it and it is not old at `now`.
    pub fn is_genuine(&self, key: &CallbackKey, now: Timestamp) -> bool {
        let sent_at: Option<i64> = self.sent_at_s.parse().ok();
        let is_late = sent_at
            .is_none_or(|sent| now.unix_seconds().saturating_sub(sent).saturating_abs() > WINDOW_S);
        !is_late && self.is_signed(key).unwrap_or(false)
    }

    fn is_signed(&self, key: &CallbackKey) -> Option<bool> {
        let key = public_key(&key.ed25519)?;
        let signed = signed_callback(self.id, self.sent_at_s, self.body);
        let is_right = |one: &str| {
            let signature = BASE64.decode(one.strip_prefix("v1a,")?.as_bytes()).ok()?;
            key.verify_strict(&signed, &Signature::from_slice(&signature).ok()?).ok()
        };
        Some(self.signatures.split(' ').any(|one| is_right(one).is_some()))
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer, SigningKey};

    use super::*;

    #[test]
    fn f10_only_what_the_operator_signed_lately_is_genuine() {
        let (signing, body) = (SigningKey::from_bytes(&[7; 32]), b"{}".as_slice());
        let public = |key: &SigningKey| CallbackKey {
            ed25519: data_encoding::HEXLOWER.encode(key.verifying_key().as_bytes()),
        };
        let key = public(&signing);
        let signature = signing.sign(&signed_callback("one", "1000", body));
        let signature = format!("v1a,{}", BASE64.encode(&signature.to_bytes()));
        let several = format!("v1,x {signature}");
        let now = Timestamp::from_unix_seconds(1_000);
        let right = Callback { id: "one", sent_at_s: "1000", signatures: &signature, body };
        assert!(right.is_genuine(&key, now));
        assert!(Callback { signatures: &several, ..right }.is_genuine(&key, now));
        assert!(!right.is_genuine(&key, Timestamp::from_unix_seconds(1_301)));
        assert!(!right.is_genuine(&key, Timestamp::from_unix_seconds(699)));
        assert!(!right.is_genuine(&public(&SigningKey::from_bytes(&[8; 32])), now));
        assert!(!right.is_genuine(&CallbackKey { ed25519: "00".to_owned() }, now));
        for wrong in [
            Callback { id: "two", ..right },
            Callback { sent_at_s: "1001", ..right },
            Callback { sent_at_s: "", ..right },
            Callback { sent_at_s: "-9223372036854775808", ..right },
            Callback { body: b"{ }", ..right },
            Callback { signatures: "", ..right },
            Callback { signatures: "v1a,", ..right },
            Callback { signatures: "v1a,AAAA", ..right },
        ] {
            assert!(!wrong.is_genuine(&key, now));
        }
    }
}
