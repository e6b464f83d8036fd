//! Deposits and payments by account and card: real servers, operators that go wrong, phones that repeat themselves and processes that are
//! killed.

mod asked_wrongly;
mod cast;
mod giving_up;
mod history;
mod killed;
mod killed_paying;
mod listed;
mod operators;
mod paying;
mod phones;
mod reconciling;
mod shop;
mod two_operators;
