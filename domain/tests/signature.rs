//! The header field that vouches for a body: what it holds for, and that reading it is total.

use domain::{
    Timestamp,
    wire::{BodyDigest, Signature, SigningKey, public_key},
};
use proptest::prelude::*;

const PATH: &str = "/v1/tiles/17521/12176";

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn signed(body: &[u8]) -> Signature {
    Signature::sign(&key(), PATH, 5, Timestamp(9), BodyDigest::of(body))
}

#[test]
fn a_signature_holds_for_its_own_path_numbers_and_body_alone() {
    let body = BodyDigest::of(b"{}");
    let good = signed(b"{}");
    assert!(good.is_over(PATH, body));
    assert!(!good.is_over("/v1/tiles/17521/12177", body), "another path");
    assert!(!good.is_over(PATH, BodyDigest::of(b"{ }")), "another body");
    assert!(!Signature { revision: 6, ..good }.is_over(PATH, body), "another revision");
    assert!(!Signature { valid_until: Timestamp(10), ..good }.is_over(PATH, body), "another time");
    let other = SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes();
    assert!(!Signature { key: other, ..good }.is_over(PATH, body), "another key");
}

/// The lines are a promise to whoever signs or checks without this crate.
#[test]
fn the_signed_lines_are_those_that_are_documented() {
    use ed25519_dalek::{Signature as Bare, Verifier};
    let digest = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    let lines = format!("tillsight-signature-v1\n{PATH}\n5\n9\n{digest}\n");
    let field = signed(b"{}").to_string();
    let digits = field.rsplit_once("sig=").unwrap().1;
    let bytes = data_encoding::HEXLOWER.decode(digits.as_bytes()).unwrap();
    let bare = Bare::from_slice(&bytes).unwrap();
    key().verifying_key().verify(lines.as_bytes(), &bare).unwrap();
}

#[test]
fn a_field_that_is_not_whole_is_none() {
    let field = signed(b"{}").to_string();
    let parts: Vec<&str> = field.split("; ").collect();
    for left_out in 0..parts.len() {
        let mut rest = parts.clone();
        rest.remove(left_out);
        assert_eq!(Signature::parse(&rest.join("; ")), None, "without {}", parts[left_out]);
        let twice = format!("{field}; {}", parts[left_out]);
        assert_eq!(Signature::parse(&twice), None, "twice {}", parts[left_out]);
    }
    for (from, to) in [
        ("revision=5", "revision=-5"),
        ("revision=5", "revision=+5"),
        ("revision=5", "revision="),
        ("until=9", "until=9223372036854775808"),
        ("key=", "key=0"),
        ("sig=", "sig=zz"),
    ] {
        assert_eq!(Signature::parse(&field.replace(from, to)), None, "{to}");
    }
    let long = format!("{field}; x={}", "y".repeat(1_024));
    assert_eq!(Signature::parse(&long), None, "longer than is read");
    assert_eq!(Signature::parse(&format!("{field}; x=y")), Some(signed(b"{}")), "a later part");
}

#[test]
fn a_public_key_is_a_point_that_only_its_holder_signs_for() {
    let good = data_encoding::HEXLOWER.encode(key().verifying_key().as_bytes());
    assert_eq!(public_key(&good), Some(key().verifying_key()));
    assert_eq!(public_key(&good.to_uppercase()), Some(key().verifying_key()));
    let neutral = format!("01{}", "00".repeat(31));
    let off_the_curve = format!("02{}", "00".repeat(31));
    for bad in ["", "00", &good[1..], &format!("{good}00"), &neutral, &off_the_curve, "é"] {
        assert_eq!(public_key(bad), None, "{bad}");
    }
}

proptest! {
    #[test]
    fn reading_any_text_ends_and_what_is_read_is_printed_alike(text in "\\PC{0,400}") {
        if let Some(read) = Signature::parse(&text) {
            prop_assert_eq!(Signature::parse(&read.to_string()), Some(read));
        }
    }

    #[test]
    fn reading_what_almost_is_a_field_ends(
        at in 0_usize..300, cut in 0_usize..8, put in "[0-9a-fA-F;=, +\\-]{0,8}",
    ) {
        let mut field = signed(b"{}").to_string();
        let at = at.min(field.len());
        let end = (at + cut).min(field.len());
        field.replace_range(at..end, &put);
        if let Some(read) = Signature::parse(&field) {
            prop_assert_eq!(Signature::parse(&read.to_string()), Some(read));
        }
    }

    #[test]
    fn what_is_signed_is_read_again(
        seed in any::<[u8; 32]>(), revision in 0..=i64::MAX, until in 0..=i64::MAX,
        body in any::<Vec<u8>>(),
    ) {
        let (key, body) = (SigningKey::from_bytes(&seed), BodyDigest::of(&body));
        let made = Signature::sign(&key, PATH, revision, Timestamp(until), body);
        let read = Signature::parse(&made.to_string());
        prop_assert_eq!(read, Some(made));
        prop_assert!(made.is_over(PATH, body));
    }
}
