//! All calls of the operator server, for the wallet company alone.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use server_kit::{Refused, bearer, health};

use crate::{
    accounts,
    authorisations::{self, Desk},
    callbacks::{self, Signing},
    cards,
    key::Key,
    links,
};

/// The routes of every room, behind the wallet company's key.
pub fn routes(desk: Desk, signing: Arc<Signing>, key: Arc<Key>) -> Router {
    let database = desk.database.clone();
    Router::new()
        .merge(accounts::routes(&database))
        .merge(cards::routes(&database))
        .merge(links::routes())
        .merge(authorisations::routes(desk))
        .merge(callbacks::routes(signing))
        .route_layer(from_fn_with_state(key, only_the_wallet_company))
        .merge(health(database.clone()))
        .with_state(database)
}

async fn only_the_wallet_company(
    State(key): State<Arc<Key>>,
    request: Request,
    next: Next,
) -> Response {
    if bearer(request.headers()).is_some_and(|sent| key.opens(sent)) {
        next.run(request).await
    } else {
        Refused::unauthorized("Send the wallet company's key as Authorization: Bearer KEY.")
            .into_response()
    }
}
