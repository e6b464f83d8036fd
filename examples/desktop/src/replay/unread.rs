//! Reads JSON lines of outside data: a malformed line is reported and left out.

use std::{fmt::Display, path::Path};

use anyhow::Context;
use serde::de::DeserializeOwned;

/// So many problems are told one by one; the rest are counted.
const TOLD: usize = 20;

/// Counts what could not be read, and says so on standard error.
#[derive(Default)]
pub struct Unread {
    count: usize,
}

impl Unread {
    /// Reports one problem.
    pub fn report(&mut self, problem: impl Display) {
        self.count += 1;
        match self.count {
            ..=TOLD => eprintln!("{problem}"),
            n if n == TOLD + 1 => eprintln!("further problems are only counted"),
            _ => {}
        }
    }

    /// How many there were.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The lines of a file that are a `T`, each with its number counted from 1. Empty lines are
    /// passed over.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn lines<T: DeserializeOwned>(&mut self, path: &Path) -> anyhow::Result<Vec<(usize, T)>> {
        let bytes =
            std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut read = Vec::new();
        for (line, number) in bytes.split(|byte| *byte == b'\n').zip(1..) {
            if line.trim_ascii().is_empty() {
                continue;
            }
            match serde_json::from_slice(line) {
                Ok(value) => read.push((number, value)),
                Err(problem) => self.at(path, number, problem),
            }
        }
        Ok(read)
    }

    /// Reports what is wrong with one line of a file.
    pub fn at(&mut self, path: &Path, line: usize, problem: impl Display) {
        self.report(format_args!("{}, line {line}: {problem}", path.display()));
    }
}
