//! The grant that comes with a request.

use axum::{
    Router,
    extract::{RawPathParams, Request, State},
    http::{HeaderMap, StatusCode},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use domain::wire::{GRANT_HEADER, Grant};
use server_kit::{Database, Refused};

use super::rows;
use crate::product::Product;

/// `routes` about accounts or cards, for those who show the grant of the one in the path: the wallet
/// company's key alone opens none.
pub fn guarded(
    routes: Router<Database>,
    database: &Database,
    product: Product,
) -> Router<Database> {
    let state = (database.clone(), product);
    routes.route_layer(from_fn_with_state(state, only_with_its_grant))
}

/// The grant of a request; `None` without one.
pub fn grant_of(headers: &HeaderMap) -> Option<Grant> {
    headers.get(GRANT_HEADER)?.to_str().ok().map(Grant::new)
}

/// Whether there is such an account or card is not said to who may not open it.
async fn only_with_its_grant(
    State((database, product)): State<(Database, Product)>,
    path: RawPathParams,
    request: Request,
    next: Next,
) -> Result<Response, Refused> {
    let id = path.iter().find_map(|(name, value)| (name == "id").then_some(value));
    let (Some(id), Some(grant)) = (id, grant_of(request.headers())) else {
        return Err(not_granted());
    };
    if !rows::opens(&database, &grant, product, id).await? {
        return Err(not_granted());
    }
    Ok(next.run(request).await)
}

fn not_granted() -> Refused {
    Refused::new(
        StatusCode::FORBIDDEN,
        "not_granted",
        "Not opened to this holder",
        "Send the grant of its link; one whose link was undone opens nothing: link it anew.",
    )
}
