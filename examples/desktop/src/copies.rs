//! More stores than the world has, made from its own: for a page and a phone that have much to draw.

use std::path::Path;

use domain::{Store, Timestamp};
use serde_json::json;
use wallet_server::{Database, register};

/// How far a copy lies from the store before it, degrees: some ten metres.
const APART: f64 = 0.000_09;

/// Adds copies of `stores` until there are `wanted`; their file goes into `folder`.
///
/// # Errors
/// When they cannot be imported.
pub async fn add(
    register: &Database,
    stores: &[Store],
    wanted: usize,
    folder: &Path,
    now: Timestamp,
) -> anyhow::Result<()> {
    let missing = wanted.saturating_sub(stores.len());
    let copies = (1_u32..).flat_map(|round| stores.iter().map(move |store| (round, store)));
    let features: Vec<_> = copies.take(missing).map(|(round, store)| copy(round, store)).collect();
    if features.is_empty() {
        return Ok(());
    }
    let file = folder.join("copies.geojson");
    let text = json!({ "type": "FeatureCollection", "features": features }).to_string();
    std::fs::write(&file, text)?;
    let first = stores.first();
    let mut import = register::Import::of(&file, now);
    import.licence = first.map(|store| store.licence.clone());
    import.attribution = first.map(|store| store.attribution.clone());
    register::import(register, &import, |_| ()).await?;
    Ok(())
}

fn copy(round: u32, store: &Store) -> serde_json::Value {
    let turn = f64::from(round) * 2.4;
    let (lat, lon) = (store.position.lat(), store.position.lon());
    let (kind, value) = store.industry.split_once('=').unwrap_or(("shop", "general"));
    json!({
        "type": "Feature",
        "geometry": {
            "type": "Point",
            "coordinates": [lon + APART * turn.cos(), lat + APART * turn.sin()],
        },
        "properties": {
            "id": format!("{}-{round}", store.id), "name": format!("{} {round}", store.name),
            kind: value, "addr:street": store.address.street, "addr:country": store.address.country,
        },
    })
}
