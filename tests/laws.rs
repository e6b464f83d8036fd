//! The dependency law of ARCHITECTURE.md, read off the `use` lines.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Rooms of the phone core, in the order of the flow; a step may use those before it.
const FLOW: [&str; 4] = ["sensed", "entry", "screen", "wallet"];

/// Who may name a crate, and the sentence of the law.
const ONLY: [(&str, &[&str], &str); 3] = [
    (
        "uniffi",
        &["sensed", "screen", "phone", "error", "wallet", "lib"],
        "only `sensed`, `screen`, `phone`, `error` and `wallet` know UniFFI",
    ),
    ("rusqlite", &["cache"], "only `cache` knows SQLite"),
    ("ureq", &["server"], "only `server` knows HTTP"),
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            found.extend(files(&entry));
        } else if entry.extension().is_some_and(|ending| ending == "rs") {
            found.push(entry);
        }
    }
    found.sort();
    found
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The room a file of `src` belongs to, with its code lines (comments left out).
fn rooms() -> Vec<(String, PathBuf, Vec<String>)> {
    let src = root().join("src");
    files(&src)
        .into_iter()
        .map(|file| {
            let inside = file.strip_prefix(&src).unwrap();
            let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
            let room = first.trim_end_matches(".rs").to_owned();
            let code = fs::read_to_string(&file).unwrap();
            let lines = code
                .lines()
                .map(str::trim)
                .filter(|line| !line.starts_with("//"))
                .map(str::to_owned)
                .collect();
            (room, file, lines)
        })
        .collect()
}

#[test]
fn only_the_named_rooms_know_uniffi_sqlite_and_http() {
    let rooms = rooms();
    assert!(rooms.len() > 20, "the sources were not found");
    for (crate_name, allowed, law) in ONLY {
        let path = format!("{crate_name}::");
        let mut met = false;
        for (room, file, lines) in &rooms {
            let names = lines.iter().any(|line| line.contains(&path));
            met |= names;
            assert!(!names || allowed.contains(&room.as_str()), "{}: {law}", file.display());
        }
        assert!(met, "{crate_name} is named nowhere; this test no longer sees what it should");
    }
}

#[test]
fn a_step_uses_the_steps_before_it_and_none_after() {
    for (room, file, lines) in rooms() {
        let Some(step) = FLOW.iter().position(|name| *name == room) else { continue };
        let text = lines.join("\n");
        for later in FLOW.iter().skip(step + 1) {
            let named = text.contains(&format!("crate::{later}"))
                || text.contains(&format!("crate::{{\n{later}"))
                || text.contains(&format!("\n{later}::"));
            assert!(
                !named,
                "{}: a step may use the step before it, never the one after ({later})",
                file.display()
            );
        }
    }
}

#[test]
fn domain_and_signs_stay_below_everything_else() {
    for (below, others) in [
        ("domain", &["signs", "tillsight", "wallet_server", "operator_server", "terminal"][..]),
        ("signs", &["domain", "tillsight", "wallet_server", "operator_server", "terminal"][..]),
    ] {
        let manifest = fs::read_to_string(root().join(below).join("Cargo.toml")).unwrap();
        let dependencies = manifest.split("[dependencies]").nth(1).unwrap();
        let dependencies = dependencies.split("\n[").next().unwrap();
        for other in others {
            let name = other.replace('_', "-");
            let named = dependencies.lines().any(|line| {
                line.split(['.', ' ', '=']).next().is_some_and(|dependency| dependency == name)
            });
            assert!(!named, "{below} may not depend on {name}: dependencies run one way");
        }
    }
}

#[test]
fn the_flow_asks_no_clock_no_chance_and_no_disk() {
    const OUTSIDE: [&str; 6] =
        ["SystemTime", "Instant::now", "getrandom", "std::fs", "std::net", "std::thread"];
    for (room, file, lines) in rooms() {
        if !["sensed", "entry", "screen"].contains(&room.as_str()) {
            continue;
        }
        for line in &lines {
            // The camera may look at the clock: its budget is the frame's time, not a result.
            if file.to_string_lossy().contains("camera") || file.to_string_lossy().contains("tests")
            {
                continue;
            }
            for outside in OUTSIDE {
                assert!(
                    !line.contains(outside),
                    "{}: steps 1 to 4 are pure, {outside} must arrive as a value",
                    file.display()
                );
            }
        }
    }
}
