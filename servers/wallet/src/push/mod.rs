//! Pushes: that there is something new, and nothing of what, by the provider that wakes a phone. Comes
//! in: a device's provider token, and the events of its member; goes out: an event's id. Each token
//! belongs to its device and goes with it.

mod args;
mod gateway;
mod http;
mod rows;
mod sending;

pub use args::PushArgs;
pub use gateway::{Delivery, FileGateway, ProviderToken, Push, PushGateway};
pub use http::routes;
pub use sending::Pushes;
