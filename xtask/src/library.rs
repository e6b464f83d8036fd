//! The phone core as a native library of this machine, and what is generated out of it.

use std::path::PathBuf;

use anyhow::Result;

use crate::step::{cargo, root, run, target};

/// Builds the library, unstripped, and the generator.
///
/// # Errors
/// When they do not build.
pub fn build() -> Result<PathBuf> {
    // All packages at once: what the tests have built serves again, since one package alone would
    // have its dependencies with other features.
    run(&mut cargo(&["build", "--workspace"]))?;
    let name = format!("{}tillsight{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    Ok(target().join("debug").join(name))
}

/// Runs the generator on the built library.
///
/// # Errors
/// When it refuses the library.
pub fn generate(library: &std::path::Path, what: &[&str]) -> Result<()> {
    let mut command = std::process::Command::new(target().join("debug").join("generate"));
    run(command.current_dir(root()).arg("--library").arg(library).args(what))
}
