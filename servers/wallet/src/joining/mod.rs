//! A person becomes a member: asks, is sent a code, and proves by it that the contact is right. In:
//! what the person says; out: a member with an empty wallet. Nobody is told before the contact is
//! proven whether a user id is taken.

mod http;
mod rows;
mod wallet;

pub use http::routes;
