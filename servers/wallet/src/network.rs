//! What all stores of this network have in common.

use uuid::Uuid;

/// What all stores of this network have in common.
#[derive(Clone, Copy, Debug)]
pub struct Network {
    /// The proximity UUID of all beacons.
    pub beacon_uuid: Uuid,
}
