//! The store code from signing to judgement, with the ways it can be abused.

use proptest::prelude::*;
use signs::store_code::*;
use uuid::Uuid;

const DAY_S: i64 = 86_400;
const HOST: &str = "tillsight.example";

fn register_key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn shop() -> StoreCode {
    StoreCode {
        store: Uuid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef),
        valid: Days { not_before: 20_000, not_after: 20_365 },
        place: Circle { lat_e7: 356_812_360, lon_e7: 1_397_671_250, radius_m: 40 },
        accepted: AcceptedBits::of(["visa", "paypay"]).unwrap(),
        payment: None,
    }
}

fn payment() -> StoreCode {
    let request = PaymentRequest {
        amount_minor: 1_280,
        currency: 392,
        nonce: *b"nonce-01",
        issued_at: 20_100 * 86_400,
        life_s: 60,
    };
    StoreCode { payment: Some(request), ..shop() }
}

fn trusted(keys: &[&SigningKey]) -> KeySet {
    keys.iter().map(|key| PublicKey::active(key.verifying_key())).collect()
}

/// 0.001 degree of latitude is about 111 m.
fn north_of_shop(degrees: f64, accuracy_m: f64) -> Option<(f64, f64, f64)> {
    Some((35.681_236 + degrees, 139.767_125, accuracy_m))
}

#[test]
fn both_texts_read_back_and_fit_qr_alphanumeric_mode() {
    for (code, text_len, url_len) in [(shop(), 157, 192), (payment(), 193, 230)] {
        let signed = sign(&code, &register_key(1)).unwrap();
        for (text, len) in [(signed.to_text(), text_len), (signed.to_url(HOST), url_len)] {
            assert_eq!(text.len(), len, "{text}");
            assert!(
                text.chars().all(|c| "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:".contains(c))
            );
            assert_eq!(SignedStoreCode::read(&text).as_ref(), Ok(&signed));
        }
    }
}

#[test]
fn the_byte_layout_does_not_drift() {
    let bytes = sign(&payment(), &register_key(1)).unwrap().to_bytes();
    let hex: String = bytes[..62].iter().map(|byte| format!("{byte:02x}")).collect();
    let record = concat!(
        "12",
        "34750f98",
        "0123456789abcdef0123456789abcdef",
        "4e204f8d",
        "15448648534ec5522800002001",
        "00000000000005000188",
        "6e6f6e63652d3031",
        "67830600003c",
    );
    assert_eq!(hex, record);
    assert_eq!(bytes.len(), 126);
}

/// Made with Python's `cryptography` and `base64` and a base45 written after RFC 9285, from the
/// fields of [`payment`] and the secret key of 32 bytes 01.
const FOREIGN_TEXT: &str = concat!(
    "TS1:PD2.ZEX9JTK404DGWLU9UTK404DGWLHBU 34R$H$T8K695/9HHA000324000000000KS0W80B/D:.DQZC746",
    "*3D6Y0F10EUAHOAKKCCPDN4HDIF17428G*-8 5UZ*MBQMK1N0RQDMB.YAO/7IC4PJPJYI.89G0A8:VJS7Z7GC/B",
    "G49C1G2NPBQK:57HO3",
);
const FOREIGN_URL: &str = concat!(
    "HTTPS://TILLSIGHT.EXAMPLE/S/CI2HKD4YAERUKZ4JVPG66AJDIVTYTK6N55HCAT4NCVCIMSCTJ3CVEKAAAAQA",
    "CAAAAAAAAAAFAAAYQ3TPNZRWKLJQGFTYGBQAAA6FI3STMNRII22GQ5CHTXRA4B77URVE5ZJ3KBFSUO3DBUTJLLXFK",
    "PR7AYQ5FSJRSRXURQ2PFL6PWPC6P7XF5HSH6V7MTSOOULITQ3A4AQ",
);

#[test]
fn a_code_made_by_another_implementation_is_the_same_and_verifies() {
    for text in [FOREIGN_TEXT, FOREIGN_URL] {
        let read = SignedStoreCode::read(text).unwrap();
        assert_eq!(read.unverified(), &payment());
        let proof = read.verify(&trusted(&[&register_key(1)]), 20_100 * DAY_S, None);
        assert!(proof.stands());
        assert_eq!(read, sign(&payment(), &register_key(1)).unwrap());
    }
}

