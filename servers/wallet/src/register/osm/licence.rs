//! Under which licence the records stand.

/// The licence of every record and what must be shown with it.
pub const LICENCE: &str = "ODbL-1.0";
/// What must be shown with every record.
pub const ATTRIBUTION: &str = "© OpenStreetMap contributors";
