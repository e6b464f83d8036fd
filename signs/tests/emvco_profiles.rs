//! What the accounts of real codes mean under the rules of each country's scheme.

use serde_json::Value;
use signs::emvco::*;

fn profiles(id: &str, check: impl Fn(&[Profile<'_>])) {
    let file: Value = serde_json::from_str(include_str!("data/emvco-vectors.json")).unwrap();
    let vectors = file["emvco"].as_array().unwrap();
    let vector = vectors.iter().find(|vector| vector["id"] == id).unwrap();
    let code = read(vector["payload"].as_str().unwrap()).code.unwrap();
    let found: Vec<_> = code.accounts().iter().filter_map(Account::profile).collect();
    check(&found);
}

fn expect(id: &str, expected: &[Profile<'_>]) {
    profiles(id, |found| assert_eq!(found, expected, "{id}"));
}

#[test]
fn singapore() {
    let value = "201403121W";
    let paynow =
        Profile::PayNow { proxy: Proxy::Company, value, editable: true, expires: Some("20301231") };
    expect("emv-s036", &[paynow]);
    profiles("emv-s007", |found| {
        let record = Profile::Sgqr {
            id: "19052700AB92",
            postal_code: Some("408830"),
            level: Some("01"),
            unit: Some("07"),
        };
        assert_eq!(found, [record]);
    });
}

#[test]
fn thailand() {
    let value = "0066801234567";
    expect("emv-s098", &[Profile::PromptPay { proxy: Proxy::Phone, value }]);
    let value = "1111111111111";
    expect("emv-s099", &[Profile::PromptPay { proxy: Proxy::Person, value }]);
    let value = "012345678901234";
    expect("emv-s100", &[Profile::PromptPay { proxy: Proxy::Wallet, value }]);
    let references = [Some("KB000001641684"), Some("KPS004KB000001641684")];
    expect("emv-s096", &[Profile::PromptPayBill { biller: "010753600031508", references }]);
}

#[test]
fn indonesia() {
    let acquirer = Profile::Qris {
        account: Some("936000140001287667"),
        merchant: Some("000885001287667"),
        national: false,
        criteria: Some("UKE"),
        transfer: false,
    };
    let national = Profile::Qris {
        account: None,
        merchant: Some("ID1021081861606"),
        national: true,
        criteria: Some("UKE"),
        transfer: false,
    };
    expect("emv-s052", &[acquirer, national]);
    profiles("emv-s140", |found| {
        assert!(matches!(found, [Profile::Qris { transfer: true, .. }]));
    });
}

#[test]
fn malaysia() {
    let merchant = Some("JjXrENybjHu7ag3sShhEmDUh3amy");
    expect("emv-s006", &[Profile::DuitNow { acquirer: "890046", merchant }]);
}

#[test]
fn brazil() {
    let pix = |proxy, key, url| Profile::Pix { key: Some((proxy, key)), url };
    expect("emv-s041", &[pix(Proxy::Person, "11111111111", None)]);
    expect("emv-s044", &[pix(Proxy::Company, "12345678000195", None)]);
    expect("emv-s050", &[pix(Proxy::Mail, "abc@example.com", None)]);
    expect("emv-s043", &[pix(Proxy::Key, "11111111-1111-1111-1111-111111111111", None)]);
    expect("emv-s049", &[Profile::Pix { key: None, url: None }]);
}

#[test]
fn vietnam() {
    let vietqr = |account, service| Profile::VietQr { bank: Some("970422"), account, service };
    let service = Some("QRIBFTTA");
    expect("emv-s108", &[vietqr(Some("0123456789"), service)]);
    // The service stands within the beneficiary.
    expect("emv-s112", &[vietqr(Some("0123456789020"), service)]);
}

#[test]
fn cambodia() {
    let khqr = |account, merchant, individual| Profile::Khqr { account, merchant, individual };
    expect("emv-s021", &[khqr("john_smith@devb", None, true)]);
    expect("emv-s022", &[khqr("khqr@devb", Some("123456"), false)]);
}

#[test]
fn philippines() {
    let (bank, payee) = (Some("PAPHPHM1XXX"), Some("100479227"));
    expect("emv-s062", &[Profile::QrPh { bank, payee, individual: false }]);
}

#[test]
fn india() {
    expect(
        "emv-s103",
        &[
            Profile::Card { merchant: "4000010000000050" },
            Profile::Card { merchant: "6000010000000050" },
            Profile::Card { merchant: "KVBL000120712075000100128" },
            Profile::Upi { address: "TEST12@vpa", minimum: Some("1.0") },
            Profile::UpiReference { reference: "600563" },
        ],
    );
}

#[test]
fn hong_kong() {
    let value = "FPS_Identifier_CRC201D@ird.gov.hk";
    expect("emv-s009", &[Profile::Fps { proxy: Proxy::Mail, value }]);
    expect("emv-s010", &[Profile::Fps { proxy: Proxy::Key, value: "999999999999" }]);
}

#[test]
fn sri_lanka() {
    let lankaqr = Profile::LankaQr { bank: "6010", merchant: "0005000199990050", terminal: "3292" };
    expect("emv-s025", &[lankaqr]);
}

#[test]
fn japan() {
    profiles("emv-s011", |found| {
        assert!(matches!(found, [Profile::Card { .. }, Profile::Jpqr]));
    });
}
