//! The radio: found, switched on, listening, still there. Every question to it has a time limit,
//! because a bus that is gone does not answer.

use std::{
    collections::{BTreeMap, HashMap},
    pin::Pin,
    time::Duration,
};

use anyhow::{Context, anyhow, bail};
use btleplug::{
    api::{Central, CentralEvent, CentralState, Manager as _, Peripheral, ScanFilter},
    platform::{Adapter, Manager, PeripheralId},
};
use futures_util::Stream;
use uuid::Uuid;

/// A question to the radio that takes longer is not answered any more.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// Transmitters whose last strength is remembered: addresses rotate every quarter of an hour, and
/// a train station holds a few hundred at a time.
const MAX_PEERS: usize = 4_096;

/// How Bluetooth is switched on here.
pub const SWITCH_ON: &str = if cfg!(target_os = "linux") {
    "switch it on (`rfkill unblock bluetooth`, `bluetoothctl power on`)"
} else {
    "switch it on in the system's settings, and allow this terminal to use it"
};

/// What to look after when no Bluetooth service answers.
const SERVICE: &str = if cfg!(target_os = "linux") {
    "BlueZ must be installed and running (`systemctl start bluetooth`)"
} else {
    "look into the system's Bluetooth settings"
};

/// One advertisement, as far as the platform hands it over.
pub struct Advert {
    /// The transmitter's address, or what the platform calls it by. Rotates; no identity.
    pub peer: String,
    /// Received strength, dBm; 127 when unknown.
    pub rssi_dbm: i16,
    /// By Bluetooth company identifier.
    pub manufacturer_data: BTreeMap<u16, Vec<u8>>,
    /// By service.
    pub service_data: BTreeMap<Uuid, Vec<u8>>,
}

/// A Bluetooth adapter that is switched on.
pub struct Radio {
    adapter: Adapter,
    /// The last strength of each transmitter: on Linux it comes as an event of its own, just
    /// before the data of the same advertisement.
    strengths: HashMap<PeripheralId, i16>,
}

type Events = Pin<Box<dyn Stream<Item = CentralEvent> + Send>>;

impl Radio {
    /// The first adapter that is switched on.
    pub async fn open() -> anyhow::Result<Self> {
        let unreachable = || format!("the Bluetooth service cannot be reached: {SERVICE}");
        let manager = answer(Manager::new()).await.with_context(unreachable)?;
        let adapters = answer(manager.adapters()).await.with_context(unreachable)?;
        if adapters.is_empty() {
            bail!("no Bluetooth adapter: plug one in, or load its driver, then scan again");
        }
        for adapter in adapters {
            // Android's adapters never say; everywhere else off is said.
            if answer(adapter.adapter_state()).await? != CentralState::PoweredOff {
                return Ok(Self { adapter, strengths: HashMap::new() });
            }
        }
        bail!("Bluetooth is off: {SWITCH_ON}, then scan again")
    }

    /// What the platform calls the adapter.
    pub async fn name(&self) -> anyhow::Result<String> {
        answer(self.adapter.adapter_info()).await
    }

    /// Everything the adapter notices. To be asked for before [`Self::start`], so that nothing is
    /// missed.
    pub async fn events(&self) -> anyhow::Result<Events> {
        answer(self.adapter.events()).await.context("the adapter cannot be listened to")
    }

    /// Starts listening. Without a filter: a store beacon sends no service that could be named.
    pub async fn start(&self) -> anyhow::Result<()> {
        answer(self.adapter.start_scan(ScanFilter::default()))
            .await
            .context("the adapter does not scan: is another program or a policy in the way?")
    }

    /// Stops listening.
    pub async fn stop(&self) -> anyhow::Result<()> {
        answer(self.adapter.stop_scan()).await.context("the scan could not be stopped")
    }

    /// Fails when the adapter or its service is gone.
    pub async fn still_there(&self) -> anyhow::Result<()> {
        self.name().await.map(drop).with_context(|| {
            format!(
                "the adapter, its service or the bus to it is gone: plug the adapter in again; \
                 {SERVICE}; then scan again"
            )
        })
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
                    service_data: properties.service_data.into_iter().collect(),
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
                service_data: service_data.into_iter().collect(),
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
        let peripheral = answer(self.adapter.peripheral(id)).await.ok()?;
        answer(peripheral.properties()).await.ok()?
    }
}

/// The answer to a question to the radio, or why there is none.
async fn answer<T>(question: impl Future<Output = btleplug::Result<T>>) -> anyhow::Result<T> {
    match tokio::time::timeout(ANSWERS_WITHIN, question).await {
        Ok(answer) => answer.map_err(|error| anyhow!("{error}")),
        Err(_) => bail!("no answer within {} s", ANSWERS_WITHIN.as_secs()),
    }
}
