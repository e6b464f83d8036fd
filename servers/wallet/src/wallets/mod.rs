//! Members' electronic money: the ledger's rows, the one writer that adds to them, and the proof that
//! nothing was changed. What a request does is decided in the crate `ledger`; this room knows no
//! method, no operator and no screen.

mod adding;
mod booked;
mod heads;
mod hold;
mod loading;
mod opening;
mod rows;
mod verify;
mod writer;

pub use adding::add;
pub use booked::{Booked, booked};
pub use hold::{Hold, NotHeld, clearing};
pub use opening::{open, open_all};
pub use rows::{ENTRY, EntryRow, TRANSFER, TransferRow, ask_done, is_done};
pub use verify::{Verified, verify};
pub use writer::{NotKnown, NotWritten, Wallets};
