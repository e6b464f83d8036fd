//! The rules of the specification, one after the other, and the breaches they name.

use super::breach::ObjectPath;
use super::{AccountBody, AmountError, Breach, LengthUnit, MerchantCode, Object, Tag, Template};
use super::{amount, minor_units};

/// Objects that must be there (specification, table 3.2), beside 00, 63 and an account.
const MANDATORY: [Tag; 5] = [Tag::MCC, Tag::CURRENCY, Tag::COUNTRY, Tag::NAME, Tag::CITY];
/// Objects that a language template must have (table 3.8): language, and name.
const LANGUAGE_MANDATORY: [Tag; 2] = [Tag(0), Tag(1)];
/// The longest values, in characters.
const LONGEST: [(Tag, usize); 4] =
    [(Tag::AMOUNT, 13), (Tag::NAME, 25), (Tag::CITY, 15), (Tag::POSTAL_CODE, 10)];
/// The longest code, in characters.
const RECOMMENDED_CHARS: usize = 512;

/// All breaches of a code, in a fixed order.
pub(super) fn breaches(text: &str, code: &MerchantCode<'_>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    repeated_or_empty(code.objects(), ObjectPath::of, &mut breaches);
    frame(code, &mut breaches);
    values(code, &mut breaches);
    accounts(code, &mut breaches);
    templates(code, &mut breaches);
    // Bytes are at least as many as characters, so most texts need no counting.
    if text.len() > RECOMMENDED_CHARS && text.chars().count() > RECOMMENDED_CHARS {
        breaches.push(Breach::Over512);
    }
    if code.length_unit() == LengthUnit::Bytes {
        breaches.push(Breach::LengthInBytes);
    }
    breaches
}

