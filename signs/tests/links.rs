//! Links: the vectors, and what hostile links try.

use proptest::prelude::*;
use serde_json::Value;
use signs::link::{Address, AddressError, Gs1Error, Gs1Link, UpiError, UpiLink, known_link};
use signs::report::read_sign_json;
use signs::{Sign, read};

fn vectors(kind: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("data/emvco-vectors.json")).unwrap();
    file[kind].as_array().unwrap().clone()
}

#[test]
fn every_link_vector_reads_as_expected() {
    let mut checked = 0;
    for (kind, name) in [("gs1_digital_link", "gs1"), ("upi_links", "upi")] {
        for vector in vectors(kind) {
            let answer = read_sign_json(vector["uri"].as_str().unwrap());
            assert_eq!(answer["kind"], name, "{}", vector["id"]);
            for (key, expected) in vector["expected"].as_object().unwrap() {
                assert_eq!(&answer[key], expected, "{}: {key}", vector["id"]);
            }
            checked += 1;
        }
    }
    assert_eq!(checked, 15);
}

#[test]
fn a_digital_link_is_refused_for_each_rule_it_breaks() {
    let gs1 = Gs1Link::read;
    for (link, error) in [
        ("Https://id.gs1.org/414/9520123456788", Gs1Error::Scheme),
        ("https://id.gs1.org/414/9520123456788/", Gs1Error::TrailingSlash),
        ("https://id.gs1.org/414/952012345678X", Gs1Error::GlnDigits),
        ("https://id.gs1.org/414/9520123456788/10/A", Gs1Error::Qualifier),
        ("https://id.gs1.org/414/9520123456788/254//", Gs1Error::TrailingSlash),
        ("https://id.gs1.org/414/9520123456788/254/123456789012345678901", Gs1Error::Extension),
        ("https://id.gs1.org/414/9520123456788/254/a%2", Gs1Error::Extension),
        ("https://id.gs1.org/414/9520123456788/254/%C3%A9", Gs1Error::Extension),
        ("https://id.gs1.org/01/09520123456788", Gs1Error::NoPlace),
        ("https://a@b/414/9520123456788", Gs1Error::Address(AddressError::Host)),
    ] {
        assert_eq!(gs1(link).map(|link| link.gln), Err(error), "{link}");
    }
    let link = gs1("HTTPS://EXAMPLE.COM:8080/414/9999999999994/414/9520123456788?17=261122#x");
    let link = link.unwrap();
    assert_eq!((link.gln, link.stem), ("9520123456788", "/414/9999999999994"), "right-most wins");
    assert_eq!(link.host, "EXAMPLE.COM:8080");
    assert!(gs1("https://id.gs1.org/414/9520123456788/7040/1ABC").is_ok());
    for malformed in
        ["414/9520123456788/254/", "414/9520123456788/254/1/254/2", "414/12345678/a/b/c"]
    {
        let link = format!("https://id.gs1.org/{malformed}");
        assert_eq!(read(&link), Sign::Gs1(Err(Gs1Error::NoPlace)), "{link}");
    }
    let table = "https://menu.example/table/414/order/1";
    assert_eq!(read(table), Sign::ForeignLink { host: "menu.example" });
}

#[test]
fn a_host_that_only_looks_like_a_known_one_is_not_it() {
    assert_eq!(known_link("https://QR.ALIPAY.com/fkx1").map(|link| link.scheme), Some("alipay"));
    assert_eq!(known_link("wxp://f2f0abc").map(|link| link.scheme), Some("wechat_pay"));
    for link in [
        "http://qr.alipay.com/fkx1",
        "https://qr.alipay.com.evil.example/fkx1",
        "https://qr.alipay.com@evil.example/fkx1",
        "https://evil.example/https://qr.alipay.com/",
        "https://evil.example\\qr.alipay.com/",
        "https://qr.аlipay.com/", // a Cyrillic letter
        "https://qr.alipay.com\t/",
        "weixin://other/",
    ] {
        assert_eq!(known_link(link), None, "{link}");
    }
    assert_eq!(
        read("https://qr.alipay.com.evil.example/fkx1"),
        Sign::ForeignLink { host: "qr.alipay.com.evil.example" }
    );
    assert_eq!(read("https://qr.alipay.com@evil.example/fkx1"), Sign::Unknown);
}

#[test]
fn a_upi_link_is_refused_for_each_rule_it_breaks() {
    for (link, error) in [
        ("upi://mandate?pa=a@b", UpiError::Prefix),
        ("upi://pay", UpiError::Prefix),
        ("upi://pay?pn=x", UpiError::Payee),
        ("upi://pay?pa=nobody", UpiError::Payee),
        ("upi://pay?pa=a@b@c", UpiError::Payee),
        ("upi://pay?pa=a%40b&pa=c%40d", UpiError::Duplicate),
        ("upi://pay?pa=a%4@b", UpiError::Encoding),
        ("upi://pay?pa=a%ff@b", UpiError::Encoding),
        ("upi://pay?pa=a@b&am=1.234", UpiError::Amount),
        ("upi://pay?pa=a@b&am=-1", UpiError::Amount),
        ("upi://pay?pa=a@b&cu=USD", UpiError::Currency),
    ] {
        assert_eq!(UpiLink::read(link), Err(error), "{link}");
    }
    let link = UpiLink::read("UPI://PAY?pa=a%40b&pn=Chai+Shop&am=50.5&sign=MEQ=&mc=0000").unwrap();
    assert_eq!(link.payee, "a@b");
    assert_eq!(link.name.as_deref(), Some("Chai Shop"));
    assert_eq!(link.amount_minor(), Some(5_050));
    assert!(link.signed);
    let capitals = UpiLink::read("UPI://PAY?PA=SHOP%40BANK&AM=12&CU=INR&MC=5411").unwrap();
    assert_eq!((capitals.payee.as_str(), capitals.amount_minor()), ("SHOP@BANK", Some(1_200)));
    assert_eq!(UpiLink::read("upi://pay?pa=a@b&PA=c@d"), Err(UpiError::Duplicate));
}

proptest! {
    #[test]
    fn any_text_gets_an_answer(text in "(https?://|upi://pay\\?pa=)?[ -~éア%/&=]{0,60}") {
        let _ = Address::read(&text);
        let _ = Gs1Link::read(&text);
        let _ = UpiLink::read(&text);
        let _ = known_link(&text);
    }

    #[test]
    fn every_gln_with_its_check_digit_is_read_and_no_other(digits in 0u64..1_000_000_000_000) {
        let valid = (0..10)
            .filter(|check| {
                let link = format!("https://id.gs1.org/414/{digits:012}{check}");
                Gs1Link::read(&link).is_ok()
            })
            .count();
        prop_assert_eq!(valid, 1);
    }
}
