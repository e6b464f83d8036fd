//! Bookings to begin with.

use anyhow::{Context, ensure};
use domain::Timestamp;
use serde::Deserialize;

/// A booking of a [`Seed`](crate::Seed).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedBooking {
    /// When.
    pub at: Timestamp,
    /// Minor units in the currency of its account or card.
    pub amount: i64,
    /// What for.
    pub text: String,
}

/// Checks what accounts and cards have in common.
///
/// # Errors
/// When the number's end is other than four digits, or the amounts do not add up in 64 bits.
pub fn check(id: &str, number_end: &str, history: &[SeedBooking]) -> anyhow::Result<()> {
    ensure!(
        number_end.len() == 4 && number_end.bytes().all(|byte| byte.is_ascii_digit()),
        "{id}: number_end is not four digits; full numbers are not kept here"
    );
    // Every order of adding must fit, since the database adds in an order of its own.
    history
        .iter()
        .try_fold(0_i64, |sum, booking| sum.checked_add(booking.amount.checked_abs()?))
        .with_context(|| format!("{id}: the amounts do not fit 64 bits"))?;
    Ok(())
}
