//! EMVCo codes as JSON.

use crate::emvco::*;
use serde_json::{Map, Value, json};

/// What was read from a merchant-presented code: `tlv_ok` (and `tlv_error`), `crc`, `verdict`,
/// and for a text of data objects `fields`, `amount_minor`, `accounts`, `networks`,
/// `spec_violations`, and where they apply `additional`, `language`, `unreserved`, `jpqr`,
/// `length_unit` and `notes`.
pub fn emvco_json(reading: &Reading<'_>) -> Map<String, Value> {
    let mut answer = Map::new();
    let mut put = |key: &str, value: Value| answer.insert(key.into(), value);
    put("tlv_ok", reading.code.is_ok().into());
    put("crc", crc(&reading.crc));
    put("verdict", verdict(reading.verdict()).into());
    let code = match &reading.code {
        Ok(code) => code,
        Err(error) => {
            put("tlv_error", error.to_string().into());
            return answer;
        }
    };
    put("fields", fields(code));
    put("accounts", code.accounts().iter().map(account).collect());
    put("networks", code.networks().into());
    put("spec_violations", reading.breaches.iter().map(ToString::to_string).collect());
    let mut notes = Vec::new();
    match code.amount_minor() {
        None | Some(Err(AmountError::Malformed)) => {}
        Some(Ok(amount)) => {
            put("amount_minor", amount.into());
        }
        Some(Err(error)) => {
            put("amount_minor", Value::Null);
            notes.push(match error {
                AmountError::Overflow => "amount_overflow",
                AmountError::Decimals | AmountError::Malformed => "amount_decimals",
            });
        }
    }
    if let Some(additional) = code.additional() {
        put("additional", template(additional));
    }
    if let Some(language) = code.language() {
        put("language", template(language));
    }
    if !code.unreserved().is_empty() {
        let one = |template: &Unreserved<'_>| json!({ "tag": template.tag.to_string(), "guid": template.body.value(0) });
        put("unreserved", code.unreserved().iter().map(one).collect());
    }
    if let Some(jpqr) = code.jpqr() {
        put(
            "jpqr",
            json!({
                "store_id": jpqr.store_id,
                "conformant": jpqr.breaches.is_empty(),
                "breaches": jpqr.breaches.iter().map(ToString::to_string).collect::<Vec<_>>(),
            }),
        );
    }
    if code.length_unit() == LengthUnit::Bytes {
        put("length_unit", "bytes".into());
    }
    if reading.crc.is_valid() && reading.crc.is_lowercase() {
        notes.push("crc_lowercase");
    }
    if !notes.is_empty() {
        put("notes", notes.into());
    }
    answer
}

pub(super) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Accept => "accept",
        Verdict::Lenient => "lenient",
        Verdict::Reject => "reject",
    }
}

fn crc(crc: &Crc<'_>) -> Value {
    json!({
        "stated": crc.stated,
        "computed": crc.computed.map(|computed| format!("{computed:04X}")),
        "valid": crc.is_valid(),
    })
}

fn fields(code: &MerchantCode<'_>) -> Value {
    let initiation = code.value(Tag::INITIATION).map(|raw| match code.initiation() {
        Some(Initiation::Static) => "static",
        Some(Initiation::Dynamic) => "dynamic",
        None => raw,
    });
    json!({
        "payload_format": code.value(Tag::PAYLOAD_FORMAT),
        "initiation": initiation,
        "mcc": code.value(Tag::MCC),
        "currency": code.value(Tag::CURRENCY),
        "amount": code.value(Tag::AMOUNT),
        "tip": code.value(Tag::TIP),
        "fee_fixed": code.value(Tag::FEE_FIXED),
        "fee_percent": code.value(Tag::FEE_PERCENT),
        "country": code.value(Tag::COUNTRY),
        "merchant_name": code.value(Tag::NAME),
        "merchant_city": code.value(Tag::CITY),
        "postal_code": code.value(Tag::POSTAL_CODE),
    })
}

fn account(account: &Account<'_>) -> Value {
    let (tag, network) = (account.tag.to_string(), account.network);
    match &account.body {
        AccountBody::Primitive => {
            json!({ "tag": tag, "kind": "primitive", "value": account.value, "network": network })
        }
        AccountBody::Opaque => {
            json!({ "tag": tag, "kind": "opaque", "value": account.value, "network": network })
        }
        AccountBody::Template(objects) => json!({
            "tag": tag,
            "kind": "template",
            "guid": account.guid(),
            "sub": by_tag(objects.iter().filter(|object| object.tag != Tag(0))),
            "network": network,
        }),
    }
}

fn template(template: &Template<'_>) -> Value {
    match template {
        Template::Objects(objects) => by_tag(objects.iter()),
        Template::Opaque(value) => json!({ "_unparsed": value }),
    }
}

/// Of objects with one id the first counts, as everywhere.
fn by_tag<'a>(objects: impl DoubleEndedIterator<Item = &'a Object<'a>>) -> Value {
    objects
        .rev()
        .map(|object| (object.tag.to_string(), object.value.into()))
        .collect::<Map<String, Value>>()
        .into()
}
