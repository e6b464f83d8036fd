//! The history of a member over all methods: electronic money from the ledger, accounts and cards from
//! the settlements they paid, each with the refunds that undo it. Comes in: whose, and where a page
//! begins. Goes out: movements, the newest first. This room changes nothing and asks no operator.

mod electronic;
mod http;
mod operators;
mod page;
mod refunds;

pub use http::routes;
pub use page::movements_of;
