//! Any scanned text as JSON.

use super::emvco::{emvco_json, verdict};
use crate::emvco::{MerchantCode, Payee, Verdict};
use crate::link::{Gs1Error, Gs1Link, UpiError, UpiLink, carried_code};
use crate::store_code::SignedStoreCode;
use crate::{Sign, TransferFormat, read};
use data_encoding::HEXLOWER;
use serde_json::{Map, Value, json};

/// What a scanned text is: `kind` and `verdict` (`accept`, `lenient`, `reject`), then what the kind
/// has to say. `payee_kind` is `person`, `merchant` or `unclear`.
pub fn read_sign_json(text: &str) -> Value {
    let text = carried_code(text);
    let sign = read(&text);
    let (kind, fallback, answer) = match &sign {
        Sign::StoreCode(Ok(code)) => ("store_code", Verdict::Accept, store_code(code)),
        Sign::StoreCode(Err(error)) => ("store_code", Verdict::Reject, reason(error)),
        Sign::Emvco(reading) => {
            let mut answer = emvco_json(reading);
            if let Ok(code) = &reading.code {
                answer.insert("store".into(), claim(code));
                answer.insert("systems".into(), systems(code));
            }
            ("emvco", reading.verdict(), answer)
        }
        Sign::Upi(link) => ("upi", accepted(link.is_ok()), upi(link)),
        Sign::Gs1(link) => ("gs1", accepted(link.is_ok()), gs1(link)),
        Sign::Link(link) => {
            let answer = json!({ "scheme": link.scheme, "host": link.host });
            ("link", Verdict::Accept, object(answer))
        }
        Sign::BankTransfer(format) => {
            let format = match format {
                TransferFormat::Epc => "epc",
                TransferFormat::SwissQr => "swiss_qr",
            };
            ("bank_transfer", Verdict::Accept, object(json!({ "format": format })))
        }
        Sign::ForeignLink { host } => {
            ("foreign_link", Verdict::Reject, object(json!({ "host": host })))
        }
        Sign::Unknown => ("unknown", Verdict::Reject, Map::new()),
        Sign::TooLong => ("too_long", Verdict::Reject, Map::new()),
    };
    let mut answer = answer;
    answer.insert("kind".into(), kind.into());
    answer.insert("verdict".into(), verdict(fallback).into());
    let payee = match sign.payee() {
        Payee::Person => "person",
        Payee::Merchant => "merchant",
        Payee::Unclear => "unclear",
    };
    answer.insert("payee_kind".into(), payee.into());
    answer.into()
}

/// The record as it stands: nothing of it is proven without the register's keys.
fn store_code(signed: &SignedStoreCode) -> Map<String, Value> {
    let code = signed.unverified();
    let payment = code.payment.map(|payment| {
        json!({
            "amount_minor": payment.amount_minor,
            "currency": format!("{:03}", payment.currency),
            "nonce": HEXLOWER.encode(&payment.nonce),
            "issued_at": payment.issued_at,
            "life_s": payment.life_s,
        })
    });
    object(json!({
        "verified": false,
        "key_id": HEXLOWER.encode(&signed.key_id().0),
        "store": code.store.to_string(),
        "not_before_day": code.valid.not_before,
        "not_after_day": code.valid.not_after,
        "lat": f64::from(code.place.lat_e7) / 1e7,
        "lon": f64::from(code.place.lon_e7) / 1e7,
        "radius_m": code.place.radius_m,
        "accepted": code.accepted.schemes().collect::<Vec<_>>(),
        "payment": payment,
    }))
}

/// The national systems whose templates the accounts are.
fn systems(code: &MerchantCode<'_>) -> Value {
    let mut systems: Vec<_> = code.accounts().iter().filter_map(|one| one.system).collect();
    systems.dedup();
    systems.into()
}

fn claim(code: &MerchantCode<'_>) -> Value {
    let claim = code.claim();
    let ids: Vec<Value> = claim
        .ids
        .iter()
        .map(|id| json!({ "register": format!("{:?}", id.register), "id": id.id }))
        .collect();
    json!({
        "name": claim.name,
        "local_name": claim.local_name,
        "city": claim.city,
        "local_city": claim.local_city,
        "postal_code": claim.postal_code,
        "country": claim.country,
        "ids": ids,
    })
}

fn upi(link: &Result<Box<UpiLink>, UpiError>) -> Map<String, Value> {
    match link {
        Ok(link) => object(json!({
            "scheme": "upi",
            "payee": link.payee,
            "name": link.name,
            "amount": link.amount,
            "amount_minor": link.amount_minor(),
            "currency": link.currency,
            "mcc": link.mcc,
            "reference": link.reference,
            "signed": link.signed,
        })),
        Err(error) => reason(error),
    }
}

fn gs1(link: &Result<Gs1Link<'_>, Gs1Error>) -> Map<String, Value> {
    match link {
        Ok(link) => object(json!({
            "valid": true,
            "key": "414",
            "gln": link.gln,
            "extension": link.extension,
            "check_digit_ok": true,
            "host": link.host,
            "stem": link.stem,
        })),
        Err(error) => {
            let mut answer = reason(error);
            answer.insert("valid".into(), false.into());
            answer
        }
    }
}

fn reason(error: &impl std::fmt::Display) -> Map<String, Value> {
    object(json!({ "reason": error.to_string() }))
}

fn accepted(is_ok: bool) -> Verdict {
    if is_ok { Verdict::Accept } else { Verdict::Reject }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}
