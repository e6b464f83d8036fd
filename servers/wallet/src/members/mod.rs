//! Members: log-in and sessions, passwords and codes, and what every change of a membership needs.
//! This room knows no method, no money and no operator.

mod args;
mod bound_rows;
mod devices;
mod dpop;
pub mod fields;
mod forgetting;
mod history;
mod http;
mod jwt_signatures;
mod login_provider;
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
pub use devices::{devices_of, log_out_others};
pub use history::{MemberEvent, add_event, events_of};
pub use http::{
    Member, Private, Shown, Source, confirm_secret, count_code, private, private_long, prove,
    refusals, routes,
};
pub use login_provider::{JwtProvider, LoginProvider};
pub use membership::Membership;
pub use messages::{FileSender, Message, MessageSender, Messages, Purpose};
pub use passwords::{SecretKind, Turn, hash};
pub use rows::{SessionRow, count_guess, forget_guesses};
pub use rules::{MAX_USER_ID, PASSWORD_LENGTH, Subject, network_of};
pub use security_log::{SecurityEvent, note, security_log_of};
