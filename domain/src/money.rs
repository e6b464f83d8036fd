//! Amounts of money: minor units in a currency, with checked arithmetic.

use std::fmt;

use serde::{Deserialize, Serialize};

pub use iso_currency::Currency;

/// An amount in the minor unit of its currency (cents, yen): never a float.
///
/// On the wire: `{"amount": 1234, "currency": "EUR"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// Minor units; negative for a debt.
    pub amount: i64,
    /// ISO 4217.
    #[serde(deserialize_with = "crate::currency::deserialize")]
    pub currency: Currency,
}

/// Why a calculation or a text gave no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The result does not fit 64 bits.
    #[error("amount does not fit 64 bits")]
    Overflow,
    /// The two amounts are in different currencies.
    #[error("amounts are in different currencies")]
    OtherCurrency,
    /// The text is not a decimal number with at most the currency's decimals.
    #[error("not an amount in this currency")]
    NotAnAmount,
}

impl Money {
    /// `amount` minor units of `currency`.
    pub const fn new(amount: i64, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// The sum.
    ///
    /// # Errors
    /// [`MoneyError::OtherCurrency`], [`MoneyError::Overflow`].
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.combine(other, i64::checked_add)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`MoneyError::OtherCurrency`], [`MoneyError::Overflow`].
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.combine(other, i64::checked_sub)
    }

    fn combine(
        self,
        other: Self,
        operation: fn(i64, i64) -> Option<i64>,
    ) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::OtherCurrency);
        }
        operation(self.amount, other.amount)
            .map(|amount| Self { amount, ..self })
            .ok_or(MoneyError::Overflow)
    }

    /// Whether `self` is at least `other`; `None` when the currencies differ.
    pub fn covers(self, other: Self) -> Option<bool> {
        (self.currency == other.currency).then_some(self.amount >= other.amount)
    }

    /// Reads a plain decimal such as `12.5` or `-3` without passing through a float.
    ///
    /// # Errors
    /// [`MoneyError::NotAnAmount`] for anything but digits with at most one point, or for more
    /// decimals than the currency has; [`MoneyError::Overflow`].
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let decimals = usize::from(currency.exponent().unwrap_or(0));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty()
            || !all_digits(whole)
            || !all_digits(fraction)
            || fraction.len() > decimals
        {
            return Err(MoneyError::NotAnAmount);
        }
        let padding = std::iter::repeat_n(b'0', decimals - fraction.len());
        let mut amount: i64 = 0;
        for digit in whole.bytes().chain(fraction.bytes()).chain(padding) {
            let value = i64::from(digit - b'0');
            let value = if negative { -value } else { value };
            amount = amount
                .checked_mul(10)
                .and_then(|shifted| shifted.checked_add(value))
                .ok_or(MoneyError::Overflow)?;
        }
        Ok(Self { amount, currency })
    }
}

impl fmt::Display for Money {
    /// `12.50 EUR`, `1200 JPY`: the code, not the symbol, which several currencies share.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = usize::from(self.currency.exponent().unwrap_or(0));
        let sign = if self.amount < 0 { "-" } else { "" };
        let digits = format!("{:0width$}", self.amount.unsigned_abs(), width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        let point = if decimals == 0 { "" } else { "." };
        write!(f, "{sign}{whole}{point}{fraction} {}", self.currency.code())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EUR: Currency = Currency::EUR;

    #[test]
    fn display_places_the_point_by_the_currency() {
        for (money, text) in [
            (Money::new(1250, EUR), "12.50 EUR"),
            (Money::new(5, EUR), "0.05 EUR"),
            (Money::new(-5, EUR), "-0.05 EUR"),
            (Money::new(1200, Currency::JPY), "1200 JPY"),
            (Money::new(1234, Currency::KWD), "1.234 KWD"),
            (Money::new(i64::MIN, Currency::JPY), "-9223372036854775808 JPY"),
        ] {
            assert_eq!(money.to_string(), text);
        }
    }

    #[test]
    fn parse_refuses_what_is_no_amount_in_the_currency() {
        for text in ["", ".", ".5", "1,5", "1.234", "1e3", "--1", "+1", " 1", "١"] {
            assert_eq!(Money::parse(text, EUR), Err(MoneyError::NotAnAmount), "{text:?}");
        }
        assert_eq!(Money::parse("98.", EUR), Ok(Money::new(9800, EUR)));
        assert_eq!(Money::parse("99999999999999999999", EUR), Err(MoneyError::Overflow));
    }

    #[test]
    fn sums_never_wrap_and_never_mix_currencies() {
        let most = Money::new(i64::MAX, EUR);
        assert_eq!(most.checked_add(Money::new(1, EUR)), Err(MoneyError::Overflow));
        assert_eq!(most.checked_sub(Money::new(-1, EUR)), Err(MoneyError::Overflow));
        let yen = Money::new(1, Currency::JPY);
        assert_eq!(most.checked_add(yen), Err(MoneyError::OtherCurrency));
        assert_eq!(most.covers(yen), None);
    }

    proptest! {
        #[test]
        fn every_amount_is_read_back_as_it_was_shown(amount: i64, code in 0usize..3) {
            let currency = [EUR, Currency::JPY, Currency::KWD][code];
            let shown = Money::new(amount, currency).to_string();
            let (digits, _) = shown.split_once(' ').unwrap();
            prop_assert_eq!(Money::parse(digits, currency), Ok(Money::new(amount, currency)));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,40}") {
            let _ = Money::parse(&text, EUR);
        }
    }
}
