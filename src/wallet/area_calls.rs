//! The calls that fetch stores before they are needed: round a place, and of a whole area.

use std::sync::Arc;

use domain::Position;

use super::{
    area::{Area, AreaListener, AreaProgress},
    object::Wallet,
};
use crate::error::{SignalProblem, WalletError};

#[uniffi::export]
impl Wallet {
    /// Fetches the stores round a place before going there. Waits for the server. Only the numbers of the
    /// map tile and of those beside it leave the phone.
    ///
    /// # Errors
    /// [`WalletError::Signal`] for a place that is not on the earth, [`WalletError::ServerAway`],
    /// [`WalletError::Storage`].
    pub fn prefetch(&self, latitude: f64, longitude: f64) -> Result<(), WalletError> {
        let place = Position::from_degrees(latitude, longitude)
            .map_err(|_| SignalProblem::FixOutOfRange.error())?;
        self.parts.prefetch(place)
    }

    /// Fetches the stores of all tiles round a place, a city for instance, so that they are known without a
    /// network: what is missing whole, and of what is older than a day what has changed. Waits for the
    /// server; the listener hears how far it is and may end it. What came is kept, and the next call goes on
    /// from there. Only the numbers of the tiles leave the phone.
    ///
    /// # Errors
    /// [`WalletError::Signal`] for a place that is not on the earth, [`WalletError::AreaRefused`] for one
    /// that does not fit, [`WalletError::ServerAway`], [`WalletError::Storage`].
    pub fn fetch_area(
        &self,
        area: Area,
        listener: Option<Arc<dyn AreaListener>>,
    ) -> Result<AreaProgress, WalletError> {
        let goes_on = |progress| listener.as_ref().is_none_or(|told| told.on_progress(progress));
        self.parts.fetch_area(area, &goes_on)
    }
}
