//! What an operator's day file says, held against the ledger: each movement is matched or named, and what
//! the two do not agree on lies in suspense until they do. Nothing is edited; a file may come again.

mod file;
mod reconcile;
mod report;
mod rows;
mod rules;

pub use reconcile::reconcile;
pub use report::{Report, ReportItem, SuspenseItem};
