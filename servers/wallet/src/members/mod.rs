//! Members: log-in, sessions, and the methods they registered.

mod held;
mod login;
mod seeding;
mod session;

pub(crate) use held::{held, remember};
pub(crate) use login::Logins;
pub use seeding::{Seed, SeedMember, seed};
pub(crate) use session::{Member, close, open};
