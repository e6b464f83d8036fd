//! Deposits: real servers, operators that go wrong, phones that repeat themselves and processes that are
//! killed.

mod asked_wrongly;
mod cast;
mod killed;
mod listed;
mod operators;
mod phones;
mod reconciling;
mod two_operators;
