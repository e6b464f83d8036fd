//! What a change costs: the files a person edits for a new reason or a new screen.

use std::fs;

use anyhow::{Context, Result};
use syn::Item;

use crate::step::root;

/// Where the reasons are defined, in the enum of this name.
const REASONS: (&str, &str) = ("domain/src/rule.rs", "Reason");

/// Files outside tests that name every reason, in whatever case their language writes it: each must
/// be edited for a new one.
///
/// # Errors
/// When a file cannot be read or the reasons are not where they were.
pub fn reason_touches(files: &[String]) -> Result<usize> {
    let reasons = reasons()?;
    let is_test = |file: &str| file.to_lowercase().contains("test");
    let documents = ["docs/harness.md".to_owned()];
    let mut touched = 0;
    for file in files.iter().chain(&documents).filter(|file| !is_test(file)) {
        let text = fs::read_to_string(root().join(file)).with_context(|| file.clone())?;
        let words: std::collections::HashSet<String> = text
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .map(|word| word.replace('_', "").to_lowercase())
            .collect();
        touched += usize::from(reasons.iter().all(|reason| words.contains(reason)));
    }
    Ok(touched)
}

fn reasons() -> Result<Vec<String>> {
    let (file, name) = REASONS;
    let parsed = syn::parse_file(&fs::read_to_string(root().join(file))?)?;
    let found = parsed.items.into_iter().find_map(|item| match item {
        Item::Enum(item) if item.ident == name => Some(item),
        _ => None,
    });
    let found = found.with_context(|| format!("{file} has no enum {name}"))?;
    Ok(found.variants.iter().map(|variant| variant.ident.to_string().to_lowercase()).collect())
}

/// How many files CONTRIBUTING's recipe for a screen names; `tests/recipes.rs` holds that those are
/// the files that the screens of today stand in.
///
/// # Errors
/// When the recipe is not there.
pub fn screen_touches() -> Result<usize> {
    let text = fs::read_to_string(root().join("CONTRIBUTING.md"))?;
    let recipe = text.split("\n## ").find(|part| part.starts_with("Add a screen"));
    let recipe = recipe.context("CONTRIBUTING.md has no section `Add a screen`")?;
    Ok(recipe.lines().filter(|line| line.starts_with("- `")).count())
}
