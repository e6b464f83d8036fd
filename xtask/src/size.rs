//! How large the shipped library is: measured, kept in `sizes.json`, and held to its budget.
//!
//! arm64 phones are measured by their stand-in, arm64 Linux, which Debian's cross compiler builds and
//! Rust's own lld links with the flags of the Android build.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::step::{Outcome, root, run, target, there_or_installs};
use crate::{shares, shipped};

/// The cross compiler, and what Debian and Ubuntu call it and its library.
const GCC: &str = "aarch64-linux-gnu-gcc";
const PACKAGES: [&str; 2] = ["gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross"];
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

/// What `sizes.json` holds; all figures in bytes, stripped where not said otherwise.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Sizes {
    /// Each build against its budget.
    builds: Vec<Size>,
    /// The library for x86-64 with HTTP by build profile.
    profiles: BTreeMap<String, u64>,
    /// Code and data of the `phone` profile for x86-64, by the crate they come from.
    crates: BTreeMap<String, u64>,
}

/// What stands for the sizes where arm64 cannot be compiled for and nothing may be installed.
fn missing_compiler() -> Result<Option<Outcome>> {
    if there_or_installs(compiles_c, &PACKAGES)? {
        return Ok(None);
    }
    let asked = format!("on Debian and Ubuntu `apt-get install {}`", PACKAGES.join(" "));
    Outcome::missing("the size of the library", &asked).map(Some)
}

/// Whether the cross compiler is there with its library's headers, which are a package of their own.
fn compiles_c() -> bool {
    let mut command = Command::new(GCC);
    command.args(["-E", "-x", "c", "-include", "stdint.h", "/dev/null"]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Measures every build and writes the file.
///
/// # Errors
/// When a build fails, or one is over its budget.
pub fn write() -> Result<Outcome> {
    if let Some(missing) = missing_compiler()? {
        return Ok(missing);
    }
    let mut sizes = kept()?;
    for size in &mut sizes.builds {
        let built = build(&size.target, size.http, shipped::PROFILE)?;
        size.bytes = stripped(&size.target, &built)?;
        println!("{} http={} {} bytes", size.target, size.http, size.bytes);
        if size.target == X86_64 && size.http {
            sizes.crates = shares::by_crate(&built)?;
            sizes.profiles.insert("phone".to_owned(), size.bytes);
        }
    }
    let release = build(X86_64, true, "release")?;
    sizes.profiles.insert("release".to_owned(), stripped(X86_64, &release)?);
    fs::write(root().join(FILE), serde_json::to_string_pretty(&sizes)? + "\n")?;
    hold(&sizes.builds)?;
    Ok(Outcome::Passed)
}

/// Measures what arm64 phones get, with and without HTTP, and holds it to its budgets.
///
/// # Errors
/// When a build fails, or is over its budget.
pub fn check() -> Result<Outcome> {
    if let Some(missing) = missing_compiler()? {
        return Ok(missing);
    }
    let mut sizes = kept()?.builds;
    sizes.retain(|size| size.target == ARM64);
    for size in &mut sizes {
        let built = build(&size.target, size.http, shipped::PROFILE)?;
        size.bytes = stripped(&size.target, &built)?;
    }
    hold(&sizes)?;
    Ok(Outcome::Passed)
}

fn kept() -> Result<Sizes> {
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

fn build(triple: &str, http: bool, profile: &str) -> Result<PathBuf> {
    let mut build = shipped::alone(triple, profile);
    if !http {
        build.arg("--no-default-features");
    }
    if triple == ARM64 {
        run(Command::new("rustup").args(["target", "add", triple]).current_dir(root()))?;
        let suffix = triple.replace('-', "_");
        build.env(format!("CC_{suffix}"), GCC);
        let linker = format!("CARGO_TARGET_{}_LINKER", suffix.to_uppercase());
        build.env(linker, GCC);
        shipped::as_for_android(&mut build, triple)?;
        shipped::with_lld(&mut build, triple)?;
    }
    run(&mut build)?;
    Ok(target().join(triple).join(profile).join("libtillsight.so"))
}

fn stripped(triple: &str, built: &Path) -> Result<u64> {
    let strip = if triple == ARM64 { "aarch64-linux-gnu-strip" } else { "strip" };
    let bare = built.with_extension("stripped");
    run(Command::new(strip).arg("-o").arg(&bare).arg(built))?;
    Ok(fs::metadata(&bare)?.len())
}
