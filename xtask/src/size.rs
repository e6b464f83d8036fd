//! `cargo xtask size`: how large the phone library is, by profile and by large dependency.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use object::{Object, ObjectSymbol, SymbolKind};
use serde_json::{Value, json};

/// The most the stripped library may be with HTTP, bytes, on x86-64.
const MOST: u64 = 4_000_000;

/// Crates whose share is written out: the large ones. SQLite and ring are mostly C and assembly.
const SHOWN: usize = 12;

/// Builds the library three ways and writes `sizes.json`.
///
/// # Errors
/// When a build fails, or the library is larger than it may be.
pub fn measure() -> Result<()> {
    let release = build("release", true)?;
    let phone = build("phone", true)?;
    let by_crate = by_crate(&phone)?;
    let phone = stripped(&phone)?;
    let without_http = stripped(&build("phone", false)?)?;
    let sizes = json!({
        "target": "x86_64-unknown-linux-gnu",
        "unit": "bytes, stripped",
        "most": MOST,
        "profiles": {
            "release (opt-level 3, no LTO)": stripped(&release)?,
            "phone (opt-level s, fat LTO, one codegen unit)": phone,
            "phone without HTTP": without_http,
        },
        "code_and_data_by_crate": by_crate,
    });
    fs::write("sizes.json", format!("{sizes:#}\n"))?;
    println!("{sizes:#}");
    if phone > MOST {
        bail!("the library has {phone} bytes, more than the {MOST} it may have; see sizes.json");
    }
    Ok(())
}

fn build(profile: &str, http: bool) -> Result<PathBuf> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["rustc", "-p", "tillsight", "--lib", "--crate-type", "cdylib"]);
    command.args(["--profile", profile, "--message-format", "json-render-diagnostics"]);
    if !http {
        command.arg("--no-default-features");
    }
    let output = command.stderr(std::process::Stdio::inherit()).output()?;
    if !output.status.success() {
        bail!("the build with profile {profile} failed");
    }
    let built = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["target"]["name"] == "tillsight")
        .filter_map(|message| message["filenames"].as_array().cloned())
        .flatten()
        .filter_map(|file| file.as_str().map(PathBuf::from))
        .find(|file| file.extension().is_some_and(|ending| ending == "so"));
    let built = built.context("cargo named no shared library")?;
    // The next build writes to the same place.
    let kept = built.with_extension(format!("{profile}-{http}.so"));
    fs::copy(&built, &kept)?;
    Ok(kept)
}

fn stripped(library: &Path) -> Result<u64> {
    let bare = library.with_extension("stripped");
    let status = Command::new("strip").arg("-o").arg(&bare).arg(library).status();
    let status = status.context("`strip` of binutils is needed (it comes with the C compiler)")?;
    if !status.success() {
        bail!("strip failed on {}", library.display());
    }
    Ok(fs::metadata(bare)?.len())
}

/// The bytes of each crate's symbols, the largest first; C and assembly by their prefix.
fn by_crate(library: &Path) -> Result<Value> {
    let bytes = fs::read(library)?;
    let file = object::File::parse(&*bytes)?;
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    for symbol in file.symbols() {
        if matches!(symbol.kind(), SymbolKind::Text | SymbolKind::Data) && symbol.size() > 0 {
            let name = symbol.name().unwrap_or("");
            *sums.entry(owner(name)).or_default() += symbol.size();
        }
    }
    let mut sums: Vec<(String, u64)> = sums.into_iter().collect();
    sums.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    let rest: u64 = sums.iter().skip(SHOWN).map(|(_, bytes)| bytes).sum();
    let mut shown = serde_json::Map::new();
    for (name, bytes) in sums.into_iter().take(SHOWN) {
        shown.insert(name, bytes.into());
    }
    shown.insert("all others".to_owned(), rest.into());
    Ok(Value::Object(shown))
}

fn owner(symbol: &str) -> String {
    let name = rustc_demangle::demangle(symbol);
    let plain = format!("{name:#}");
    if plain == symbol {
        // Not a Rust name. ring prefixes all of its own; SQLite's static functions have no mark.
        let ring = symbol.starts_with("ring_core");
        return if ring { "ring (C and assembly)" } else { "SQLite and other C" }.to_owned();
    }
    let path = plain.trim_start_matches(['<', '&', '[', '(']).trim_start_matches("mut ");
    let path = path.trim_start_matches("dyn ");
    path.split("::").next().unwrap_or(path).to_owned()
}
