//! What the judgement must hold to.

mod fixes;
mod floors;
mod hostile;
mod malls;
mod outlines;
mod recorded;
mod signals;
mod street;
mod walls;
