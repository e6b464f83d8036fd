//! All calls of `domain::wire`, room by room, and the parts they work with.

use std::sync::Arc;

use axum::{Router, extract::FromRef, middleware::from_fn_with_state};
use domain::wire::Network;
use server_kit::{Clock, Database, ProxyArgs, health};

use crate::{
    callbacks, credentials,
    deposits::{self, Deposits},
    entries,
    events::{self, Waiting},
    history, joining,
    members::{self, Membership},
    methods::{self, MemberMethods},
    own_data,
    push::{self, Pushes},
    register::{self, Nearby},
    reports::{self, WeekKeys},
    settlements::{self, Settlements},
    signing::{self, Signing},
    terminals::{self, Beacons, Ordered},
    tiles::{self, Tiles},
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
    /// What every change of a membership works with.
    pub membership: Membership,
    /// The way out for pushes.
    pub pushes: Pushes,
    /// Members' methods.
    pub methods: MemberMethods,
    /// The keys that vouch for tiles and store codes.
    pub signing: Arc<Signing>,
    /// The keys of rotating beacons.
    pub beacons: Arc<Beacons>,
    /// The keys of members' credentials to report.
    pub report_keys: Arc<WeekKeys>,
    /// The ids that they send at this moment.
    pub rotating: Arc<Ordered>,
    /// Who is believed to say where a request comes from.
    pub proxy: ProxyArgs,
    /// Deposits on their way.
    pub deposits: Deposits,
    /// Payments at stores.
    pub settlements: Settlements,
    /// The phones that wait for events.
    pub waiting: Waiting,
    /// What all stores have in common.
    pub network: Arc<Network>,
}

/// The routes of every room.
pub fn routes(app: App) -> Router {
    Router::new()
        .merge(members::routes())
        .merge(credentials::routes())
        .merge(own_data::routes())
        .merge(push::routes())
        .merge(joining::routes())
        .merge(methods::routes())
        .merge(entries::routes())
        .merge(tiles::routes())
        .merge(register::routes())
        .merge(reports::routes())
        .merge(signing::routes())
        .merge(terminals::routes())
        .merge(history::routes())
        .merge(deposits::routes())
        .merge(callbacks::routes())
        .merge(settlements::routes())
        .merge(events::routes())
        .merge(health(app.database.clone()))
        .layer(from_fn_with_state(app.membership.clone(), members::prove))
        .with_state(app)
}
