//! Members: log-in, sessions, and the methods they registered.

mod held;
mod linking;
mod login;
mod seeding;
mod session;

pub(crate) use held::{held, remember};
pub(crate) use linking::register;
pub(crate) use login::Logins;
pub use seeding::{Seed, SeedMember, seed};
pub(crate) use session::{Member, close, open};