fn repeated_or_empty(
    objects: &[Object<'_>],
    path: impl Fn(Tag) -> ObjectPath,
    breaches: &mut Vec<Breach>,
) {
    let mut seen = 0u128;
    for Object { tag, value } in objects {
        if value.is_empty() {
            breaches.push(Breach::ZeroLength(path(*tag)));
        }
        let bit = 1u128.checked_shl(tag.0.into()).unwrap_or_default();
        if seen & bit != 0 {
            breaches.push(Breach::Duplicate(path(*tag)));
        }
        seen |= bit;
    }
}

fn frame(code: &MerchantCode<'_>, breaches: &mut Vec<Breach>) {
    let objects = code.objects();
    if objects.first().is_none_or(|object| object.tag != Tag::PAYLOAD_FORMAT) {
        breaches.push(Breach::FirstNot00);
    }
    // The checksum is found by the text's last eight characters; they must be this object.
    if objects
        .last()
        .is_none_or(|object| object.tag != Tag::CRC || object.value.chars().count() != 4)
    {
        breaches.push(Breach::LastNot63);
    }
    if code.value(Tag::PAYLOAD_FORMAT).is_some_and(|format| format != "01") {
        breaches.push(Breach::PayloadFormat);
    }
    let missing = MANDATORY.into_iter().filter(|tag| code.value(*tag).is_none());
    breaches.extend(missing.map(|tag| Breach::Missing(ObjectPath::of(tag))));
    if code.accounts().is_empty() {
        breaches.push(Breach::MissingAccount);
    }
}

fn values(code: &MerchantCode<'_>, breaches: &mut Vec<Breach>) {
    let mut bad = |tag: Tag, is_good: fn(&str) -> bool| {
        if code.value(tag).is_some_and(|value| !is_good(value)) {
            breaches.push(Breach::Bad(ObjectPath::of(tag)));
        }
    };
    bad(Tag::INITIATION, |value| matches!(value, "11" | "12"));
    bad(Tag::MCC, |value| value.len() == 4 && all_digits(value));
    bad(Tag::CURRENCY, |value| value.len() == 3 && all_digits(value));
    bad(Tag::AMOUNT, is_amount);
    if code.value(Tag::AMOUNT).is_some_and(|value| is_amount(value) && amount::is_zero(value)) {
        breaches.push(Breach::ZeroAmount);
    }
    fees(code, breaches);
    let is_country =
        |value: &str| value.len() == 2 && value.bytes().all(|b| b.is_ascii_uppercase());
    if code.value(Tag::COUNTRY).is_some_and(|value| !is_country(value)) {
        breaches.push(Breach::Bad(ObjectPath::of(Tag::COUNTRY)));
    }
    for (tag, longest) in LONGEST {
        if code.value(tag).is_some_and(|value| longer_than(value, longest)) {
            breaches.push(Breach::TooLong(ObjectPath::of(tag)));
        }
    }
}

/// Tip or convenience indicator (55): 01 asks for a tip, 02 goes with a fixed fee (56), 03 with a
/// fee in percent (57).
fn fees(code: &MerchantCode<'_>, breaches: &mut Vec<Breach>) {
    let indicator = code.value(Tag::TIP);
    if indicator.is_some_and(|value| !matches!(value, "01" | "02" | "03")) {
        breaches.push(Breach::Bad(ObjectPath::of(Tag::TIP)));
    }
    for (tag, asked_by, is_good) in [
        (Tag::FEE_FIXED, "02", is_amount as fn(&str) -> bool),
        (Tag::FEE_PERCENT, "03", is_percentage),
    ] {
        let fee = code.value(tag);
        if fee.is_some() != (indicator == Some(asked_by)) {
            breaches.push(Breach::Condition(tag));
        }
        if fee.is_some_and(|value| !is_good(value)) {
            breaches.push(Breach::Bad(ObjectPath::of(tag)));
        }
    }
}

fn accounts(code: &MerchantCode<'_>, breaches: &mut Vec<Breach>) {
    for account in code.accounts() {
        if account.tag.is_reserved_account() {
            breaches.push(Breach::ReservedUsed(account.tag));
        }
        match &account.body {
            AccountBody::Primitive => {}
            AccountBody::Opaque => breaches.push(Breach::TemplateNotTlv(account.tag)),
            AccountBody::Template(objects) => {
                repeated_or_empty(objects, |sub| ObjectPath::within(account.tag, sub), breaches);
                if account.guid().is_none() {
                    breaches.push(Breach::TemplateNoGuid(account.tag));
                }
            }
        }
    }
}

fn templates(code: &MerchantCode<'_>, breaches: &mut Vec<Breach>) {
    for (tag, template) in [(Tag::ADDITIONAL, code.additional()), (Tag::LANGUAGE, code.language())]
    {
        match template {
            None => {}
            Some(Template::Opaque(_)) => breaches.push(Breach::Bad(ObjectPath::of(tag))),
            // The lengths within are left alone: issuers overstep them, and no reader minds.
            Some(Template::Objects(objects)) => {
                repeated_or_empty(objects, |sub| ObjectPath::within(tag, sub), breaches);
            }
        }
    }
    if let Some(Template::Objects(objects)) = code.language() {
        let is_missing = |sub: &Tag| objects.iter().all(|object| object.tag != *sub);
        let missing = LANGUAGE_MANDATORY.into_iter().filter(is_missing);
        breaches.extend(missing.map(|sub| Breach::Missing(ObjectPath::within(Tag::LANGUAGE, sub))));
    }
    for template in code.unreserved() {
        let (tag, objects) = (template.tag, template.body.objects());
        if template.body.value(0).is_none() {
            breaches.push(Breach::UnreservedNoGuid(tag));
        } else {
            repeated_or_empty(objects, |sub| ObjectPath::within(tag, sub), breaches);
        }
    }
}

fn is_amount(value: &str) -> bool {
    // The form is what counts here, not the decimals of the currency.
    minor_units(value, None) != Err(AmountError::Malformed)
}

/// 00.01 to 99.99.
fn is_percentage(value: &str) -> bool {
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    is_amount(value) && !amount::is_zero(value) && whole.len() <= 2 && decimals.len() <= 2
}

fn all_digits(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_digit())
}

fn longer_than(value: &str, longest: usize) -> bool {
    value.len() > longest && value.chars().count() > longest
}
