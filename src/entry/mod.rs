//! Step 2: which store is this. Comes in: checked signals and the stores nearby. Goes out: a
//! judgement over the candidates. Must not know: methods, screens, where the stores are kept.
//!
//! ```text
//! Signal -> [ engine ] -> Judgement { here / choose / nowhere, candidates, alarm }
//!              |  ^
//!              v  |  places nearby, whose beacon is this, ...
//!            Nearby (the cache)
//! ```
//!
//! [`Engine::sense`] is the one way in. It is pure: time arrives with the signal, and the same
//! signals over the same [`Nearby`] give the same judgements on every platform (the few
//! transcendental functions come from `libm`, which rounds alike everywhere).

mod around;
mod code_place;
mod engine;
mod floor;
mod hearing;
mod judgement;
mod nearby;
mod outline;
pub mod plan;
mod plane;
mod radio;
pub mod recording;
mod settle;
mod shown;
mod signal;
#[cfg(test)]
mod tests;
mod weigh;
mod whereabouts;

pub use code_place::{CodePlace, code_place};
pub use engine::Engine;
pub use floor::level;
pub use judgement::{Candidate, Evidence, Judgement, State, WrongStore};
pub use nearby::{Details, Nearby, StoreKey, StorePosition};
pub use signal::{CodeRead, Motion, Proof, Signal};
pub use whereabouts::Estimate;
