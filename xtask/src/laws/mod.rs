//! The laws of the house, read off the code: no circles, short files, one first line a file.

mod circles;
mod functions;
mod imports;
mod migrations;
mod modules;
mod names;
mod rooms;
mod sources;
mod touches;

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::{Context, Result, bail};
use serde::Serialize;
use serde_json::Value;

use crate::step::{self, cargo};
use functions::Functions;
use imports::Import;
use modules::Tree;
use sources::Sources;

/// A longer file does two jobs.
const MOST_LINES: usize = 400;
/// What a newcomer takes in at a glance.
const MEDIAN_BELOW: usize = 10;
/// The most files that a new reason, or a new screen, may ask a person to edit.
const MOST_TOUCHES: [(&str, usize); 2] = [("a reason", 6), ("a screen", 8)];

/// What the laws say of the code as it stands.
#[derive(Serialize)]
struct Report {
    /// Each as the files that import each other, in order; a pair when a child imports a parent.
    circles: Vec<Vec<String>>,
    files_over_400: Vec<String>,
    no_first_line: Vec<String>,
    functions: Functions,
    /// How many files a person edits to add a reason.
    reason_touches: usize,
    /// How many files a person edits to add a screen.
    screen_touches: usize,
}

/// Prints what holds and what does not, as one line of JSON or as sentences.
///
/// # Errors
/// When a law is broken, or the code cannot be read.
pub fn check(as_json: bool) -> Result<()> {
    let sources = sources::read(&step::root())?;
    let broken = Broken::read(&sources, &step::root())?;
    let report = report(&sources, &broken)?;
    let mut sentences = broken.sentences();
    sentences.extend(too_much(&report));
    sentences.iter().for_each(|sentence| eprintln!("{sentence}"));
    if as_json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        println!("{}", figures(&report));
    }
    match sentences.len() {
        0 => Ok(()),
        broken => bail!("{broken} sentences say where a law of the house is broken"),
    }
}

fn report(sources: &Sources, broken: &Broken) -> Result<Report> {
    let of_parent = broken.imports_of_parents.iter();
    let pairs = of_parent.map(|import| vec![import.from.clone(), import.to.clone()]);
    let pairs: BTreeSet<Vec<String>> = pairs.collect();
    Ok(Report {
        circles: broken.circles.iter().cloned().chain(pairs).collect(),
        files_over_400: broken.too_long.iter().map(|(path, _)| path.clone()).collect(),
        no_first_line: broken.no_first_line.clone(),
        functions: functions::measure(sources)?,
        reason_touches: touches::of_a_reason(sources)?.len(),
        screen_touches: touches::of_a_screen(sources)?.len(),
    })
}

/// Sentences for the figures that are beyond their bounds.
fn too_much(report: &Report) -> Vec<String> {
    let mut broken = Vec::new();
    let median = report.functions.median_lines;
    if median >= MEDIAN_BELOW {
        broken.push(format!("the median of {median} lines a function is not under {MEDIAN_BELOW}"));
    }
    for ((what, most), touches) in
        MOST_TOUCHES.into_iter().zip([report.reason_touches, report.screen_touches])
    {
        if touches > most {
            broken.push(format!("{what} touches {touches} files by hand, at most {most} may be"));
        }
    }
    broken
}

fn figures(report: &Report) -> String {
    let Functions { count, median_lines } = report.functions;
    format!(
        "{count} functions, the median has {median_lines} lines\n\
         a reason touches {} files, a screen {}",
        report.reason_touches, report.screen_touches
    )
}

/// What breaks a law.
struct Broken {
    circles: Vec<Vec<String>>,
    imports_of_parents: Vec<Import>,
    too_long: Vec<(String, usize)>,
    no_first_line: Vec<String>,
    /// Sentences: who names what only another room knows.
    rooms: BTreeSet<String>,
    /// Sentences: which migrations have one number.
    migrations: BTreeSet<String>,
}

impl Broken {
    fn read(sources: &Sources, root: &Path) -> Result<Self> {
        let (mut found, mut imports_of_parents) = (Vec::new(), Vec::new());
        let mut rooms = rooms::manifests(sources);
        for crate_root in crate_roots(root)? {
            let tree = Tree::read(sources, &crate_root)?;
            let imports = imports::imports(&tree);
            rooms.extend(rooms::of_crate(&crate_root, &imports, &imports::foreign(&tree)));
            found.extend(circles::circles(&imports));
            imports_of_parents.extend(imports.into_iter().filter(|import| import.of_parent));
        }
        let code = || sources.iter().filter(|(path, _)| is_code(path));
        let lines = code().map(|(path, text)| (path.clone(), text.lines().count()));
        let rust = code().filter(|(path, _)| path.ends_with(".rs"));
        Ok(Self {
            circles: found,
            imports_of_parents,
            rooms,
            migrations: migrations::of_one_number(sources),
            too_long: lines.filter(|(_, lines)| *lines > MOST_LINES).collect(),
            no_first_line: rust
                .filter(|(_, text)| !text.starts_with("//! "))
                .map(|(path, _)| path.clone())
                .collect(),
        })
    }

    fn sentences(&self) -> Vec<String> {
        let circles = self.circles.iter().map(|circle| {
            let back = circle.first().map_or("", String::as_str);
            format!("files never import each other in a circle: {} -> {back}", circle.join(" -> "))
        });
        let mut parents: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        for Import { from, to, path, .. } in &self.imports_of_parents {
            parents.entry((from, to)).or_default().push(path);
        }
        let parents = parents.into_iter().map(|((from, to), paths)| {
            format!("{from}: a child never imports its parent: {to} defines {}", paths.join(", "))
        });
        let too_long = self.too_long.iter().map(|(path, lines)| {
            format!("{path}: a file over {MOST_LINES} lines must be two, and this has {lines}")
        });
        let no_first_line = self
            .no_first_line
            .iter()
            .map(|path| format!("{path}: a file starts with a `//!` line that says its one job"));
        circles
            .chain(parents)
            .chain(too_long)
            .chain(no_first_line)
            .chain(self.rooms.clone())
            .chain(self.migrations.clone())
            .collect()
    }
}

fn is_code(path: &str) -> bool {
    [".rs", ".kt", ".swift"].iter().any(|ending| path.ends_with(ending))
}

/// The root file of every crate, those of the fuzz targets among them and those of tests not.
fn crate_roots(root: &Path) -> Result<Vec<String>> {
    let mut found = BTreeSet::new();
    for manifest in ["Cargo.toml", "fuzz/Cargo.toml"] {
        let manifest = root.join(manifest);
        let mut metadata = cargo(&["metadata", "--no-deps", "--format-version", "1"]);
        let output = metadata.arg("--manifest-path").arg(&manifest).output();
        let output = output.with_context(|| format!("cargo metadata: {}", manifest.display()))?;
        let metadata: Value = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
        let packages = metadata["packages"].as_array().into_iter().flatten();
        for target in packages.flat_map(|package| package["targets"].as_array()).flatten() {
            let path = Path::new(target["src_path"].as_str().context("no src_path")?);
            if target["kind"][0] != "test" {
                found.insert(path.strip_prefix(root)?.to_string_lossy().into_owned());
            }
        }
    }
    Ok(found.into_iter().collect())
}
