//! Which room may know what: the laws of ARCHITECTURE.md that an import can break.

use std::collections::BTreeSet;

use super::{
    imports::{Foreign, Import},
    sources::Sources,
};

/// Steps of the flow, in order; a step may use those before it.
const FLOW: [&str; 5] = ["sensed", "entry", "standing", "screen", "wallet"];

/// A crate of others, the rooms of the phone core that know it, and the sentence.
const ONLY: [(&str, &[&str], &str); 7] = [
    (
        "uniffi",
        &["sensed", "screen", "plan", "phone", "error", "wallet", "lib"],
        "only `sensed`, `screen`, `plan`, `phone`, `error` and `wallet` know UniFFI",
    ),
    ("rusqlite", &["cache", "transfers"], "only `cache` and `transfers` know SQLite"),
    ("reqwest", &["server"], "only `server` knows HTTP"),
    ("tokio", &["server", "radio"], "only `server` and `radio` know an asynchronous runtime"),
    ("rustls", &["server"], "only `server` knows HTTP"),
    ("btleplug", &["radio"], "only `radio` knows btleplug"),
    ("dbus", &["radio"], "only `radio` knows btleplug"),
];

/// What would make a step depend on more than its arguments.
const OUTSIDE: [&str; 6] = ["SystemTime", "Instant", "getrandom", "fs", "net", "thread"];

/// Crates that speak HTTP.
const HTTP: [&str; 6] = ["axum", "http", "hyper", "reqwest", "tower", "tower_http"];

/// What each crate below everything else may not depend on.
const BELOW: [&str; 3] = ["domain", "ledger", "signs"];

/// Sentences for each import that breaks a law.
pub fn of_crate(
    root: &str,
    imports: &BTreeSet<Import>,
    foreign: &BTreeSet<Foreign>,
) -> BTreeSet<String> {
    let mut broken = BTreeSet::new();
    if root == "src/lib.rs" {
        broken.extend(imports.iter().filter_map(against_the_flow));
        broken.extend(foreign.iter().filter_map(unknown_to_the_room));
        broken.extend(foreign.iter().filter_map(impure));
    }
    // Benches and examples stand outside the servers, as their clients do.
    let is_room = !root.starts_with("servers/kit/")
        && !root.contains("/benches/")
        && !root.contains("/examples/");
    if root.starts_with("servers/") && is_room {
        broken.extend(foreign.iter().filter_map(names_a_database));
        broken.extend(foreign.iter().filter_map(knows_http));
    }
    broken
}

/// The room of the phone core a file belongs to.
fn room(file: &str) -> &str {
    let inside = file.strip_prefix("src/").unwrap_or(file);
    inside.split(['/', '.']).next().unwrap_or(inside)
}

fn against_the_flow(import: &Import) -> Option<String> {
    let step = |file: &str| FLOW.iter().position(|name| *name == room(file));
    let Import { from, to, .. } = import;
    let later = step(from)? < step(to)?;
    later.then(|| format!("{from}: a step may use the step before it, never the one after ({to})"))
}

fn unknown_to_the_room(foreign: &Foreign) -> Option<String> {
    let first = foreign.path.first()?;
    let (_, rooms, law) = ONLY.iter().find(|(name, ..)| name == first)?;
    (!rooms.contains(&room(&foreign.file))).then(|| format!("{}: {law}", foreign.file))
}

fn impure(foreign: &Foreign) -> Option<String> {
    // The camera may look at the clock: its budget is the frame's time, not a result.
    let camera = foreign.file.starts_with("src/sensed/camera");
    let pure = ["sensed", "entry", "standing", "screen", "plan"].contains(&room(&foreign.file));
    let first = foreign.path.first()?;
    let outside = foreign.path.iter().find(|part| OUTSIDE.contains(&part.as_str()))?;
    let broken = pure && !camera && (first == "std" || first == outside);
    let path = foreign.path.join("::");
    broken.then(|| format!("{}: the flow is pure, {path} must arrive as a value", foreign.file))
}

fn names_a_database(foreign: &Foreign) -> Option<String> {
    let kinds = ["Sqlite", "sqlite", "Pg", "Postgres", "postgres"];
    let is_sql = foreign.path.first()? == "sqlx";
    let kind = foreign.path.iter().find(|part| kinds.iter().any(|kind| part.starts_with(kind)))?;
    is_sql.then(|| format!("{}: only `servers/kit` names a database ({kind})", foreign.file))
}

fn knows_http(foreign: &Foreign) -> Option<String> {
    let first = foreign.path.first()?;
    let is_http = foreign.file.ends_with("/http.rs") || foreign.file.contains("/http/");
    let broken = HTTP.contains(&first.as_str()) && !is_http;
    broken.then(|| format!("{}: only files called `http` know HTTP ({first})", foreign.file))
}

/// Sentences for each manifest that breaks the dependency law.
pub fn manifests(sources: &Sources) -> BTreeSet<String> {
    let above = ["tillsight", "wallet-server", "operator-server", "terminal", "server-kit"];
    let mut broken = BTreeSet::new();
    for below in BELOW {
        let Some(manifest) = sources.get(&format!("{below}/Cargo.toml")) else { continue };
        let dependencies = manifest.split("\n[dependencies]").nth(1).unwrap_or("");
        for line in dependencies.split("\n[").next().unwrap_or("").lines() {
            let name = line.split(['.', ' ', '=']).next().unwrap_or("");
            if above.contains(&name) || BELOW.contains(&name) {
                broken
                    .insert(format!("{below} may not depend on {name}: dependencies run one way"));
            }
        }
    }
    broken
}
