//! What every call works with: the parts that a handler takes what it needs from.

use std::sync::Arc;

use axum::extract::FromRef;
use server_kit::{Clock, Database, ProxyArgs};

use crate::{
    members::Passwords, network::Network, operators::Operator, register::Nearby, signing::Signing,
    terminals::Beacons, tiles::Tiles,
};

/// What every call works with. Cheap to clone.
#[derive(Clone, FromRef)]
pub struct App {
    /// The database.
    pub database: Database,
    /// What the time is.
    pub clock: Clock,
    /// Where the stores are.
    pub stores: Arc<Nearby>,
    /// Tiles ready to be sent.
    pub tiles: Arc<Tiles>,
    /// The judge of passwords.
    pub passwords: Passwords,
    /// The settlement operator.
    pub operator: Operator,
    /// The signer of store codes.
    pub signing: Arc<Signing>,
    /// The keys of rotating beacons.
    pub beacons: Arc<Beacons>,
    /// Who is believed to say where a request comes from.
    pub proxy: ProxyArgs,
    /// What all stores have in common.
    pub network: Network,
}
