//! What was booked on an account or a card, and its history page by page.

mod http;
mod rows;
mod seed;

pub use http::routes;
pub use rows::replace;
pub use seed::{SeedBooking, check};
