//! The way in: what the phone's sensors notice, one call for each kind.

use std::sync::PoisonError;

use domain::{StoreId, wire::SensedSign};

use super::{
    Wallet,
    plane::{PlaneReading, PlaneShape},
    refresh::Wanted,
};
use crate::{
    entry::{Motion, Signal},
    error::{SignalProblem, WalletError},
    screen::SettlementScreen,
    sensed::{BeaconReport, Fix, NETWORK, WifiReport, camera::Plane},
};

#[uniffi::export]
impl Wallet {
    /// A position fix: the stores near it are in question.
    ///
    /// # Errors
    /// [`WalletError::Signal`]; what was shown before stands.
    pub fn sense_fix(&self, fix: Fix) -> Result<SettlementScreen, WalletError> {
        let now = self.inner.now();
        let checked = fix.check(now).map_err(|problem| SignalProblem::from(problem).error())?;
        self.inner.sense(now, &Signal::Fix(checked));
        let around = self.inner.around_due(checked.position(), now);
        self.worker.want(Wanted { around, ..Wanted::balances() });
        Ok(self.inner.screen(now))
    }

    /// A frame or a ranged beacon that the radio heard.
    ///
    /// # Errors
    /// [`WalletError::Signal`]; what was shown before stands.
    pub fn sense_beacon(&self, report: BeaconReport) -> Result<SettlementScreen, WalletError> {
        let now = self.inner.now();
        let sighting =
            self.inner.sighting(&report).map_err(|problem| SignalProblem::from(problem).error())?;
        self.inner.sense(now, &Signal::Beacon(sighting));
        let mut wanted = Wanted::balances();
        if !self.inner.knows_beacon(sighting) {
            let unknown = SensedSign::Beacon {
                uuid: NETWORK,
                major: sighting.beacon.major,
                minor: sighting.beacon.minor,
            };
            wanted.resolve = Some((self.inner.question(unknown), Signal::Beacon(sighting)));
        }
        self.worker.want(wanted);
        Ok(self.inner.screen(now))
    }

    /// Access points heard, or the one the phone is joined to.
    ///
    /// # Errors
    /// [`WalletError::Signal`] when an address is none; what was shown before stands.
    pub fn sense_wifi(&self, report: WifiReport) -> Result<SettlementScreen, WalletError> {
        let now = self.inner.now();
        let scan = report.scan().ok_or_else(|| SignalProblem::AccessPointMalformed.error())?;
        self.inner.sense(now, &Signal::Wifi(scan));
        self.worker.want(Wanted::balances());
        Ok(self.inner.screen(now))
    }

    /// The operating system's activity recognition says that the phone moves otherwise than before.
    pub fn sense_motion(&self, motion: Motion) {
        self.inner.sense(self.inner.now(), &Signal::Motion(motion));
    }

    /// A text that was scanned or handed over as a link.
    ///
    /// # Errors
    /// [`WalletError::Signal`]; what was shown before stands.
    pub fn sense_text(&self, text: String) -> Result<SettlementScreen, WalletError> {
        self.sense_code(&text, false)
    }

    /// The text of an NFC tag that was touched: as [`Wallet::sense_text`], but the phone was there.
    ///
    /// # Errors
    /// [`WalletError::Signal`]; what was shown before stands.
    pub fn sense_tag(&self, text: String) -> Result<SettlementScreen, WalletError> {
        self.sense_code(&text, true)
    }

    /// One picture of the camera: its brightness plane (8 bits a pixel). The bytes are read in
    /// place, never copied, and not kept.
    ///
    /// # Errors
    /// [`WalletError::Signal`]; what was shown before stands.
    pub fn sense_plane(&self, luma: &[u8], shape: PlaneShape) -> Result<PlaneReading, WalletError> {
        let turn = shape.turn().ok_or_else(|| SignalProblem::PlaneMalformed.error())?;
        let plane = Plane::new(luma, shape.width, shape.height, shape.row_stride, turn)
            .map_err(|problem| SignalProblem::from(problem).error())?;
        let reading =
            self.inner.decoder.lock().unwrap_or_else(PoisonError::into_inner).read(&plane);
        // After the reading: that is when the code was known.
        let now = self.inner.now();
        let mut problem = None;
        for code in &reading.codes {
            match self.inner.read_code(&code.text, false, now) {
                Ok(wanted) => {
                    self.worker.want(wanted);
                    return Ok(PlaneReading { screen: Some(self.inner.screen(now)), hint: None });
                }
                Err(refused) => problem = Some(refused),
            }
        }
        match problem {
            Some(refused) => Err(refused.error()),
            None => Ok(PlaneReading { screen: None, hint: reading.hint.map(Into::into) }),
        }
    }

    /// The member taps a store of the list.
    ///
    /// # Errors
    /// [`WalletError::Signal`] for a store this phone does not know.
    pub fn choose_store(&self, store_id: String) -> Result<SettlementScreen, WalletError> {
        let now = self.inner.now();
        let id = store_id.parse().map(StoreId).ok();
        let known = id.filter(|id| self.inner.cache.key_of(*id).is_some());
        let id = known.ok_or_else(|| SignalProblem::StoreUnknown.error())?;
        self.inner.sense(now, &Signal::Chosen(id));
        self.worker.want(Wanted::balances());
        Ok(self.inner.screen(now))
    }

    /// Listening for beacons began or ended: silence counts only in between.
    pub fn scanning(&self, on: bool) {
        self.inner.sense(self.inner.now(), &Signal::Scanning(on));
    }
}

impl Wallet {
    fn sense_code(&self, text: &str, touched: bool) -> Result<SettlementScreen, WalletError> {
        let now = self.inner.now();
        self.worker.want(self.inner.read_code(text, touched, now).map_err(SignalProblem::error)?);
        Ok(self.inner.screen(now))
    }
}
