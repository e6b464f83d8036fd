//! The one way in which values become bytes before they are hashed.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// A SHA-256.
pub type Digest = [u8; 32];

/// Bytes on their way into a SHA-256. Every value has a fixed length or is preceded by its length, so
/// that two different records never give the same bytes.
pub struct Encoding(Sha256);

impl Encoding {
    /// Begins with `what`, so that records of different kinds never hash alike.
    pub fn new(what: &str) -> Self {
        Self(Sha256::new()).text(what)
    }

    pub fn byte(mut self, byte: u8) -> Self {
        self.0.update([byte]);
        self
    }

    pub fn number(mut self, number: i64) -> Self {
        self.0.update(number.to_be_bytes());
        self
    }

    pub fn id(mut self, id: Uuid) -> Self {
        self.0.update(id.as_bytes());
        self
    }

    pub fn bytes(mut self, bytes: &Digest) -> Self {
        self.0.update(bytes);
        self
    }

    pub fn text(mut self, text: &str) -> Self {
        // A text here is an account's name, far below 4 GiB.
        self.0.update((text.len() as u32).to_be_bytes());
        self.0.update(text);
        self
    }

    pub fn optional_number(self, number: Option<i64>) -> Self {
        match number {
            None => self.byte(0),
            Some(number) => self.byte(1).number(number),
        }
    }

    pub fn optional_id(self, id: Option<Uuid>) -> Self {
        match id {
            None => self.byte(0),
            Some(id) => self.byte(1).id(id),
        }
    }

    pub fn digest(self) -> Digest {
        self.0.finalize().into()
    }
}