#[test]
fn a_link_names_its_host_in_any_case_and_has_no_other_scheme_port_user_or_path() {
    let url = sign(&shop(), &register_key(1)).unwrap().to_url(HOST);
    let small = url.replace("HTTPS://TILL", "https://till");
    assert!(SignedStoreCode::read(&small).is_ok());
    assert_eq!(link_host(&small), Some("tillSIGHT.EXAMPLE"));
    for foreign in [
        "HTTP://TILLSIGHT.EXAMPLE/S/",
        "HTTPS://TILLSIGHT.EXAMPLE:443/S/",
        "HTTPS://TILLSIGHT.EXAMPLE@EVIL/S/",
        "HTTPS://TILLSIGHT.EXAMPLE/T/",
        "HTTPS:///S/",
        "/S/",
        "",
    ] {
        let text = url.replace("HTTPS://TILLSIGHT.EXAMPLE/S/", foreign);
        assert_eq!(link_host(&text), None, "{text}");
        assert_eq!(SignedStoreCode::read(&text), Err(StoreCodeError::Prefix), "{text}");
    }
}

#[test]
fn a_changed_byte_is_noticed() {
    let keys = trusted(&[&register_key(1)]);
    let bytes = sign(&payment(), &register_key(1)).unwrap().to_bytes();
    for place in 0..bytes.len() {
        let mut forged = bytes.clone();
        forged[place] ^= 1 << (place % 8);
        if let Ok(read) = SignedStoreCode::from_bytes(&forged) {
            let proof = read.verify(&keys, 20_100 * DAY_S, None);
            assert_ne!(proof.signature, SignatureProof::Valid, "byte {place}");
        }
    }
}

#[test]
fn rotation_keeps_printed_codes_and_refuses_later_ones() {
    let (old, new) = (register_key(1), register_key(2));
    let mut keys = trusted(&[&old, &new]);
    keys.retire(KeyId::of(&old.verifying_key()), 20_010);
    let verdict = |keys: &KeySet, key: &SigningKey, not_before| {
        let valid = Days { not_before, not_after: 20_365 };
        let code = sign(&StoreCode { valid, ..shop() }, key).unwrap();
        code.verify(keys, 20_100 * DAY_S, None).signature
    };
    assert_eq!(verdict(&keys, &old, 20_010), SignatureProof::Valid);
    assert_eq!(verdict(&keys, &old, 20_011), SignatureProof::RevokedKey);
    assert_eq!(verdict(&keys, &new, 20_011), SignatureProof::Valid);
    assert_eq!(verdict(&keys, &register_key(3), 20_011), SignatureProof::UnknownKey);

    keys.revoke(KeyId::of(&old.verifying_key()));
    keys.add(PublicKey::active(old.verifying_key()));
    assert_eq!(verdict(&keys, &old, 20_000), SignatureProof::RevokedKey);
}

#[test]
fn a_signature_by_another_key_with_the_same_id_is_bad() {
    let mut bytes = sign(&shop(), &register_key(2)).unwrap().to_bytes();
    bytes[1..5].copy_from_slice(&KeyId::of(&register_key(1).verifying_key()).0);
    let forged = SignedStoreCode::from_bytes(&bytes).unwrap();
    let proof = forged.verify(&trusted(&[&register_key(1)]), 20_100 * DAY_S, None);
    assert_eq!(proof.signature, SignatureProof::Bad);
    assert!(!proof.stands());
}

#[test]
fn a_code_is_in_force_on_its_days_only() {
    let signed = sign(&shop(), &register_key(1)).unwrap();
    let time = |now| signed.verify(&KeySet::default(), now, None).time;
    let (from, until) = (20_000 * DAY_S, 20_366 * DAY_S);
    assert_eq!(time(from - 1), TimeProof::NotYet { from_unix_s: from });
    assert_eq!(time(from), TimeProof::InForce);
    assert_eq!(time(until - 1), TimeProof::InForce);
    assert_eq!(time(until), TimeProof::Expired { since_unix_s: until });
    assert_eq!(time(i64::MIN), TimeProof::NotYet { from_unix_s: from });
    assert_eq!(time(i64::MAX), TimeProof::Expired { since_unix_s: until });
}

