//! Members: log-in and sessions, passwords and codes, and what every change of a membership needs.
//! This room knows no method, no money and no operator.

mod args;
mod forgetting;
mod history;
mod http;
mod membership;
mod messages;
pub mod one_time_code;
mod passwords;
mod pepper;
mod rows;
mod rules;
mod security_log;
pub mod weighing;

pub use args::{MemberArgs, MemberConfig};
pub use history::{MemberEvent, add_event};
pub use http::{Member, Private, Source, private, routes, too_many_guesses};
pub use membership::Membership;
pub use messages::{FileSender, Message, MessageSender, Messages, Purpose};
pub use passwords::{Passwords, SecretKind, Turn, hash};
pub use rows::{count_guess, forget_guesses};
pub use rules::{MAX_USER_ID, PASSWORD_LENGTH, Subject, network_of};
pub use security_log::{SecurityEvent, note};
