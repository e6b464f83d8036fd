//! A store's sign as it is shown.

use domain::wire::Sign;
use signs::frame::{IBeacon, UncheckedPower};

use crate::Picture;

/// Received strength at 1 m that the beacon states, dBm: the usual value of a phone-class
/// transmitter at 0 dBm. A shop that measures its own puts that into its beacon.
const POWER_AT_1M: i8 = -59;

/// The sign of one store, ready to be shown.
pub struct ShownSign {
    sign: Sign,
    picture: Picture,
}

impl ShownSign {
    /// Draws the code of `sign`.
    ///
    /// # Errors
    /// When the code does not fit a QR code.
    pub fn new(sign: Sign) -> anyhow::Result<Self> {
        Ok(Self { picture: Picture::new(&sign.url)?, sign })
    }

    /// The sign as the wallet server gave it.
    pub fn sign(&self) -> &Sign {
        &self.sign
    }

    /// The picture of its code: the URL form, which any camera opens.
    pub fn picture(&self) -> &Picture {
        &self.picture
    }

    /// The advertisement of the store's beacon, as its radio sends it.
    pub fn beacon_advert(&self) -> Vec<u8> {
        let (major, minor) = self.sign.beacon;
        let uuid = self.sign.network.beacon_uuid();
        IBeacon { uuid, major, minor, power: UncheckedPower(POWER_AT_1M) }.advert()
    }
}
