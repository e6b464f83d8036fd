//! What Android's scan lets through.

use uuid::Uuid;

use super::model::ScanFilter;

/// The network's beacons: iBeacon frames with the network's UUID, and
/// Eddystone-EID frames.
pub fn network_filters(network: Uuid) -> Vec<ScanFilter> {
    let mut data = vec![0x02, 0x15];
    data.extend_from_slice(network.as_bytes());
    let mask = vec![0xff; data.len()];
    vec![
        ScanFilter::Manufacturer { company: 0x004c, data, mask },
        ScanFilter::ServiceData { service: 0xfeaa, data: vec![0x30], mask: vec![0xff] },
    ]
}
