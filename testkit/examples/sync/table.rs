//! The same stores as a table, packed by zstd: what the bytes are compared with.

use std::{
    fmt::Write as _,
    io::Write as _,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use domain::{Position, Store};
use serde::Serialize;

/// The bytes of the stores as CSV, packed at this level; `None` where there is no `zstd`.
///
/// # Errors
/// When `zstd` fails.
pub fn packed_bytes(stores: &[Store], level: u32) -> Result<Option<u64>> {
    let table: String = stores.iter().map(row).collect();
    let packing = Command::new("zstd")
        .args(["-q", "-c", &format!("-{level}")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut packing) = packing else { return Ok(None) };
    let mut input = packing.stdin.take().context("zstd reads nothing")?;
    let writing = std::thread::spawn(move || input.write_all(table.as_bytes()));
    let output = packing.wait_with_output()?;
    ensure!(output.status.success() && writing.join().is_ok_and(|it| it.is_ok()), "zstd failed");
    Ok(Some(output.stdout.len() as u64))
}

/// All that a phone is told of a store, in the shortest words that a table has for it.
fn row(store: &Store) -> String {
    let place = |at: Position| format!("{} {}", at.lat_e7(), at.lon_e7());
    let claims = store.accepted.claims().iter().map(|claim| {
        let (said, source) = (word(&claim.acceptance), word(&claim.source));
        let channel = word(&claim.channel);
        format!("{} {channel} {said} {source} {}", claim.scheme.as_str(), claim.as_of.0)
    });
    let claims = claims.collect::<Vec<_>>().join(";");
    let outline = store.footprint.iter().map(|at| place(*at)).collect::<Vec<_>>().join(";");
    let points = store.access_points.iter().map(word);
    let points = points.collect::<Vec<_>>().join(";");
    let beacon = store.beacon.map(|(major, minor)| format!("{major} {minor}")).unwrap_or_default();
    let (lat, lon) = (store.position.lat_e7().to_string(), store.position.lon_e7().to_string());
    let id = store.id.to_string();
    let currency = store.currency.code().to_string();
    let columns = [
        &id,
        &store.reference,
        &store.name,
        &store.industry,
        &store.address.street,
        &store.address.postal_code,
        &store.address.city,
        &store.address.country,
        &store.phone,
        &lat,
        &lon,
        &outline,
        &store.level,
        &currency,
        &claims,
        &beacon,
        &points,
        &store.attribution,
        &store.licence,
    ];
    let mut row = String::new();
    for (nth, column) in columns.iter().enumerate() {
        let comma = if nth == 0 { "" } else { "," };
        let column = if column.contains(['"', ',', '\n']) {
            format!("\"{}\"", column.replace('"', "\"\""))
        } else {
            (*column).clone()
        };
        // Writing to a string does not fail.
        let _ = write!(row, "{comma}{column}");
    }
    row.push('\n');
    row
}

/// What JSON calls it.
fn word(value: &impl Serialize) -> String {
    let word = serde_json::to_value(value).ok();
    word.and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}
