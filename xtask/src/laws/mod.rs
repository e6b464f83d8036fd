//! The house's laws, measured: circles of files, long files, missing first lines, functions.

mod circles;
mod functions;
mod imports;
mod recipes;
mod sources;

use std::fs;

use anyhow::{Result, bail};
use serde::Serialize;

use crate::step::root;
use functions::Functions;

/// A file with more lines wants to be two.
const LONGEST_FILE: usize = 400;
/// What a newcomer takes in at a glance.
const LONGEST_MEDIAN: usize = 10;
/// The most files that a new reason may ask a person to edit.
const MOST_REASON_TOUCHES: usize = 6;
/// The most files that a new screen may ask a person to edit.
const MOST_SCREEN_TOUCHES: usize = 8;

/// What was found, as `cargo xtask laws --json` prints it.
#[derive(Debug, Serialize)]
struct Found {
    /// Files of one crate that import each other in a circle, or a child that imports its parent.
    circles: Vec<String>,
    files_over_400: Vec<String>,
    no_first_line: Vec<String>,
    functions: Functions,
    /// Files that a person edits to add a reason.
    reason_touches: usize,
    /// Files that a person edits to add a screen.
    screen_touches: usize,
}

impl Found {
    fn broken(&self) -> Vec<String> {
        let mut said = Vec::new();
        said.extend(self.circles.iter().map(|circle| {
            format!("{circle}: files import downwards, a parent its children and none in a circle")
        }));
        said.extend(
            self.files_over_400.iter().map(|file| {
                format!("{file}: over {LONGEST_FILE} lines, which wants to be two files")
            }),
        );
        said.extend(
            self.no_first_line
                .iter()
                .map(|file| format!("{file}: the first line says the file's one job, after `//!`")),
        );
        if self.functions.median_lines >= LONGEST_MEDIAN {
            let median = self.functions.median_lines;
            said.push(format!(
                "functions: the median of {median} lines is not under {LONGEST_MEDIAN}"
            ));
        }
        for (what, touches, most) in [
            ("a reason", self.reason_touches, MOST_REASON_TOUCHES),
            ("a screen", self.screen_touches, MOST_SCREEN_TOUCHES),
        ] {
            if touches > most {
                said.push(format!("{what} touches {touches} files by hand, at most {most} may be"));
            }
        }
        said
    }
}

/// Measures the house, and says what is broken.
///
/// # Errors
/// When a law is broken or a source cannot be read.
pub fn hold(json: bool) -> Result<()> {
    let found = measure()?;
    if json {
        println!("{}", serde_json::to_string(&found)?);
    }
    let broken = found.broken();
    if !broken.is_empty() {
        bail!("the laws of the house are broken:\n{}", broken.join("\n"));
    }
    if !json {
        let Functions { count, median_lines } = found.functions;
        println!("the laws hold; {count} functions, {median_lines} lines at the median");
    }
    Ok(())
}

fn measure() -> Result<Found> {
    let files = sources::hand_written()?;
    let (mut files_over_400, mut no_first_line) = (Vec::new(), Vec::new());
    for file in &files {
        let text = fs::read_to_string(root().join(file))?;
        if text.lines().count() > LONGEST_FILE {
            files_over_400.push(file.clone());
        }
        if file.ends_with(".rs") && !text.starts_with("//! ") {
            no_first_line.push(file.clone());
        }
    }
    let crates = sources::crates(&files)?;
    Ok(Found {
        circles: circles::all(&crates),
        files_over_400,
        no_first_line,
        functions: functions::count(&crates),
        reason_touches: recipes::reason_touches(&files)?,
        screen_touches: recipes::screen_touches()?,
    })
}
