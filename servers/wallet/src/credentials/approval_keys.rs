//! Keys of devices' key stores that agree to payments: read, kept, and what they signed checked.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use server_kit::{Database, DatabaseError, damaged, hex};
use sqlx::{query, query_scalar};

/// What stands before an uncompressed point on P-256 in a SubjectPublicKeyInfo (RFC 5480), which is
/// how Android gives a public key.
const BEFORE_POINT: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];
/// Bytes of an uncompressed point, and the first of them (SEC 1, 2.3.3).
const POINT_LENGTH: usize = 65;
const UNCOMPRESSED: u8 = 4;

/// The point of a public key in either form that key stores give; `None` for anything else. One that
/// is not on the curve agrees to nothing: no signature is good under it.
pub fn point_of(public_key: &str) -> Option<Vec<u8>> {
    let bytes = BASE64URL_NOPAD.decode(public_key.as_bytes()).ok()?;
    let point = bytes.strip_prefix(&BEFORE_POINT).unwrap_or(&bytes);
    let is_point = point.len() == POINT_LENGTH && point.first() == Some(&UNCOMPRESSED);
    is_point.then(|| point.to_vec())
}

/// Whether `signature` is one of `message` by the key of this point.
pub fn is_signed(point: &[u8], message: &[u8], signature: &str) -> bool {
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point);
    let signature = BASE64URL_NOPAD.decode(signature.as_bytes());
    signature.is_ok_and(|signature| key.verify(message, &signature).is_ok())
}

/// Keeps the key by which a member's device agrees from now on, in place of the one before.
pub async fn put(
    database: &Database,
    (member_id, device): (&str, &str),
    point: &[u8],
) -> Result<(), DatabaseError> {
    query(
        "INSERT INTO approval_key (device_digest, member_id, public_key) VALUES ($1, $2, $3)
         ON CONFLICT (device_digest) DO UPDATE SET member_id = excluded.member_id,
            public_key = excluded.public_key",
    )
    .bind(device)
    .bind(member_id)
    .bind(hex(point))
    .execute(database.reads())
    .await?;
    Ok(())
}

/// Forgets the key of a member's device; again is no harm.
pub async fn forget(
    database: &Database,
    (member_id, device): (&str, &str),
) -> Result<(), DatabaseError> {
    query("DELETE FROM approval_key WHERE member_id = $1 AND device_digest = $2")
        .bind(member_id)
        .bind(device)
        .execute(database.reads())
        .await?;
    Ok(())
}

/// The point by which a member's device agrees.
pub async fn of(
    database: &Database,
    (member_id, device): (&str, &str),
) -> Result<Option<Vec<u8>>, DatabaseError> {
    let kept: Option<String> = query_scalar(
        "SELECT public_key FROM approval_key WHERE member_id = $1 AND device_digest = $2",
    )
    .bind(member_id)
    .bind(device)
    .fetch_optional(database.reads())
    .await?;
    let read = |kept: String| HEXLOWER.decode(kept.as_bytes()).map_err(|_| damaged("public_key"));
    kept.map(read).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_in_the_forms_of_both_key_stores_and_in_no_other() {
        let point = [[UNCOMPRESSED].as_slice(), &[7; 64]].concat();
        let android = [BEFORE_POINT.as_slice(), &point].concat();
        for form in [&android, &point] {
            assert_eq!(point_of(&BASE64URL_NOPAD.encode(form)), Some(point.clone()));
        }
        let compressed = [[2].as_slice(), &[7; 32]].concat();
        let long = [android.as_slice(), &[0]].concat();
        for other in [&android[1..], &point[..64], &compressed, &long, &[]] {
            assert_eq!(point_of(&BASE64URL_NOPAD.encode(other)), None);
        }
        assert_eq!(point_of("not base64url!"), None);
    }
}
