//! How the library for Android devices is compiled and linked, so that what is measured is what
//! ships.

use std::{env, fs, path::PathBuf, process::Command};

use anyhow::{Context, Result};

use crate::step::{cargo, host, root};

/// The profile of what is shipped.
pub const PROFILE: &str = "phone";

/// The build of the shared library alone. Built together with the Rust library, as `cargo build`
/// does, it keeps every function that a Rust program could call: 0.4 MB of code and tables.
pub fn alone(triple: &str, profile: &str) -> Command {
    let mut build = cargo(&["rustc", "--package", "tillsight", "--lib", "--profile", profile]);
    build.args(["--target", triple, "--crate-type", "cdylib"]);
    build
}

/// Tells `build` how: one copy of functions that are alike and whose address nobody compares,
/// relocations in Android's packed form (API 23), without what only the generator of the bindings reads
/// (0.1 MB), and no outlined pieces of functions, each of which needs unwinding tables of its own: with
/// the outliner the library is 2 % larger.
///
/// # Errors
/// When cargo's folder of sources cannot be read.
pub fn as_for_android(build: &mut Command, triple: &str) -> Result<()> {
    let script = format!("-Clink-arg=-Wl,-T,{}", root().join("xtask/shipped.ld").display());
    let flags = [
        script.as_str(),
        "-Clink-arg=-Wl,--icf=safe",
        "-Clink-arg=-Wl,--pack-dyn-relocs=android",
        // Of Android's newest devices; the NDK does so by itself from r28 on.
        "-Clink-arg=-Wl,-z,max-page-size=16384",
        "-Cllvm-args=-enable-machine-outliner=never",
        // SHA-2 in software, for devices without it in hardware, as a loop: 15 KB less.
        "--cfg=sha2_backend_soft=\"compact\"",
    ];
    add(build, triple, &flags.join(" "));
    without_paths(build, triple)?;
    // No panic unwinds through SQLite. No statement loads code, and no database is one block of memory: the
    // servers' driver asks for both by name, and so cannot do without.
    let flags = "-fno-asynchronous-unwind-tables -fno-unwind-tables \
                 -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_OMIT_DESERIALIZE";
    build.env(format!("CFLAGS_{}", triple.replace('-', "_")), flags);
    Ok(())
}

/// Names the sources of dependencies, where a panic tells its place, without the folder they lie in on
/// this machine: 6 KB less, and nobody's name in what ships.
fn without_paths(build: &mut Command, triple: &str) -> Result<()> {
    let cargo = env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo = cargo.or_else(|| Some(env::home_dir()?.join(".cargo")));
    let sources = cargo.context("CARGO_HOME and HOME are not set")?.join("registry/src");
    for registry in fs::read_dir(&sources).with_context(|| sources.display().to_string())? {
        let path = registry?.path();
        add(build, triple, &format!("--remap-path-prefix={}/=", path.display()));
    }
    Ok(())
}

/// Links with the linker that comes with Rust, as the NDK links with its own of the same kind.
///
/// # Errors
/// When rustc does not say where it lies.
pub fn with_lld(build: &mut Command, triple: &str) -> Result<()> {
    let output = Command::new("rustc").args(["--print", "sysroot"]).output()?;
    let sysroot = PathBuf::from(String::from_utf8(output.stdout)?.trim());
    let folder = sysroot.join("lib/rustlib").join(host()?).join("bin/gcc-ld");
    let flags = format!("-Clink-arg=-B{} -Clink-arg=-fuse-ld=lld", folder.display());
    add(build, triple, &flags);
    Ok(())
}

/// Adds to the flags of rustc that `build` has for this target.
fn add(build: &mut Command, triple: &str, flags: &str) {
    let name = format!("CARGO_TARGET_{}_RUSTFLAGS", triple.replace('-', "_").to_uppercase());
    let known = build.get_envs().find(|(key, _)| key.to_str() == Some(&name));
    let before = known.and_then(|(_, value)| value?.to_str().map(str::to_owned));
    build.env(name, format!("{} {flags}", before.unwrap_or_default()));
}
