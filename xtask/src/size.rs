//! How large the shipped library is: measured, kept in `sizes.json`, and held to its budget.
//!
//! arm64 phones are measured by their stand-in, arm64 Linux, which Debian's cross compiler builds.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::step::{Outcome, cargo, has, root, run, target};

const FILE: &str = "sizes.json";
const ARM64: &str = "aarch64-unknown-linux-gnu";
const X86_64: &str = "x86_64-unknown-linux-gnu";

/// One build of the library.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Size {
    /// Which machine it is for.
    target: String,
    /// Whether the built-in HTTP client is in it.
    http: bool,
    /// Stripped, as it was measured last.
    bytes: u64,
    /// It may not become larger than this.
    budget: u64,
    /// Why it is as large as it is, when it grew.
    reason: String,
}

/// Measures every build and writes the file.
///
/// # Errors
/// When a build fails, or one is over its budget.
pub fn write() -> Result<Outcome> {
    if !has("aarch64-linux-gnu-gcc") {
        return Outcome::missing("the size of arm64", "it needs gcc-aarch64-linux-gnu");
    }
    let mut sizes = kept()?;
    for size in &mut sizes {
        size.bytes = measure(&size.target, size.http)?;
        println!("{} http={} {} bytes", size.target, size.http, size.bytes);
    }
    fs::write(root().join(FILE), serde_json::to_string_pretty(&sizes)? + "\n")?;
    hold(&sizes)?;
    Ok(Outcome::Passed)
}

/// Measures the build that phones get and holds it to its budget.
///
/// # Errors
/// When the build fails, or is over its budget.
pub fn check() -> Result<Outcome> {
    if !has("aarch64-linux-gnu-gcc") {
        return Outcome::missing("the size of arm64", "it needs gcc-aarch64-linux-gnu");
    }
    let mut sizes = kept()?;
    sizes.retain(|size| size.target == ARM64 && size.http);
    for size in &mut sizes {
        size.bytes = measure(&size.target, size.http)?;
    }
    hold(&sizes)?;
    Ok(Outcome::Passed)
}

fn kept() -> Result<Vec<Size>> {
    let text = fs::read_to_string(root().join(FILE)).context(FILE)?;
    serde_json::from_str(&text).context(FILE)
}

fn hold(sizes: &[Size]) -> Result<()> {
    for size in sizes {
        if size.bytes > size.budget {
            bail!(
                "the library for {} (http: {}) has {} bytes, over its budget of {}: make it smaller, \
                 or raise the budget in {FILE} with the reason",
                size.target,
                size.http,
                size.bytes,
                size.budget
            );
        }
    }
    Ok(())
}

fn measure(triple: &str, http: bool) -> Result<u64> {
    let mut build = cargo(&["build", "--package", "tillsight", "--lib", "--profile", "phone"]);
    build.args(["--target", triple]);
    if !http {
        build.arg("--no-default-features");
    }
    let strip = match triple {
        X86_64 => "strip",
        _ => {
            run(Command::new("rustup").args(["target", "add", triple]).current_dir(root()))?;
            let suffix = triple.replace('-', "_");
            build.env(format!("CC_{suffix}"), "aarch64-linux-gnu-gcc");
            let linker = format!("CARGO_TARGET_{}_LINKER", suffix.to_uppercase());
            build.env(linker, "aarch64-linux-gnu-gcc");
            "aarch64-linux-gnu-strip"
        }
    };
    run(&mut build)?;
    let built: PathBuf = target().join(triple).join("phone").join("libtillsight.so");
    let stripped = built.with_extension("stripped");
    run(Command::new(strip).arg("-o").arg(&stripped).arg(&built))?;
    Ok(fs::metadata(&stripped)?.len())
}
