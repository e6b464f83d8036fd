//! Members: log-in and sessions.

mod http;
mod passwords;
mod rows;
mod rules;

pub use http::{Member, Private, private, routes, too_many_guesses};
pub use passwords::{Passwords, hash};
pub use rows::{count_guess, forget_guesses};
pub use rules::{MAX_USER_ID, PASSWORD_LENGTH, Subject};
