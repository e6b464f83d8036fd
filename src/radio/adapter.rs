//! The adapter: found, switched on, listening, still there. Every question to it has a time limit, because a
//! bus that is gone does not answer.

use std::{
    collections::{BTreeMap, HashMap},
    pin::Pin,
    time::Duration,
};

use btleplug::{
    api::{Central, CentralEvent, CentralState, Manager as _, Peripheral, ScanFilter},
    platform::{Manager, PeripheralId},
};
use futures_util::Stream;
use uuid::Uuid;

use super::{
    advert::{Advert, short},
    state::RadioState,
};

/// A question to the radio that takes longer is not answered any more.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// Transmitters whose last strength is remembered: addresses rotate every quarter of an hour, and
/// a train station holds a few hundred at a time.
const MAX_PEERS: usize = 4_096;

/// A Bluetooth adapter that is switched on.
pub struct Adapter {
    central: btleplug::platform::Adapter,
    /// The last strength of each transmitter: on Linux it comes as an event of its own, just
    /// before the data of the same advertisement.
    strengths: HashMap<PeripheralId, i16>,
}

type Events = Pin<Box<dyn Stream<Item = CentralEvent> + Send>>;

impl Adapter {
    /// The first adapter that is switched on.
    pub async fn open() -> Result<Self, RadioState> {
        let manager = answer(Manager::new(), RadioState::NoService).await?;
        let adapters = answer(manager.adapters(), RadioState::NoService).await?;
        if adapters.is_empty() {
            return Err(RadioState::NoAdapter);
        }
        for central in adapters {
            // Android's adapters never say; everywhere else off is said.
            let state = answer(central.adapter_state(), RadioState::Gone).await?;
            if state != CentralState::PoweredOff {
                return Ok(Self { central, strengths: HashMap::new() });
            }
        }
        Err(RadioState::Off)
    }

    /// What the platform calls it; [`RadioState::Gone`] when it does not answer.
    pub async fn name(&self) -> Result<String, RadioState> {
        answer(self.central.adapter_info(), RadioState::Gone).await
    }

    /// Everything the adapter notices. To be asked for before [`Self::start`], so that nothing is
    /// missed.
    pub async fn events(&self) -> Result<Events, RadioState> {
        answer(self.central.events(), RadioState::Unwilling).await
    }

    /// Starts listening. Without a filter: a store beacon sends no service that could be named.
    pub async fn start(&self) -> Result<(), RadioState> {
        answer(self.central.start_scan(ScanFilter::default()), RadioState::Unwilling).await
    }

    /// Stops listening; one that does not answer any more has stopped.
    pub async fn stop(&self) {
        let _ = answer(self.central.stop_scan(), RadioState::Gone).await;
    }

    /// The advertisement an event tells of, if any.
    pub async fn advert(&mut self, event: CentralEvent) -> Option<Advert> {
        match event {
            CentralEvent::RssiUpdate { id, rssi } => {
                self.remember(id, rssi);
                None
            }
            // A transmitter's first advertisement comes without its data.
            CentralEvent::DeviceDiscovered(id) => {
                let properties = self.properties(&id).await?;
                // Without a strength it is remembered from an earlier scan, and not heard now.
                let rssi_dbm = properties.rssi?;
                let peer = id.to_string();
                self.remember(id, rssi_dbm);
                Some(Advert {
                    peer,
                    rssi_dbm,
                    manufacturer_data: properties.manufacturer_data.into_iter().collect(),
                    service_data: numbered(properties.service_data),
                })
            }
            CentralEvent::ManufacturerDataAdvertisement { id, manufacturer_data } => Some(Advert {
                peer: id.to_string(),
                rssi_dbm: self.strength(id).await,
                manufacturer_data: manufacturer_data.into_iter().collect(),
                service_data: BTreeMap::new(),
            }),
            CentralEvent::ServiceDataAdvertisement { id, service_data } => Some(Advert {
                peer: id.to_string(),
                rssi_dbm: self.strength(id).await,
                manufacturer_data: BTreeMap::new(),
                service_data: numbered(service_data),
            }),
            _ => None,
        }
    }

    fn remember(&mut self, id: PeripheralId, rssi: i16) {
        if self.strengths.len() >= MAX_PEERS && !self.strengths.contains_key(&id) {
            self.strengths.clear();
        }
        self.strengths.insert(id, rssi);
    }

    /// The strength last heard, dBm; 127 when unknown. Platforms that send no event for it are
    /// asked.
    async fn strength(&self, id: PeripheralId) -> i16 {
        if let Some(&rssi) = self.strengths.get(&id) {
            return rssi;
        }
        self.properties(&id).await.and_then(|properties| properties.rssi).unwrap_or(127)
    }

    /// `None` when the transmitter has been forgotten meanwhile.
    async fn properties(&self, id: &PeripheralId) -> Option<btleplug::api::PeripheralProperties> {
        let peripheral = answer(self.central.peripheral(id), RadioState::Gone).await.ok()?;
        answer(peripheral.properties(), RadioState::Gone).await.ok()?
    }
}

/// What is sent for services that have a 16-bit number.
fn numbered(services: HashMap<Uuid, Vec<u8>>) -> BTreeMap<u16, Vec<u8>> {
    services.into_iter().filter_map(|(service, bytes)| Some((short(service)?, bytes))).collect()
}

/// The answer to a question to the radio, or how the radio stands where there is none: as `unanswered` says,
/// unless this program may not ask.
async fn answer<T>(
    question: impl Future<Output = btleplug::Result<T>>,
    unanswered: RadioState,
) -> Result<T, RadioState> {
    match tokio::time::timeout(ANSWERS_WITHIN, question).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) if is_forbidden(&error) => Err(RadioState::NotAllowed),
        Ok(Err(_)) | Err(_) => Err(unanswered),
    }
}

/// On Linux bus and BlueZ say so in their own words.
fn is_forbidden(error: &btleplug::Error) -> bool {
    let words = ["AccessDenied", "NotPermitted", "NotAuthorized"];
    let said = || format!("{error:?}");
    matches!(error, btleplug::Error::PermissionDenied)
        || words.iter().any(|word| said().contains(word))
}
