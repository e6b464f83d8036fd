//! The map of stores over HTTP: public tiles that caches on the way may keep.

use std::sync::Arc;

use axum::{
    Router,
    extract::{FromRef, Path, State},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::wire::{SIGNATURE_FIELD, TileId};
use server_kit::{Clock, Database, Refused};

use super::ready::{TileProblem, Tiles};
use crate::signing::Signing;

/// The calls of this room.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<Tiles>: FromRef<S>,
    Arc<Signing>: FromRef<S>,
    Clock: FromRef<S>,
    Database: FromRef<S>,
{
    Router::new().route("/v1/tiles/{x}/{y}", get(tile))
}

/// An hour fresh; then shown for a day while the new one is fetched.
const CACHE_CONTROL: &str = "public, max-age=3600, stale-while-revalidate=86400";

/// The tile of a path's column and row.
fn tile_id((x, y): &(String, String)) -> Result<TileId, Refused> {
    let number = |text: &str| text.parse().ok().filter(|number| *number < TileId::COUNT);
    match (number(x), number(y)) {
        (Some(x), Some(y)) => Ok(TileId { x, y }),
        _ => Err(Refused::not_found("There is no such tile; see the grid of zoom 15.")),
    }
}

async fn tile(
    State(tiles): State<Arc<Tiles>>,
    State(signing): State<Arc<Signing>>,
    State(clock): State<Clock>,
    State(database): State<Database>,
    Path(tile): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let ready = tiles.ready(&database, &signing, tile_id(&tile)?, clock.now()).await;
    let ready = ready.map_err(|problem| match problem {
        TileProblem::Database(error) => error.into(),
        TileProblem::Keys(problem) => problem.into(),
        TileProblem::Unwritable => {
            tracing::error!("a tile cannot be written");
            Refused::internal()
        }
    })?;
    let gzip = takes_gzip(&headers);
    // Strong tags must differ where the bytes do.
    let form = if gzip { "-gzip" } else { "" };
    let etag = format!("\"{}{form}\"", ready.digest);
    let common = [
        (header::ETAG, etag),
        (header::CACHE_CONTROL, CACHE_CONTROL.to_owned()),
        (header::VARY, "accept-encoding".to_owned()),
        (HeaderName::from_static(SIGNATURE_FIELD), ready.signature.clone()),
    ];
    if is_known(&headers, &ready.digest) {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let kind = [(header::CONTENT_TYPE, "application/json")];
    Ok(if gzip {
        (common, kind, [(header::CONTENT_ENCODING, "gzip")], ready.gzip.clone()).into_response()
    } else {
        (common, kind, ready.plain.clone()).into_response()
    })
}

/// Whether gzip is named and not refused by `q=0`.
fn takes_gzip(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let (name, parameters) = coding.split_once(';').unwrap_or((coding, ""));
            let weight = parameters.trim().strip_prefix("q=").map(str::parse::<f32>);
            name.trim().eq_ignore_ascii_case("gzip") && !matches!(weight, Some(Ok(0.0)))
        })
}

/// Whether the asker holds these contents in either form.
fn is_known(headers: &HeaderMap, digest: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|tag| tag.trim().trim_start_matches("W/").trim_matches('"'))
        .any(|tag| tag == "*" || tag.strip_suffix("-gzip").unwrap_or(tag) == digest)
}
