//! Amounts of data object 54: text to whole minor units, without a float on the way.

/// Why an amount has no minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Not digits with at most one `.` after the first of them.
    #[error("not a decimal number")]
    Malformed,
    /// More decimals than the currency has, not all of them zero, or no currency that says how many
    /// there are.
    #[error("more decimals than the currency has")]
    Decimals,
    /// Too large for 64 bits.
    #[error("too large")]
    Overflow,
}

/// The amount in minor units of a currency (three digits of ISO 4217). `98`, `98.` and `98.73`
/// are amounts; `98,73` and `.5` are not. Decimals beyond the currency's are none if they are zero.
///
/// ```
/// use signs::emvco::minor_units;
///
/// assert_eq!(minor_units("23.7", Some("156")), Ok(2370));
/// assert_eq!(minor_units("498", Some("392")), Ok(498));
/// assert_eq!(minor_units("498.00", Some("392")), Ok(498));
/// ```
pub fn minor_units(amount: &str, currency: Option<&str>) -> Result<i64, AmountError> {
    let (whole, decimals) = amount.split_once('.').unwrap_or((amount, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(decimals) {
        return Err(AmountError::Malformed);
    }
    let exponent = currency.and_then(exponent).ok_or(AmountError::Decimals)?;
    let decimals = match decimals.split_at_checked(exponent) {
        // Systems that know two decimals only write 100.00 yen: the same amount.
        Some((kept, surplus)) if surplus.bytes().all(|digit| digit == b'0') => kept,
        Some(_) => return Err(AmountError::Decimals),
        None => decimals,
    };
    let zeros = std::iter::repeat_n(b'0', exponent.saturating_sub(decimals.len()));
    whole
        .bytes()
        .chain(decimals.bytes())
        .chain(zeros)
        .try_fold(0i64, |sum, digit| sum.checked_mul(10)?.checked_add(i64::from(digit - b'0')))
        .ok_or(AmountError::Overflow)
}

/// Whether an amount is zero, however it is written.
pub(super) fn is_zero(amount: &str) -> bool {
    amount.bytes().all(|byte| matches!(byte, b'0' | b'.'))
}

/// Decimals of a currency by its ISO 4217 number (list of 2024); two unless the list says other.
fn exponent(currency: &str) -> Option<usize> {
    if currency.len() != 3 || !currency.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    Some(match currency {
        // BIF, CLP, DJF, GNF, ISK, JPY, KMF, KRW, PYG, RWF, UGX, UYI, VND, VUV, XAF, XOF, XPF
        "108" | "152" | "262" | "324" | "352" | "392" | "174" | "410" | "600" | "646" | "800"
        | "940" | "704" | "548" | "950" | "952" | "953" => 0,
        // BHD, IQD, JOD, KWD, LYD, OMR, TND
        "048" | "368" | "400" | "414" | "434" | "512" | "788" => 3,
        // CLF, UYW
        "990" | "927" => 4,
        _ => 2,
    })
}
