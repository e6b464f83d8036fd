//! How many files a person edits to add a reason or a screen, read off those that name today's.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use syn::Item;

use super::sources::{Sources, is_test};

/// Written by `cargo xtask surface`, not by hand.
const GENERATED: [&str; 2] = ["bindings/surface/", "docs/errors.md"];

/// What a visit is for: told by itself, led to by a picture, shown by the harness. It is no measure of
/// the next screen.
const SETTLEMENT: &str = "SettlementScreen";

/// What a screen needs besides when apps are told of it by themselves, without a call that asks.
const OF_TOLD: [&str; 4] = [
    "src/wallet/screens.rs",
    "bindings/kotlin/src/main/kotlin/app/tillsight/Newest.kt",
    "bindings/swift/Sources/Tillsight/Newest.swift",
    "bindings/swift/Sources/Tillsight/Shown.swift",
];

/// What the packages' pages make of a screen is theirs, as what an app's own pages make of it is the app's.
const PAGES: [&str; 3] = [
    "bindings/compose/",
    "bindings/swift/Sources/TillsightUI/",
    "bindings/swift/Sources/TillsightWords/",
];

/// The files that list the reasons: those that name three of four of them, each language in its own
/// spelling. A file that only treats one or two in a special way names fewer.
///
/// # Errors
/// When `domain` has no `enum Reason`.
pub fn of_a_reason(sources: &Sources) -> Result<BTreeSet<String>> {
    let reasons = reasons(sources)?;
    let lists_them = |text: &str| {
        let words = words(text);
        let named =
            |reason: &&String| spellings(reason).iter().any(|word| words.contains(word.as_str()));
        reasons.iter().filter(named).count() * 4 >= reasons.len() * 3
    };
    Ok(by_hand(sources)
        .filter(|(_, text)| lists_them(text))
        .map(|(path, _)| path.clone())
        .collect())
}

/// The files of the core and of the packages that name a screen's record, of the screen with the most: but
/// for the settlement screen, for what apps are told by, and for pages.
///
/// # Errors
/// When `src/screen` has no screen.
pub fn of_a_screen(sources: &Sources) -> Result<BTreeSet<String>> {
    let screens = screens(sources)?;
    let of = |screen: &String| -> BTreeSet<String> {
        by_hand(sources)
            .filter(|(path, _)| ["src/", "bindings/"].iter().any(|layer| path.starts_with(layer)))
            .filter(|(path, _)| !PAGES.iter().any(|pages| path.starts_with(pages)))
            .filter(|(path, _)| !OF_TOLD.contains(&path.as_str()))
            .filter(|(_, text)| words(text).contains(screen.as_str()))
            .map(|(path, _)| path.clone())
            .collect()
    };
    let most = screens.iter().rev().map(of).max_by_key(BTreeSet::len);
    most.context("src/screen has no record `…Screen`")
}

fn by_hand(sources: &Sources) -> impl Iterator<Item = (&String, &String)> {
    sources.iter().filter(|(path, _)| {
        let generated = GENERATED.iter().any(|begin| path.starts_with(begin));
        let data = path.ends_with(".json") || path.ends_with(".toml");
        !generated && !data && !is_test(path)
    })
}

fn reasons(sources: &Sources) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for (path, text) in sources.iter().filter(|(path, _)| path.starts_with("domain/src/")) {
        for item in syn::parse_file(text).with_context(|| path.clone())?.items {
            if let Item::Enum(item) = item
                && item.ident == "Reason"
            {
                found.extend(item.variants.iter().map(|variant| variant.ident.to_string()));
            }
        }
    }
    (!found.is_empty()).then_some(found).context("domain has no `enum Reason`")
}

fn screens(sources: &Sources) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for (path, text) in sources.iter().filter(|(path, _)| path.starts_with("src/screen/")) {
        for item in syn::parse_file(text).with_context(|| path.clone())?.items {
            if let Item::Struct(item) = item {
                found.push(item.ident.to_string());
            }
        }
    }
    found.retain(|name| name.ends_with("Screen") && name != SETTLEMENT);
    Ok(found)
}

fn words(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect()
}

/// `LimitReached`, `limitReached`, `limit_reached` and `LIMIT_REACHED`.
fn spellings(variant: &str) -> [String; 4] {
    let mut snake = String::new();
    for letter in variant.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    let camel = variant.chars().take(1).flat_map(char::to_lowercase).chain(variant.chars().skip(1));
    [variant.to_owned(), camel.collect(), snake.to_uppercase(), snake]
}
