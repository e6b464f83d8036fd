//! `cargo check` of the phone core for every phone target.
//!
//! Where the C compilers of the platforms (NDK, Xcode) are absent, a stand-in answers for them: it
//! makes empty object files, which `check` never links. So this holds the Rust code of the core and
//! of everything beneath it to each target; the C code is held by the packaging workflows.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::Result;

use crate::step::{Outcome, cargo, has, root, run, target};

/// What phones run: Android's devices, old devices and emulator; iOS's devices and simulator.
pub const PHONES: [&str; 5] = [
    "aarch64-linux-android",
    "armv7-linux-androideabi",
    "x86_64-linux-android",
    "aarch64-apple-ios",
    "aarch64-apple-ios-sim",
];

/// An answer to everything a build script asks of a C compiler.
const STAND_IN: &str = "#!/bin/sh\n\
    # Makes the object files it is asked for, empty.\n\
    while [ $# -gt 0 ]; do\n\
    case \"$1\" in\n\
    -o) : > \"$2\"; shift ;;\n\
    -E) exit 1 ;;\n\
    esac\n\
    shift\n\
    done\n";

/// Checks the core for every phone target.
///
/// # Errors
/// With the first target it does not compile for.
pub fn check() -> Result<Outcome> {
    if !has("rustup") {
        let asked = "install rustup, which brings the standard libraries of the phones";
        return Outcome::missing("the phone targets", asked);
    }
    let stand_in = stand_in()?;
    for triple in PHONES {
        let mut command = cargo(&["check", "--package", "tillsight", "--lib", "--target", triple]);
        if !installed(triple) {
            // Its standard library is not offered ready-made here: compile it, too. Only stable
            // language features are used; the variable unlocks the cargo flag alone.
            run(Command::new("rustup").args(["component", "add", "rust-src"]).current_dir(root()))?;
            command.arg("-Zbuild-std=std,panic_unwind").env("RUSTC_BOOTSTRAP", "1");
        }
        let suffix = triple.replace('-', "_");
        // A compiler cache in front of the stand-in would take it for a real compiler.
        command.env_remove("RUSTC_WRAPPER");
        command.env(format!("CC_{suffix}"), &stand_in).env(format!("AR_{suffix}"), "ar");
        if triple.contains("apple") && !cfg!(target_os = "macos") {
            // Asked for by build scripts, read by no one.
            command.env("SDKROOT", stand_in.parent().unwrap_or(Path::new("/")));
        }
        run(&mut command)?;
    }
    println!("the core compiles for {}", PHONES.join(", "));
    Ok(Outcome::Passed)
}

fn installed(triple: &str) -> bool {
    let mut rustup = Command::new("rustup");
    rustup.current_dir(root()).args(["target", "add", triple]);
    rustup.stdout(Stdio::null()).stderr(Stdio::null());
    rustup.status().is_ok_and(|status| status.success())
}

fn stand_in() -> Result<PathBuf> {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = target().join("stand-in");
    fs::create_dir_all(&folder)?;
    let path = folder.join("cc");
    fs::write(&path, STAND_IN)?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    Ok(path)
}
