//! The hand-written files of the repository, read once: relative path and text.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};

/// Text by path; paths are relative to the root, with `/`.
pub type Sources = BTreeMap<String, String>;

/// Folders that hold what was built or fetched, and what belongs to git.
const NOT_OURS: [&str; 9] =
    ["target", ".git", ".build", ".gradle", "build", "node_modules", "corpus", "artifacts", "data"];

const ENDINGS: [&str; 6] = ["rs", "kt", "swift", "md", "json", "toml"];

/// Reads every file under `root` that a person writes.
///
/// # Errors
/// When a folder or a file cannot be read.
pub fn read(root: &Path) -> Result<Sources> {
    let mut sources = Sources::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && !NOT_OURS.contains(&name.as_str()) {
                folders.push(path);
            } else if path.is_file() && has_ending(&name) {
                let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
                let inside = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
                sources.insert(inside, text);
            }
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
    let tests = ["tests", "benches", "test", "Tests", "desktopTest", "robolectric", "smoke"];
    file == "tests.rs" || folders.iter().any(|folder| tests.contains(folder))
}
