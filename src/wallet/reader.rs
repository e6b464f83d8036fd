//! What a till's reader has said to this phone, and whether it is answered.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::card::{Card, Readiness};

/// Owns it.
#[derive(Default)]
pub(super) struct Reader(Mutex<Said>);

/// Held only to read one command, or to change it.
#[derive(Default)]
struct Said {
    card: Card,
    /// Whether the member looks at the payment screen.
    is_open: bool,
}

impl Reader {
    fn said(&self) -> MutexGuard<'_, Said> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The payment screen was opened or closed.
    pub fn open(&self, is_open: bool) {
        *self.said() = Said { is_open, ..Said::default() };
    }

    /// The answer to a command. `token`: of the payment that waits for a reader.
    pub fn answer(&self, command: &[u8], token: Option<&str>, unlocked: bool) -> Vec<u8> {
        let mut said = self.said();
        let readiness = match token {
            _ if !unlocked => Readiness::Locked,
            Some(token) if said.is_open => Readiness::Ready(token),
            _ => Readiness::NotOpen,
        };
        said.card.answer(command, readiness)
    }

    /// The phone has left the reader's field.
    pub fn left(&self) {
        self.said().card = Card::default();
    }
}
