//! Whose code a library holds, read off its symbol table.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Result;
use object::{Object, ObjectSymbol, SymbolKind};

/// Crates written out by name: the large ones.
const SHOWN: usize = 12;

/// The bytes of each large crate's symbols; what is not Rust by its kind. Tables without a symbol
/// are nobody's, so that the sum is less than the file.
///
/// # Errors
/// When the file is no library.
pub fn by_crate(library: &Path) -> Result<BTreeMap<String, u64>> {
    let bytes = fs::read(library)?;
    let file = object::File::parse(&*bytes)?;
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    for symbol in file.symbols() {
        if matches!(symbol.kind(), SymbolKind::Text | SymbolKind::Data) && symbol.size() > 0 {
            *sums.entry(owner(symbol.name().unwrap_or(""))).or_default() += symbol.size();
        }
    }
    let mut sorted: Vec<(String, u64)> = sums.into_iter().collect();
    sorted.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    let others = sorted.split_off(SHOWN.min(sorted.len()));
    let rest = others.iter().map(|(_, bytes)| bytes).sum();
    sorted.push(("all others".to_owned(), rest));
    Ok(sorted.into_iter().collect())
}

fn owner(symbol: &str) -> String {
    let name = format!("{:#}", rustc_demangle::demangle(symbol));
    if name == symbol {
        // Not a Rust name. ring marks all of its own; SQLite's static functions carry no mark.
        let ring = symbol.starts_with("ring_core");
        return if ring { "ring (C and assembly)" } else { "SQLite and other C" }.to_owned();
    }
    let path = name.trim_start_matches(['<', '&', '[', '(', '*']);
    let path =
        ["mut ", "const ", "dyn "].iter().fold(path, |path, word| path.trim_start_matches(word));
    path.split("::").next().unwrap_or(path).to_owned()
}
