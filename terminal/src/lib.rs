//! The store's side of Tillsight: one store of the register, its sign and its beacon.
//!
//! The wallet server signs what a store shows, so the terminal holds no signing key: it fetches the
//! sign and draws it as text, in the terminal, as SVG and PNG and as a sheet for the counter, and
//! frames the beacon's advertisement. With a key of its own it also shows a code for one payment,
//! again and again until it is paid, charges the code that a member's phone shows or hands to a reader, gives money back, closes the day, and frames the rotating beacon.

mod address;
mod calls;
mod counter;
mod fetch;
mod font;
mod guard;
mod page;
mod pdf;
mod picture;
mod reader;
mod refusal;
mod renewal;
mod rotating;
mod sheet;
mod sign;
mod till;
pub mod tls;

pub use calls::{After, NOTHING_TO_DO, asked};
pub use counter::Counter;
pub use fetch::{Keyed, fetch, new_id};
pub use font::SheetFont;
pub use guard::{Guard, from_here, with_token};
pub use page::{Cashiers, PageOptions, ServedPage, pair};
pub use pdf::SheetPdf;
pub use picture::Picture;
pub use reader::{Apdus, read_token, token_over};
pub use refusal::Refusal;
pub use rotating::rotating_advert;
pub use sheet::Paper;
pub use sign::ShownSign;
pub use till::{Till, TillEvent};
