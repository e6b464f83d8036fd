//! What the register vouches for, checked before anything is made of it.

use domain::wire::{BodyDigest, SIGNATURE_FIELD, Signature};

use crate::{
    cache::{RegisterKey, Vouched},
    error::{ServerProblem, SignatureProblem},
    phone::HttpReply,
};

/// Why nothing came that the register vouches for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VouchedProblem {
    /// No usable answer.
    Away(ServerProblem),
    /// An answer that is not to be believed.
    Signature(SignatureProblem),
}

impl From<ServerProblem> for VouchedProblem {
    fn from(problem: ServerProblem) -> Self {
        Self::Away(problem)
    }
}

impl From<SignatureProblem> for VouchedProblem {
    fn from(problem: SignatureProblem) -> Self {
        Self::Signature(problem)
    }
}

/// Whether one of the `trusted` keys signed `body` for `path`; how much it says is the reader's to
/// judge. Of several signatures one is enough: a list may be signed by two root keys.
pub(super) fn vouched(
    reply: &HttpReply,
    path: &str,
    body: BodyDigest,
    trusted: &[RegisterKey],
) -> Result<Vouched, SignatureProblem> {
    let fields = reply.headers.iter();
    let fields = fields.filter(|header| header.name.eq_ignore_ascii_case(SIGNATURE_FIELD));
    let mut problem = SignatureProblem::Missing;
    // A transport may join fields of one name with commas (RFC 9110, section 5.3).
    for value in fields.flat_map(|header| header.value.split(',')) {
        match check(value, path, body, trusted) {
            Ok(vouched) => return Ok(vouched),
            Err(refused) => problem = refused,
        }
    }
    Err(problem)
}

fn check(
    value: &str,
    path: &str,
    body: BodyDigest,
    trusted: &[RegisterKey],
) -> Result<Vouched, SignatureProblem> {
    let signature = Signature::parse(value).ok_or(SignatureProblem::Malformed)?;
    let known = trusted.iter().find(|key| key.ed25519 == signature.key);
    let known = known.ok_or(SignatureProblem::UnknownKey)?;
    if known.revoked {
        return Err(SignatureProblem::RevokedKey);
    }
    if !signature.is_over(path, body) {
        return Err(SignatureProblem::NotGenuine);
    }
    let Signature { key, revision, valid_until, .. } = signature;
    Ok(Vouched { revision, valid_until, key })
}

#[cfg(test)]
mod tests {
    use domain::{Timestamp, wire::SigningKey};

    use super::*;
    use crate::phone::HttpHeader;

    const PATH: &str = "/v1/tiles/1/2";

    fn field(seed: u8, body: &[u8]) -> String {
        let key = SigningKey::from_bytes(&[seed; 32]);
        Signature::sign(&key, PATH, 3, Timestamp(4), BodyDigest::of(body)).to_string()
    }

    fn reply(fields: &[String]) -> HttpReply {
        let header = |value: &String| HttpHeader {
            name: "Tillsight-Signature".to_owned(),
            value: value.clone(),
        };
        HttpReply { status: 200, headers: fields.iter().map(header).collect(), body: Vec::new() }
    }

    fn trusted(seed: u8, revoked: bool) -> RegisterKey {
        let ed25519 = SigningKey::from_bytes(&[seed; 32]).verifying_key().to_bytes();
        RegisterKey { ed25519, revoked }
    }

    #[test]
    fn a_body_is_believed_only_under_a_trusted_signature_over_it() {
        use SignatureProblem::{Malformed, Missing, NotGenuine, RevokedKey, UnknownKey};
        let keys = [trusted(1, false), trusted(2, true)];
        let (good, revoked, foreign) = (field(1, b"{}"), field(2, b"{}"), field(9, b"{}"));
        for (fields, expected) in [
            (vec![], Err(Missing)),
            (vec!["revision=1".to_owned()], Err(Malformed)),
            (vec![good.clone()], Ok(3)),
            (vec![field(1, b"{ }")], Err(NotGenuine)),
            (vec![revoked.clone()], Err(RevokedKey)),
            (vec![foreign.clone()], Err(UnknownKey)),
            (vec![foreign.clone(), good.clone()], Ok(3)),
            (vec![format!("{foreign}, {good}")], Ok(3)),
        ] {
            let vouched = vouched(&reply(&fields), PATH, BodyDigest::of(b"{}"), &keys);
            assert_eq!(vouched.map(|vouched| vouched.revision), expected, "{fields:?}");
        }
        let elsewhere = vouched(&reply(&[good]), "/v1/tiles/2/1", BodyDigest::of(b"{}"), &keys);
        assert_eq!(elsewhere.map(|vouched| vouched.revision), Err(NotGenuine), "another path");
    }
}