#[test]
fn a_payment_code_lives_for_its_seconds() {
    let signed = sign(&payment(), &register_key(1)).unwrap();
    let time = |now| signed.verify(&KeySet::default(), now, None).time;
    let issued = 20_100 * DAY_S;
    assert_eq!(
        time(issued - CLOCK_SKEW_S - 1),
        TimeProof::NotYet { from_unix_s: issued - CLOCK_SKEW_S }
    );
    assert_eq!(time(issued - CLOCK_SKEW_S), TimeProof::InForce);
    assert_eq!(time(issued + 59), TimeProof::InForce);
    assert_eq!(time(issued + 60), TimeProof::Expired { since_unix_s: issued + 60 });
}

#[test]
fn a_genuine_code_far_from_its_counter_is_refused() {
    let signed = sign(&shop(), &register_key(1)).unwrap();
    let keys = trusted(&[&register_key(1)]);
    let place = |here| signed.verify(&keys, 20_100 * DAY_S, here);
    assert!(matches!(place(north_of_shop(0.0002, 5.0)).place, PlaceProof::Agrees { .. }));
    assert!(matches!(place(north_of_shop(0.001, 5.0)).place, PlaceProof::Contradicts { .. }));
    assert!(matches!(place(north_of_shop(0.001, 50.0)).place, PlaceProof::Agrees { .. }));
    assert!(matches!(place(north_of_shop(0.01, 50.0)).place, PlaceProof::Refused { .. }));
    assert!(matches!(place(north_of_shop(0.01, 3_000.0)).place, PlaceProof::TooCoarse { .. }));
    assert!(!place(north_of_shop(0.01, 50.0)).stands());
    assert!(place(north_of_shop(0.01, 3_000.0)).stands());
    assert!(place(None).stands());
    for broken in [(f64::NAN, 0.0, 1.0), (91.0, 0.0, 1.0), (0.0, 0.0, -1.0), (0.0, 0.0, f64::NAN)] {
        assert_eq!(place(Some(broken)).place, PlaceProof::NoFix);
    }
}

#[test]
fn distances_agree_with_known_ones() {
    // A degree of a great circle is 111.195 km on a sphere of radius 6371.0088 km.
    assert!((distance_m((0.0, 0.0), (1.0, 0.0)) - 111_195.08).abs() < 0.1);
    assert!((distance_m((0.0, 179.5), (0.0, -179.5)) - 111_195.08).abs() < 0.1);
    assert_eq!(distance_m((35.0, 139.0), (35.0, 139.0)), 0.0);
}

#[test]
fn a_record_out_of_range_is_neither_signed_nor_read() {
    let request = payment().payment.unwrap();
    let with = |request| StoreCode { payment: Some(request), ..shop() };
    let days =
        |not_before, not_after| StoreCode { valid: Days { not_before, not_after }, ..shop() };
    let place =
        |lat_e7, lon_e7| StoreCode { place: Circle { lat_e7, lon_e7, radius_m: 1 }, ..shop() };
    for (code, error) in [
        (days(2, 1), StoreCodeError::Days),
        (days(1, 2 + MAX_VALID_DAYS), StoreCodeError::Days),
        (place(900_000_001, 0), StoreCodeError::Place),
        (place(0, i32::MIN), StoreCodeError::Place),
        (with(PaymentRequest { amount_minor: 0, ..request }), StoreCodeError::Amount),
        (with(PaymentRequest { amount_minor: -1, ..request }), StoreCodeError::Amount),
        (with(PaymentRequest { currency: 1_000, ..request }), StoreCodeError::Amount),
        (with(PaymentRequest { life_s: 0, ..request }), StoreCodeError::Life),
        (with(PaymentRequest { life_s: MAX_LIFE_S + 1, ..request }), StoreCodeError::Life),
    ] {
        assert_eq!(sign(&code, &register_key(1)), Err(error));
    }
}

