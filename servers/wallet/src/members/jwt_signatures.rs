//! Signatures of JSON Web Tokens, checked by `ring`, which TLS brings anyway: of the two libraries that
//! `jsonwebtoken` comes with, one needs a C++ toolchain and the other has RSA that leaks its timing.

use jsonwebtoken::{
    Algorithm, DecodingKey, DecodingKeyKind, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{ErrorKind, Result},
    signature::{Error, Verifier},
};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey, VerificationAlgorithm,
};

/// What tokens may be signed with (RFC 7518 and RFC 8037), public keys alone.
pub const ALGORITHMS: [Algorithm; 3] = [Algorithm::EdDSA, Algorithm::ES256, Algorithm::RS256];

static BY_RING: CryptoProvider = CryptoProvider {
    signer_factory: no_signer,
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// Has this process check tokens by `ring`. Again is no harm.
pub fn use_ring() {
    let _ = BY_RING.install_default();
}

fn no_signer(_: &Algorithm, _: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    Err(ErrorKind::UnsupportedAlgorithm.into())
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    if algorithm.family() != key.family() || !ALGORITHMS.contains(algorithm) {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    Ok(Box::new(ByRing { algorithm: *algorithm, key: key.kind().clone() }))
}

struct ByRing {
    algorithm: Algorithm,
    key: DecodingKeyKind,
}

impl JwtVerifier for ByRing {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Verifier<Vec<u8>> for ByRing {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let by = |algorithm: &'static dyn VerificationAlgorithm, key: &[u8]| {
            UnparsedPublicKey::new(algorithm, key).verify(message, signature)
        };
        match (self.algorithm, &self.key) {
            (Algorithm::EdDSA, DecodingKeyKind::SecretOrDer(key)) => by(&ED25519, key),
            (Algorithm::ES256, DecodingKeyKind::SecretOrDer(key)) => {
                by(&ECDSA_P256_SHA256_FIXED, key)
            }
            (Algorithm::RS256, DecodingKeyKind::RsaModulusExponent { n, e }) => {
                let key = RsaPublicKeyComponents { n, e };
                key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
            _ => return Err(Error::new()),
        }
        .map_err(|_| Error::new())
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{Algorithm, DecodingKey, crypto::verify};

    use super::use_ring;

    /// Made by OpenSSL 3: a 2048-bit key's modulus, a header and claims, and their signature.
    const MODULUS: &str = "\
        rPYq_g-y2PqrtqGqbKz26W7xkyENCn-ZuX2MP36khjKrHhKaZ48FYDa5XnIUADKhxWl1JkdzZ0W7PUNf7_sv\
        dRmXimv3QBvxA0vr4azycT1nYTq3dGfYw38G41idzh5xnkdnIGy4OYmsz88xZAiPSV8C-fajSdaL2EuyxgYu\
        _VBN1ZXn-Iv6FHWAzMwYZ2LGSJpb3RD9muxEDzUYyfID_nHXzp21vQ1x6OSlRTP3gkjmFLNlqJcMaF-UwPOm\
        F-TY4PQJAuLgm0Xzeo-QuTMm1Yl3wKxEtg_xk5Jvq2FBtpk00QNHzH2rRm741OQFrPNvZDrPOlDbxJoY-w01\
        JLGyTQ";
    const MESSAGE: &[u8] = b"eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYSJ9.eyJzdWIiOiJnaXVsaWEifQ";
    const SIGNATURE: &str = "\
        eolOV66RCwukxWDGUh628N5r0E4Q2BL6PMfoRE9TfV8AMb61a7RL-z5waS0YStSJ_NeAI6VR3H7Ez4Vt7IUN\
        AYCHQ5kJzHHerxg8O2Nmlr4drIIIeYsZPjhv3ul4iyQKW5pUauW2NEBJ4VjDMQ2TfmUXxTgutnxI7mGX1kLZ\
        pmkd0m9jdfaf9MG_Cs54k-pLv1TtpRcx2U0RurKvgRngij0NYA17GT_BOMj-djfnrBLVfv0wjDJcW9Ggt7eM\
        q3harWE2npavunoBsNiGYvNhPAfWFeXanFOkkjVcsXRXCQx0SCmJ2TKbSNpAC0S_j6uhfrSuqw8kf7AZtctd\
        BwFLRg";

    #[test]
    fn an_rsa_signature_of_another_program_is_believed_and_of_its_own_algorithm_only() {
        use_ring();
        let key = DecodingKey::from_rsa_components(MODULUS, "AQAB").unwrap();
        let verify = |message, algorithm| verify(SIGNATURE, message, &key, algorithm);
        assert!(verify(MESSAGE, Algorithm::RS256).unwrap());
        assert!(!verify(&MESSAGE[1..], Algorithm::RS256).unwrap());
        for other in [Algorithm::EdDSA, Algorithm::HS256, Algorithm::RS512] {
            assert!(verify(MESSAGE, other).is_err(), "{other:?}");
        }
    }
}
