//! The list of the register's keys over HTTP.

use std::sync::Arc;

use axum::{
    Router,
    extract::{FromRef, State},
    http::{HeaderName, header},
    response::{AppendHeaders, IntoResponse},
    routing::get,
};
use domain::wire::SIGNATURE_FIELD;
use server_kit::{Clock, Database, Refused};

use super::{
    in_force::{KeysProblem, Signing},
    key_list::PATH,
};

/// The calls of this room.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<Signing>: FromRef<S>,
    Clock: FromRef<S>,
    Database: FromRef<S>,
{
    Router::new().route(PATH, get(keys))
}

impl From<KeysProblem> for Refused {
    fn from(problem: KeysProblem) -> Self {
        match problem {
            KeysProblem::Database(error) => error.into(),
            KeysProblem::Unusable(error) => {
                tracing::error!("no key to sign with: {error:#}");
                Self::internal()
            }
        }
    }
}

async fn keys(
    State(signing): State<Arc<Signing>>,
    State(database): State<Database>,
    State(clock): State<Clock>,
) -> Result<impl IntoResponse, Refused> {
    let keys = signing.in_force(&database, clock.now()).await?;
    let field = HeaderName::from_static(SIGNATURE_FIELD);
    let signatures: Vec<_> =
        keys.list.signatures.iter().map(|value| (field.clone(), value.clone())).collect();
    let kind = [(header::CONTENT_TYPE, "application/json")];
    Ok((kind, AppendHeaders(signatures), keys.list.body.clone()))
}
