//! Reading a currency: by `iso_currency`'s own table of codes where they are text. Its derived reader
//! has the codes once more for every form of JSON, 20 KB of a phone's library.

use std::fmt;

use iso_currency::Currency;
use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
};

/// For `#[serde(deserialize_with)]`.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Currency, D::Error> {
    if from.is_human_readable() { from.deserialize_str(Code) } else { Currency::deserialize(from) }
}

struct Code;

impl Visitor<'_> for Code {
    type Value = Currency;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a currency code of ISO 4217")
    }

    fn visit_str<E: Error>(self, code: &str) -> Result<Currency, E> {
        let unknown = || E::invalid_value(serde::de::Unexpected::Str(code), &self);
        Currency::from_code(code).ok_or_else(unknown)
    }
}

#[cfg(test)]
mod tests {
    use iso_currency::Currency;

    use crate::Money;

    #[test]
    fn a_currency_is_read_as_it_is_written_and_nothing_else_is_one() {
        let amount = |currency: &str| format!(r#"{{"amount":1,"currency":{currency}}}"#);
        for currency in [Currency::EUR, Currency::JPY, Currency::KWD, Currency::XXX] {
            let money = Money::new(1, currency);
            let written = serde_json::to_string(&money).unwrap();
            assert_eq!(written, amount(&format!("{:?}", currency.code())));
            assert_eq!(serde_json::from_str::<Money>(&written).unwrap(), money);
        }
        for wrong in [r#""EURO""#, r#""eur""#, r#""""#, "978", "null"] {
            assert!(serde_json::from_str::<Money>(&amount(wrong)).is_err(), "{wrong}");
        }
    }
}
