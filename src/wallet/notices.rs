//! Who is told of notices, and of how many doors a day.

use std::sync::{Arc, Mutex, PoisonError};

use crate::screen::Notice;

/// Is told what to say by the system's notifications.
#[uniffi::export(rust, foreign)]
pub trait NoticeListener: Send + Sync {
    /// Called from a thread of the core, one call at a time. It may call the wallet back.
    fn on_notice(&self, notice: Notice);
}

/// Owns who is told.
#[derive(Default)]
pub(super) struct Notices(
    /// With how many doors a day. Never held while calling the app.
    Mutex<Option<(Arc<dyn NoticeListener>, u32)>>,
);

impl Notices {
    pub fn set(&self, told: Option<(Arc<dyn NoticeListener>, u32)>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = told;
    }

    pub fn listener(&self) -> Option<(Arc<dyn NoticeListener>, u32)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
