//! What the wallet server itself says against what it was asked.

use std::fmt;

use domain::wire::Problem;

/// A refusal in the server's own words. Whatever else comes back says nothing of what was asked.
#[derive(Debug)]
pub struct Refusal(pub(crate) Problem);

impl Refusal {
    /// The kind as a word.
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// Whether the same may be done later, under the same id.
    pub fn is_for_now(&self) -> bool {
        self.0.retryable
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the wallet server says: {} ({})", self.0.detail, self.0.code)
    }
}

impl std::error::Error for Refusal {}
