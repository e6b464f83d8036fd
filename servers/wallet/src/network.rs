//! What all stores of this network have in common, as the server is told it.

use clap::Args;
use domain::wire::{Network, NetworkProblem};
use uuid::Uuid;

/// What all stores of this network have in common.
#[derive(Args)]
pub struct NetworkArgs {
    /// What members know the network by; stands on the sheets.
    #[arg(long, env = "TILLSIGHT_NETWORK_NAME")]
    network_name: String,
    /// The colour of its name on the sheets, `#rrggbb`.
    #[arg(long, env = "TILLSIGHT_NETWORK_COLOUR", default_value = "#000000")]
    network_colour: String,
    /// The host that the links in store codes lead to.
    #[arg(long, env = "TILLSIGHT_LINK_HOST")]
    link_host: String,
    /// The proximity UUID of all beacons of this network.
    #[arg(long, env = "TILLSIGHT_BEACON_UUID")]
    beacon_uuid: Uuid,
}

impl NetworkArgs {
    /// The description that phones are given.
    ///
    /// # Errors
    /// [`NetworkProblem`].
    pub fn network(&self) -> Result<Network, NetworkProblem> {
        let Self { network_name, network_colour, link_host, beacon_uuid } = self;
        Network::new(network_name, *beacon_uuid, link_host, network_colour)
    }
}
