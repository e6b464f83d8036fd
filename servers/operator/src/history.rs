//! Pages of a history of bookings.

use domain::{
    Currency, Money, Timestamp,
    wire::{Booking, History},
};

/// Bookings on one page of a history.
pub const PAGE: i64 = 50;

/// A booking as the tables have it: id, when, minor units, what for.
pub type BookingRow = (i64, i64, i64, String);

/// The page that `rows`, the newest first, are.
pub fn page(rows: Vec<BookingRow>, currency: Currency) -> History {
    let full = rows.len() as i64 == PAGE;
    let next = rows.last().filter(|_| full).map(|row| row.0);
    let booking = |(id, at, amount, text)| Booking {
        id,
        at: Timestamp(at),
        amount: Money::new(amount, currency),
        text,
    };
    History { bookings: rows.into_iter().map(booking).collect(), next }
}
