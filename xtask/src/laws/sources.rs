//! The hand-written files of the repository, read once: relative path and text.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};
use ignore::WalkBuilder;

/// Text by path; paths are relative to the root, with `/`.
pub type Sources = BTreeMap<String, String>;

/// Folders of git's own, and of data that nobody writes by hand.
const NOT_OURS: [&str; 2] = [".git", "data"];

const ENDINGS: [&str; 7] = ["rs", "kt", "swift", "md", "json", "toml", "sql"];

/// Reads every file under `root` that a person writes.
///
/// # Errors
/// When a folder or a file cannot be read.
pub fn read(root: &Path) -> Result<Sources> {
    // What is built or generated is what `.gitignore` names, also where there is no git.
    let mut files = WalkBuilder::new(root);
    files.hidden(false).require_git(false).parents(false).git_global(false).git_exclude(false);
    files.filter_entry(|entry| !NOT_OURS.iter().any(|name| entry.file_name() == *name));
    let mut sources = Sources::new();
    for entry in files.build() {
        let path = entry?.into_path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_file() && has_ending(&name) {
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let inside = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            sources.insert(inside, text);
        }
    }
    Ok(sources)
}

fn has_ending(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}

/// Whether a file only tests or measures others.
pub fn is_test(path: &str) -> bool {
    let mut folders: Vec<&str> = path.split('/').collect();
    let file = folders.pop().unwrap_or_default();
    let tests = ["tests", "benches", "test", "Tests", "StandIns", "robolectric", "smoke"];
    file == "tests.rs" || folders.iter().any(|folder| tests.contains(folder))
}