#[test]
fn accepted_bits_name_their_schemes() {
    let bits = AcceptedBits::of(["girocard", "visa", "paypay"]).unwrap();
    assert_eq!(bits, AcceptedBits(1 | 1 << 13 | 1 << 31));
    assert_eq!(bits.schemes().collect::<Vec<_>>(), ["visa", "paypay", "girocard"]);
    assert!(bits.contains("paypay") && !bits.contains("suica"));
    assert_eq!(AcceptedBits::of(["no such scheme"]), None);
    let all: std::collections::BTreeSet<_> = SCHEMES.iter().collect();
    assert_eq!(all.len(), SCHEMES.len(), "a scheme has two bits");
}

#[test]
fn a_scheme_beyond_the_first_32_makes_a_record_that_grows_and_no_second_form_is_read() {
    let accepted = AcceptedBits::of(["visa", "twint"]).unwrap();
    let signed = sign(&StoreCode { accepted, ..shop() }, &register_key(1)).unwrap();
    let bytes = signed.to_bytes();
    assert_eq!(bytes[0], 0x21, "version 2, static");
    assert_eq!(SignedStoreCode::from_bytes(&bytes).as_ref(), Ok(&signed));
    assert!(signed.unverified().accepted.contains("twint"));
    // The number of bytes stands after 34 others.
    let count = usize::from(bytes[34]);
    assert!((5..=16).contains(&count));
    for (count, bits) in [(count + 1, &[0][..]), (4, &[0, 0, 0, 1]), (17, &[1; 17])] {
        let tail =
            if bits.len() == 1 { &bytes[35..] } else { &bytes[35 + usize::from(bytes[34])..] };
        let form = [&bytes[..34], &[count as u8], bits, tail].concat();
        let wrong = Err(StoreCodeError::Length(form.len()));
        assert_eq!(SignedStoreCode::from_bytes(&form), wrong, "{count} bytes of accepted bits");
    }
}

#[test]
fn bits_of_a_newer_writer_are_passed_over_and_kept_under_the_signature() {
    let newer = AcceptedBits(1 | 1 << 127);
    let signed = sign(&StoreCode { accepted: newer, ..shop() }, &register_key(1)).unwrap();
    let read = SignedStoreCode::read(&signed.to_url(HOST)).unwrap();
    assert_eq!(read.unverified().accepted.schemes().collect::<Vec<_>>(), ["visa"]);
    let proof = read.verify(&trusted(&[&register_key(1)]), 20_100 * DAY_S, None);
    assert_eq!(proof.signature, SignatureProof::Valid);
}

proptest! {
    #[test]
    fn any_text_gets_an_answer(text in "(TS1:|HTTPS://TILLSIGHT.EXAMPLE/S/)?[ -~é]{0,300}") {
        let _ = SignedStoreCode::read(&text);
    }

    #[test]
    fn any_bytes_get_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(read) = SignedStoreCode::from_bytes(&bytes) {
            prop_assert_eq!(read.to_bytes(), bytes);
        }
    }

}

proptest! {
    // Signatures are slow without optimisation.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_record_in_range_survives_both_texts(
        store in any::<u128>(),
        not_before in 0u16..60_000,
        span in 0u16..=MAX_VALID_DAYS,
        lat_e7 in -900_000_000i32..=900_000_000,
        lon_e7 in -1_800_000_000i32..=1_800_000_000,
        radius_m in any::<u8>(),
        accepted in prop_oneof![any::<u32>().prop_map(u128::from), any::<u128>()],
        payment in proptest::option::of((
            1i64.., 1u16..=999, any::<[u8; 8]>(), any::<u32>(), 1u16..=MAX_LIFE_S,
        )),
    ) {
        let code = StoreCode {
            store: Uuid::from_u128(store),
            valid: Days { not_before, not_after: not_before + span },
            place: Circle { lat_e7, lon_e7, radius_m },
            accepted: AcceptedBits(accepted),
            payment: payment.map(|(amount_minor, currency, nonce, issued_at, life_s)| {
                PaymentRequest { amount_minor, currency, nonce, issued_at, life_s }
            }),
        };
        let key = register_key(9);
        let signed = sign(&code, &key).unwrap();
        for text in [signed.to_text(), signed.to_url(HOST)] {
            let read = SignedStoreCode::read(&text).unwrap();
            prop_assert_eq!(read.unverified(), &code);
            let proof = read.verify(&trusted(&[&key]), 0, None);
            prop_assert_eq!(proof.signature, SignatureProof::Valid);
        }
    }
}
