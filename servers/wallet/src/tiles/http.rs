//! The map of stores over HTTP: public tiles that caches on the way may keep.

use std::sync::Arc;

use axum::{
    Router,
    extract::{FromRef, Path, Query, State, rejection::QueryRejection},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::wire::{SIGNATURE_FIELD, TILES_PATH, TileId};
use serde::Deserialize;
use server_kit::{Clock, Database, Refused};

use super::ready::{Ready, TileProblem, Tiles};
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
    Router::new().route(TILES_PATH, get(list)).route("/v1/tiles/{first}/{past}", get(tile))
}

/// An hour fresh; then shown for a day while the new one is fetched.
const CACHE_CONTROL: &str = "public, max-age=3600, stale-while-revalidate=86400";

/// What of a tile is asked for.
#[derive(Deserialize)]
struct Asked {
    /// What has changed since this revision.
    since: Option<i64>,
}

/// The tile of a path's first cell and the one after its last.
fn tile_id((first, past): &(String, String)) -> Result<TileId, Refused> {
    let tile = first.parse().ok().zip(past.parse().ok());
    let tile = tile.and_then(|(first, past)| TileId::new(first, past));
    tile.ok_or_else(|| Refused::not_found("There is no such tile; see the list of tiles."))
}

fn refused(problem: TileProblem) -> Refused {
    match problem {
        TileProblem::Database(error) => error.into(),
        TileProblem::Keys(problem) => problem.into(),
        TileProblem::TooMany => {
            Refused::not_found("That is more than is told together; see the list of tiles.")
        }
        TileProblem::Unwritable => {
            tracing::error!("a tile cannot be written");
            Refused::internal()
        }
    }
}

async fn list(
    State(tiles): State<Arc<Tiles>>,
    State(signing): State<Arc<Signing>>,
    State(clock): State<Clock>,
    State(database): State<Database>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let ready = tiles.list(&database, &signing, clock.now()).await.map_err(refused)?;
    Ok(answer(&ready, &headers))
}

async fn tile(
    State(tiles): State<Arc<Tiles>>,
    State(signing): State<Arc<Signing>>,
    State(clock): State<Clock>,
    State(database): State<Database>,
    Path(tile): Path<(String, String)>,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let tile = tile_id(&tile)?;
    let Query(Asked { since }) =
        asked.map_err(|_| Refused::not_found("`since` is a revision of the register."))?;
    let ready = tiles.ready(&database, &signing, tile, since, clock.now()).await;
    let ready = ready.map_err(refused)?;
    Ok(answer(&ready, &headers))
}

fn answer(ready: &Ready, headers: &HeaderMap) -> Response {
    let gzip = takes_gzip(headers);
    // Strong tags must differ where the bytes do.
    let form = if gzip { "-gzip" } else { "" };
    let etag = format!("\"{}{form}\"", ready.digest);
    let common = [
        (header::ETAG, etag),
        (header::CACHE_CONTROL, CACHE_CONTROL.to_owned()),
        (header::VARY, "accept-encoding".to_owned()),
        (HeaderName::from_static(SIGNATURE_FIELD), ready.signature.clone()),
    ];
    if is_known(headers, &ready.digest) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let kind = [(header::CONTENT_TYPE, "application/json")];
    if gzip {
        (common, kind, [(header::CONTENT_ENCODING, "gzip")], ready.gzip.clone()).into_response()
    } else {
        (common, kind, ready.plain.clone()).into_response()
    }
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
