//! Charges, settlements, refunds and closings in the database.

pub mod charges;
pub mod closings;
pub mod receipts;
pub mod refunds;
pub mod settlements;
pub mod sources;
pub mod tokens;
