//! EMVCo codes beyond the vectors: amounts, single rules, writing.

use proptest::prelude::*;
use serde_json::Value;
use signs::emvco::*;

fn object(tag: u8, value: &str) -> String {
    format!("{tag:02}{:02}{value}", value.chars().count())
}

fn with_crc(objects: &str) -> String {
    let text = format!("{objects}6304");
    let crc = crc16(text.as_bytes());
    format!("{text}{crc:04X}")
}

/// A conformant code with these objects added before the checksum.
fn code_with(objects: &[(u8, &str)]) -> String {
    let conformant = [
        (0, "01"),
        (1, "11"),
        (26, "0009SG.PAYNOW01012"),
        (52, "5812"),
        (53, "702"),
        (58, "SG"),
        (59, "CAFE"),
        (60, "Singapore"),
    ];
    with_crc(
        &conformant
            .iter()
            .chain(objects)
            .map(|(tag, value)| object(*tag, value))
            .collect::<String>(),
    )
}

fn breaches(text: &str) -> Vec<String> {
    read(text).breaches.iter().map(ToString::to_string).collect()
}

#[test]
fn the_checksum_is_the_one_of_the_standard() {
    // The check value of CRC-16/IBM-3740 in the catalogue of CRC algorithms.
    assert_eq!(crc16(b"123456789"), 0x29b1);
    assert_eq!(Crc::of("000201").stated, None);
    assert_eq!(Crc::of("6304").stated, None);
    assert!(!Crc::of("0002016304+1AB").is_valid());
}

#[test]
fn amounts_become_minor_units_by_the_decimals_of_the_currency() {
    for (amount, currency, expected) in [
        ("23.7", "156", Ok(2_370)),
        ("98.", "986", Ok(9_800)),
        ("498", "392", Ok(498)),
        ("1.234", "414", Ok(1_234)),
        ("1.2345", "990", Ok(12_345)),
        ("92233720368547758.07", "840", Ok(i64::MAX)),
        ("92233720368547758.08", "840", Err(AmountError::Overflow)),
        ("498.5", "392", Err(AmountError::Decimals)),
        ("1.005", "840", Err(AmountError::Decimals)),
        ("1", "abc", Err(AmountError::Decimals)),
        ("98,73", "840", Err(AmountError::Malformed)),
        ("3 705", "840", Err(AmountError::Malformed)),
        ("1.2.3", "840", Err(AmountError::Malformed)),
        (".5", "840", Err(AmountError::Malformed)),
        ("-1", "840", Err(AmountError::Malformed)),
        ("１", "840", Err(AmountError::Malformed)),
        ("", "840", Err(AmountError::Malformed)),
    ] {
        assert_eq!(minor_units(amount, Some(currency)), expected, "{amount} {currency}");
    }
    assert_eq!(minor_units("1", None), Err(AmountError::Decimals));
}

#[test]
fn each_rule_names_its_own_breach_and_no_other() {
    let long = "x".repeat(26);
    for (objects, expected) in [
        (&[][..], &[][..]),
        (&[(54, "5.00")], &[]),
        (&[(54, "-5.0")], &["bad:54"]),
        (&[(54, "000")], &["zero_amount:54"]),
        (&[(54, "12345678901.23")], &["too_long:54"]),
        (&[(54, "")], &["zero_length:54", "bad:54"]),
        (&[(55, "01")], &[]),
        (&[(55, "04")], &["bad:55"]),
        (&[(55, "02"), (56, "1.5")], &[]),
        (&[(55, "02"), (56, "-1")], &["bad:56"]),
        (&[(55, "02")], &["cond:56"]),
        (&[(56, "1")], &["cond:56"]),
        (&[(55, "03"), (57, "5.00")], &[]),
        (&[(55, "03"), (57, "100")], &["bad:57"]),
        (&[(55, "03"), (57, "0")], &["bad:57"]),
        (&[(55, "03")], &["cond:57"]),
        (&[(55, "01"), (57, "5")], &["cond:57"]),
        (&[(61, "12345678901")], &["too_long:61"]),
        (&[(62, "0101x")], &[]),
        (&[(62, "0199")], &["bad:62"]),
        (&[(62, "0100")], &["zero_length:62.01"]),
        (&[(62, "0101x0101y")], &["duplicate:62.01"]),
        (&[(64, "0002JA01012")], &[]),
        (&[(64, "0199")], &["bad:64"]),
        (&[(17, "1")], &["emvco_reserved_used:17"]),
        (&[(27, "0101x")], &["template_no_guid:27"]),
        (&[(27, "0199")], &["template_not_tlv:27"]),
        (&[(27, "0001A0100")], &["zero_length:27.01"]),
        (&[(27, "0001A0101x0101y")], &["duplicate:27.01"]),
        (&[(65, "x")], &[]),
        (&[(80, "0001A0101x")], &[]),
        (&[(80, "0101x")], &["unreserved_no_guid:80"]),
        (&[(59, "CAFE")], &["duplicate:59"]),
    ] {
        assert_eq!(breaches(&code_with(objects)), expected, "{objects:?}");
    }
    for (from, to, expected) in [
        ("000201", "000202", "pfi_not_01"),
        ("010211", "010213", "bad:01"),
        ("52045812", "52045a12", "bad:52"),
        ("5303702", "5303SGD", "bad:53"),
        ("5802SG", "5802sg", "bad:58"),
        ("5904CAFE", &object(59, &long), "too_long:59"),
        ("6009Singapore", &object(60, "0123456789abcdef"), "too_long:60"),
        ("5904CAFE", "", "missing:59"),
        ("26180009SG.PAYNOW01012", "", "missing:02-51"),
        ("0002010102", "010211000201020", "00_not_first"),
    ] {
        let text = code_with(&[]);
        let changed = with_crc(&text[..text.len() - 8].replacen(from, to, 1));
        assert!(breaches(&changed).iter().any(|breach| breach == expected), "{expected}");
    }
}

