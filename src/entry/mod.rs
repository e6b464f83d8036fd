//! Step 2: which store is this. Comes in: checked signals and the stores nearby. Goes out: a
//! judgement over the candidates. Must not know: methods, screens, where the stores are kept.
//!
//! ```text
//! Signal -> engine: position      fixes -> where the phone is
//!                   reception     beacons, access points, silence -> what was heard of each store
//!                   signs         codes, choices, habits -> what a person showed or said
//!                   surroundings  the stores around, asked of Nearby (the cache)
//!                     |
//!                   side, weigh   pure: a probability for each store and for none
//!                   scene         pure: how strong the signs for a store are, what contradicts
//!                   presence      entered, left or undecided
//!                     v
//!           Judgement { here / choose / nowhere, candidates, alarm }
//! ```
//!
//! [`Engine::sense`] is the one way in. The engine owns the parts and calls them; no part knows the
//! engine. It is pure: time arrives with the signal, and the same
//! signals over the same [`Nearby`] give the same judgements on every platform (the few
//! transcendental functions come from `libm`, which rounds alike everywhere).

mod code_place;
mod engine;
mod floor;
mod judgement;
mod nearby;
mod outline;
mod position;
mod presence;
mod projection;
mod reception;
pub mod recording;
mod scene;
mod side;
mod signal;
mod signs;
mod surroundings;
#[cfg(test)]
mod tests;
mod transmitter;
mod weigh;

pub use code_place::{CodePlace, code_place};
pub use engine::Engine;
pub use floor::level;
pub use judgement::{Candidate, Evidence, Judgement, State, WrongStore};
pub use nearby::{Details, Nearby, StoreKey, StorePosition};
pub use position::Estimate;
pub(crate) use projection::{Point, Projection};
pub(crate) use reception::LISTENS_ON_OPENING_MS;
pub use signal::{CodeRead, Motion, Proof, Signal};
