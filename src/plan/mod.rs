//! Beside the flow: what to listen for next. Comes in: where the phone is, how it moves, whether
//! the screen is open. Goes out: a plan. The core never touches a radio here: it says what to switch
//! on, within the limits the platforms set, and the app does exactly that.

mod fences;
mod filters;
mod model;
mod planner;
#[cfg(test)]
mod tests;

pub use model::{BeaconMode, Fence, Platform, ScanFilter, SensingPlan, SensingPolicy};
pub use planner::{Planner, Situation};
