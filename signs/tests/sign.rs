//! One entry for any text: what is it, whose is it, and does it fit the place?

use proptest::prelude::*;
use serde_json::Value;
use signs::emvco::{Payee, Register, StoreClaim, StoreId};
use signs::report::read_sign_json;
use signs::{MAX_TEXT, Sign, StoreAddress, TransferFormat, contradiction, read};
use std::sync::LazyLock;

static VECTORS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let file: Value = serde_json::from_str(include_str!("data/emvco-vectors.json")).unwrap();
    file["emvco"].as_array().unwrap().clone()
});

fn payload(id: &str) -> String {
    let vector = VECTORS.iter().find(|vector| vector["id"] == id).unwrap();
    vector["payload"].as_str().unwrap().to_owned()
}

fn payee(id: &str) -> Payee {
    read(&payload(id)).payee()
}

#[test]
fn every_emvco_vector_is_known_as_one_even_the_rejected() {
    for vector in VECTORS.iter() {
        let answer = read_sign_json(vector["payload"].as_str().unwrap());
        assert_eq!(answer["kind"], "emvco", "{}", vector["id"]);
        for (key, expected) in vector["expected"].as_object().unwrap() {
            assert_eq!(&answer[key], expected, "{}: {key}", vector["id"]);
        }
    }
}

