//! The hand-written sources: which files there are, and each crate's tree of modules.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use syn::Item;

use crate::step::root;

/// One crate: its modules, the root first.
pub struct Crate {
    pub modules: Vec<Module>,
}

/// A module of a crate, a file of its own or written inside one.
pub struct Module {
    /// Its place below the root; empty for the root.
    pub path: Vec<String>,
    /// The file it stands in, from the root of the repository.
    pub file: String,
    /// What stands in it, without what only tests see.
    pub items: Vec<Item>,
}

/// Paths, from the root, of every Rust, Kotlin and Swift file that a person wrote.
///
/// # Errors
/// When git does not list them.
pub fn hand_written() -> Result<Vec<String>> {
    let mut git = Command::new("git");
    git.current_dir(root()).args(["ls-files", "--cached", "--others", "--exclude-standard"]);
    let output = git.output().context("git lists the files of the repository")?;
    if !output.status.success() {
        bail!("git does not list the files: run this in a clone of the repository");
    }
    let listed = String::from_utf8(output.stdout)?;
    let mut files: Vec<String> = listed
        .lines()
        .filter(|file| [".rs", ".kt", ".swift"].iter().any(|ending| file.ends_with(ending)))
        .filter(|file| root().join(file).is_file())
        .map(str::to_owned)
        .collect();
    files.sort();
    Ok(files)
}

/// The crates that `files` hold: every `lib.rs` and `main.rs` of a `src` folder is the root of one.
///
/// # Errors
/// When a source cannot be read or is no Rust.
pub fn crates(files: &[String]) -> Result<Vec<Crate>> {
    let is_root = |file: &&String| {
        let path = Path::new(file.as_str());
        let in_src = path.parent().is_some_and(|folder| folder.ends_with("src"));
        in_src && (file.ends_with("/lib.rs") || file.ends_with("/main.rs"))
    };
    files.iter().filter(is_root).map(|file| read(file)).collect()
}

fn read(file: &str) -> Result<Crate> {
    let mut modules = Vec::new();
    let folder = Path::new(file).parent().unwrap_or(Path::new("")).to_owned();
    load(file, &folder, Vec::new(), &mut modules)?;
    Ok(Crate { modules })
}

fn load(file: &str, folder: &Path, path: Vec<String>, into: &mut Vec<Module>) -> Result<()> {
    let text = fs::read_to_string(root().join(file)).with_context(|| file.to_owned())?;
    let parsed = syn::parse_file(&text).with_context(|| file.to_owned())?;
    inside(parsed.items, file, folder, path, into)
}

/// Takes the items of one module in, then those of the modules it declares.
fn inside(
    items: Vec<Item>,
    file: &str,
    folder: &Path,
    path: Vec<String>,
    into: &mut Vec<Module>,
) -> Result<()> {
    let (declared, items): (Vec<Item>, Vec<Item>) = items
        .into_iter()
        .filter(|item| !only_for_tests(item))
        .partition(|item| matches!(item, Item::Mod(_)));
    into.push(Module { path: path.clone(), file: file.to_owned(), items });
    for item in declared {
        let Item::Mod(module) = item else { continue };
        let name = module.ident.to_string();
        let below = [path.as_slice(), std::slice::from_ref(&name)].concat();
        let folder = folder.join(&name);
        match module.content {
            Some((_, items)) => inside(items, file, &folder, below, into)?,
            None => load(&declared_file(&folder)?, &folder, below, into)?,
        }
    }
    Ok(())
}

/// `a/b` is the module of `a/b.rs` or `a/b/mod.rs`.
fn declared_file(folder: &Path) -> Result<String> {
    let candidates: [PathBuf; 2] = [folder.with_extension("rs"), folder.join("mod.rs")];
    let there = candidates.iter().find(|file| root().join(file).is_file());
    let file = there.with_context(|| format!("{}: the module's file", folder.display()))?;
    Ok(file.to_string_lossy().into_owned())
}

/// Whether an item is compiled for tests alone.
pub fn only_for_tests(item: &Item) -> bool {
    let attributes = match item {
        Item::Mod(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Const(item) => &item.attrs,
        _ => return false,
    };
    attributes.iter().any(|attribute| {
        let tokens = match &attribute.meta {
            syn::Meta::List(list) if list.path.is_ident("cfg") => list.tokens.to_string(),
            syn::Meta::Path(path) if path.is_ident("test") => "test".to_owned(),
            _ => return false,
        };
        tokens == "test"
    })
}
