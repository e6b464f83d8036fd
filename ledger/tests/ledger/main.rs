//! The laws of the books: tables of cases, random sequences, and a second, naive telling of the law.

mod accounts;
mod chain;
mod law;
mod model;
mod naive;
mod requests;