#[test]
fn other_texts_are_not_taken_for_payment_codes() {
    for (text, expected) in [
        ("", Sign::Unknown),
        ("4901234567894", Sign::Unknown),
        ("WIFI:T:WPA;S:cafe;P:secret;;", Sign::Unknown),
        ("https://menu.example/table/7", Sign::ForeignLink { host: "menu.example" }),
        ("BCD\n002\n1\nSCT\n", Sign::BankTransfer(TransferFormat::Epc)),
        ("SPC\r\n0200\r\n1\r\n", Sign::BankTransfer(TransferFormat::SwissQr)),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
    assert!(matches!(read("TS1:NONSENSE"), Sign::StoreCode(Err(_))));
    assert_eq!(read("https://pay.example/S/AAAA"), Sign::ForeignLink { host: "pay.example" });
    for around in ["  ", "\n", "\u{feff}"] {
        let answer = read_sign_json(&format!("{around}{}{around}", payload("emv-s036")));
        assert_eq!(answer, read_sign_json(&payload("emv-s036")), "{around:?}");
    }
    assert_eq!(read(&"0".repeat(MAX_TEXT + 1)), Sign::TooLong);
}

#[test]
fn a_persons_account_is_told_from_a_merchants() {
    for (id, expected) in [
        ("emv-s033", Payee::Person),   // PayNow to a phone number
        ("emv-s036", Payee::Merchant), // PayNow to a company
        ("emv-s098", Payee::Person),   // PromptPay to a phone number
        ("emv-s099", Payee::Person),   // PromptPay to a citizen's id
        ("emv-s096", Payee::Merchant), // PromptPay bill payment
        ("emv-s041", Payee::Person),   // Pix to a CPF
        ("emv-s044", Payee::Merchant), // Pix to a CNPJ
        ("emv-s043", Payee::Unclear),  // Pix to a random key
        ("emv-s020", Payee::Person),   // KHQR individual
        ("emv-s022", Payee::Merchant), // KHQR merchant
        ("emv-s140", Payee::Person),   // QRIS transfer
        ("emv-s052", Payee::Merchant), // QRIS
        ("emv-s062", Payee::Merchant), // QR Ph to a merchant
        ("emv-s027", Payee::Merchant), // cards
        ("emv-s112", Payee::Unclear),  // VietQR to an account
        ("emv-s006", Payee::Merchant), // DuitNow with a merchant category
    ] {
        assert_eq!(payee(id), expected, "{id}");
    }
    assert_eq!(read("upi://pay?pa=a@b&mc=0000").payee(), Payee::Person);
    assert_eq!(read("upi://pay?pa=a@b&mc=5411").payee(), Payee::Merchant);
    assert_eq!(read("upi://pay?pa=a@b").payee(), Payee::Unclear);
}

#[test]
fn a_code_tells_its_store_with_the_ids_of_the_registers() {
    let text = payload("emv-s030");
    let claim = read(&text).claim().unwrap();
    assert_eq!(claim.name, Some("TOAST BOX"));
    assert_eq!(claim.postal_code, Some("079027"), "of the SGQR record");
    assert_eq!(claim.ids, [StoreId { register: Register::Sgqr, id: "18090900176B" }]);

    let text = payload("emv-s013");
    let claim = read(&text).claim().unwrap();
    assert_eq!((claim.local_name, claim.local_city), (Some("テスト カフェ"), Some("東京")));
    let levels: Vec<_> = claim.ids.iter().map(|id| id.id).collect();
    assert_eq!(levels, ["1234567890123", "0001", "000001", "000001"]);

    let text = payload("emv-s052");
    let claim = read(&text).claim().unwrap();
    assert!(
        claim.ids.contains(&StoreId { register: Register::QrisMerchant, id: "ID1021081861606" })
    );
    assert!(claim.ids.contains(&StoreId { register: Register::Acquirer, id: "000885001287667" }));

    assert_eq!(read(&payload("emv-s033")).claim().unwrap().name, None, "NA is no name");
    assert_eq!(read(&payload("emv-s128")).claim(), None, "rejected codes claim nothing");
}

#[test]
fn a_code_from_another_city_or_district_contradicts_the_store() {
    let claim = |city, local_city, postal_code| StoreClaim {
        city,
        local_city,
        postal_code,
        country: Some("ID"),
        ..StoreClaim::default()
    };
    let differs = |claim: &StoreClaim<'_>, city, postal_code| {
        let known = contradiction(claim, &StoreAddress { country: Some("id"), city, postal_code });
        assert!(!known.country);
        (known.city, known.postal_code)
    };
    let jakarta = claim(Some("Jakarta Pusat"), None, Some("10310"));
    assert_eq!(differs(&jakarta, Some("JAKARTA"), Some("10310")), (false, false));
    assert_eq!(differs(&jakarta, Some("Bandung"), Some("40257")), (true, true));
    assert_eq!(differs(&jakarta, Some("Batavia"), Some("103-10")), (false, false));
    assert_eq!(differs(&jakarta, None, None), (false, false));
    assert_eq!(
        differs(&claim(Some("762"), None, Some("-")), Some("Taguig"), Some("1")),
        (false, false)
    );
    assert_eq!(
        differs(&claim(Some("Brasília"), None, None), Some("BRASILIA"), None),
        (false, false)
    );
    let tokyo = claim(Some("TOKYO"), Some("東京"), None);
    assert_eq!(differs(&tokyo, Some("東京都"), None), (false, false));
    assert_eq!(differs(&tokyo, Some("大阪市"), None), (true, false));
    assert_eq!(differs(&tokyo, Some("Osaka"), None), (true, false));
    assert_eq!(differs(&claim(Some("TOKYO"), None, None), Some("大阪市"), None), (false, false));
}

proptest! {
    #[test]
    fn any_text_gets_an_answer(text in "\\PC{0,200}") {
        let sign = read(&text);
        let _ = (sign.payee(), sign.claim(), read_sign_json(&text));
    }

    #[test]
    fn a_damaged_code_gets_an_answer(
        vector in 0usize..156, place in any::<prop::sample::Index>(), inserted in "[0-9A-Zé東]{0,3}",
        removed in 0usize..3,
    ) {
        let payload = VECTORS[vector]["payload"].as_str().unwrap();
        let mut chars: Vec<char> = payload.chars().collect();
        let place = place.index(chars.len());
        let end = (place + removed).min(chars.len());
        chars.splice(place..end, inserted.chars());
        let _ = read_sign_json(&chars.into_iter().collect::<String>());
    }
}