#[test]
fn a_network_names_the_scheme_by_which_methods_are_matched() {
    for (network, expected) in [
        ("visa", Some("visa")),
        ("wechatpay", Some("wechat_pay")),
        ("fps-hk", Some("fps")),
        ("ar-t30", None),
    ] {
        assert_eq!(scheme(network), expected);
    }
}

#[test]
fn verdicts_follow_from_breaches_and_checksum() {
    let verdict = |text: &str| read(text).verdict();
    let good = code_with(&[]);
    assert_eq!(verdict(&good), Verdict::Accept);
    assert_eq!(verdict(&good.to_lowercase()), Verdict::Reject, "other bytes, other checksum");
    assert_eq!(verdict(&code_with(&[(54, "0")])), Verdict::Lenient);
    assert_eq!(verdict(&code_with(&[(59, "x")])), Verdict::Reject, "ambiguous");
    assert_eq!(verdict(&good.replace("CAFE", "CAFF")), Verdict::Reject, "damaged");
    assert_eq!(verdict(&format!("{good}0")), Verdict::Reject, "trailing");
    assert_eq!(verdict(&"0".repeat(MAX_TEXT + 1)), Verdict::Reject);
    let hidden = with_crc(&format!("{}6308", &good[..good.len() - 8]));
    assert!(read(&hidden).crc.is_valid());
    assert_eq!(verdict(&hidden), Verdict::Reject, "the checksum inside another value");
    let long: Vec<(u8, String)> =
        (80..88).map(|tag| (tag, format!("0001A0190{:90}", ""))).collect();
    let long: Vec<(u8, &str)> = long.iter().map(|(tag, value)| (*tag, value.as_str())).collect();
    assert_eq!(breaches(&code_with(&long)), ["over_512"]);
}

#[test]
fn every_accepted_vector_is_written_as_it_was_read() {
    let file: Value = serde_json::from_str(include_str!("data/emvco-vectors.json")).unwrap();
    let mut written = 0;
    for vector in file["emvco"].as_array().unwrap() {
        let payload = vector["payload"].as_str().unwrap();
        let reading = read(payload);
        if reading.verdict() != Verdict::Accept {
            continue;
        }
        let code = reading.code.unwrap();
        let inner = &code.objects()[1..code.objects().len() - 1];
        let writer = inner.iter().fold(Writer::new(), |writer, o| writer.object(o.tag, o.value));
        assert_eq!(writer.finish().as_deref(), Ok(payload), "{}", vector["id"]);
        written += 1;
    }
    assert_eq!(written, 74);
}

#[test]
fn a_code_that_would_break_the_specification_is_not_written() {
    let nameless = Writer::new().object(Tag(2), "4000").finish();
    match nameless {
        Err(WriteError::Breaches(found)) => assert_eq!(found.len(), 5),
        other => panic!("{other:?}"),
    }
    let long = "x".repeat(100);
    assert_eq!(Writer::new().object(Tag(80), &long).finish(), Err(WriteError::Length(Tag(80))));
    let within = Writer::new().template(Tag(26), &[(Tag(0), &long)]).finish();
    assert_eq!(within, Err(WriteError::Length(Tag(26))));
    assert_eq!(Writer::new().object(Tag(100), "x").finish(), Err(WriteError::Length(Tag(100))));
}

proptest! {
    #[test]
    fn any_text_gets_an_answer(text in "\\PC{0,120}") {
        let _ = read(&text);
    }

    #[test]
    fn any_digits_get_an_answer(text in "(000201)?[0-9]{0,200}(6304[0-9A-F]{4})?") {
        let _ = read(&text);
    }

    #[test]
    fn every_written_code_reads_back(
        name in "[A-Za-z0-9 é東]{1,25}", city in "[A-Za-z]{1,15}", label in "[A-Z0-9]{1,25}",
        local in "\\PC{1,25}", amount in 1i64..99_999_999,
    ) {
        let amount = format!("{}.{:02}", amount / 100, amount % 100);
        let text = Writer::new()
            .object(Tag::INITIATION, "12")
            .template(Tag(26), &[(Tag(0), "SG.PAYNOW"), (Tag(1), "2"), (Tag(2), "201403121W")])
            .object(Tag::MCC, "5812")
            .object(Tag::CURRENCY, "702")
            .object(Tag::AMOUNT, &amount)
            .object(Tag::COUNTRY, "SG")
            .object(Tag::NAME, &name)
            .object(Tag::CITY, &city)
            .template(Tag::ADDITIONAL, &[(Tag(3), &label)])
            .template(Tag::LANGUAGE, &[(Tag(0), "ZH"), (Tag(1), &local)])
            .finish()
            .unwrap();
        let reading = read(&text);
        prop_assert_eq!(reading.verdict(), Verdict::Accept);
        let code = reading.code.unwrap();
        prop_assert_eq!(code.value(Tag::NAME), Some(name.as_str()));
        prop_assert_eq!(code.value(Tag::CITY), Some(city.as_str()));
        prop_assert_eq!(code.additional().and_then(|t| t.value(3)), Some(label.as_str()));
        prop_assert_eq!(code.language().and_then(|t| t.value(1)), Some(local.as_str()));
        prop_assert_eq!(code.value(Tag::AMOUNT), Some(amount.as_str()));
    }
}
