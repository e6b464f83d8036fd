use std::{
    collections::HashMap,
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::wire::{Tile, TileId};
use flate2::{Compression, write::GzEncoder};
use server_frame::Refused;
use sha2::{Digest, Sha256};

use crate::{App, register, signing::hex};

/// An hour fresh; then shown for a day while the new one is fetched.
const CACHE_CONTROL: &str = "public, max-age=3600, stale-while-revalidate=86400";
/// Tiles kept ready. A crowded one has about 500 kB in both forms.
const KEPT: usize = 64;

/// Tiles ready to be sent, for one revision of the register.
#[derive(Default)]
pub(crate) struct Tiles(Mutex<(i64, HashMap<TileId, Arc<Ready>>)>);

/// One tile in both forms.
struct Ready {
    plain: Bytes,
    gzip: Bytes,
    digest: String,
}

impl Ready {
    fn of(tile: &Tile) -> std::io::Result<Self> {
        let plain = serde_json::to_vec(tile)?;
        let digest = hex(&Sha256::digest(&plain));
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(&plain)?;
        Ok(Self { gzip: gzip.finish()?.into(), plain: plain.into(), digest })
    }
}

/// The tile of a path's column and row.
pub(super) fn tile_id((x, y): &(String, String)) -> Result<TileId, Refused> {
    let number = |text: &str| text.parse().ok().filter(|number| *number < TileId::COUNT);
    match (number(x), number(y)) {
        (Some(x), Some(y)) => Ok(TileId { x, y }),
        _ => Err(Refused::not_found("There is no such tile; see the grid of zoom 15.")),
    }
}

pub(super) async fn tile(
    State(app): State<Arc<App>>,
    Path(tile): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let ready = ready(&app, tile_id(&tile)?).await?;
    let gzip = takes_gzip(&headers);
    // Strong tags must differ where the bytes do.
    let form = if gzip { "-gzip" } else { "" };
    let etag = format!("\"{}{form}\"", ready.digest);
    let common = [
        (header::ETAG, etag),
        (header::CACHE_CONTROL, CACHE_CONTROL.to_owned()),
        (header::VARY, "accept-encoding".to_owned()),
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

async fn ready(app: &App, id: TileId) -> Result<Arc<Ready>, Refused> {
    let revision = register::revision(&app.pool).await?;
    let known = |tiles: &(i64, HashMap<TileId, Arc<Ready>>)| {
        tiles.1.get(&id).filter(|_| tiles.0 == revision).cloned()
    };
    if let Some(ready) = known(&app.tiles.0.lock().unwrap_or_else(PoisonError::into_inner)) {
        return Ok(ready);
    }
    let tile = Tile { stores: register::of_tile(&app.pool, id).await? };
    let ready = tokio::task::spawn_blocking(move || Ready::of(&tile)).await;
    let Ok(Ok(ready)) = ready.map(|ready| ready.map(Arc::new)) else {
        tracing::error!("a tile cannot be written");
        return Err(Refused::internal());
    };
    let mut tiles = app.tiles.0.lock().unwrap_or_else(PoisonError::into_inner);
    if tiles.0 != revision || tiles.1.len() >= KEPT {
        *tiles = (revision, HashMap::new());
    }
    tiles.1.insert(id, Arc::clone(&ready));
    Ok(ready)
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
