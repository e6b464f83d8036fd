//! The phone core of Tillsight: at the door of a store it says which of the member's payment
//! methods work **here**, what is left on each, and why the others do not.
//!
//! ```text
//! sensed  ->  entry  ->  accepted x registered  ->  settlement screen
//! (phone)    (which      (the rule)                 (what the app draws)
//!             store)
//! ```

// Outside data is never indexed.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

// In the order of the flow.
pub mod sensed;
pub mod entry;
mod standing;
pub mod screen;
mod wallet;

// Beside the flow.
pub mod plan;
mod cache;
mod server;
pub mod phone;
mod error;

pub use error::{Advice, Remedy, Retry, ServerProblem, SignalProblem, WalletError};
pub use wallet::{
    CameraHint, ChoiceKind, MemberAsk, PlanListener, PlaneReading, PlaneShape, ScreenListener,
    Wallet, WalletConfig,
};

uniffi::setup_scaffolding!();
