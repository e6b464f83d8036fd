//! The Kotlin package on the JVM: generated, compiled and tested against the built library.

use std::process::Command;

use anyhow::Result;

use crate::{
    library, service,
    step::{Outcome, has, in_ci, is_root, root, run, target},
};

/// What Debian and Ubuntu call a JDK of version 17 or newer, and Maven.
const PACKAGES: [&str; 2] = ["default-jdk-headless", "maven"];

/// Generates the Kotlin sources of the core and runs the tests; with `android` those of the
/// Android classes, too.
///
/// # Errors
/// When something does not compile or a test fails.
pub fn test(android: bool) -> Result<Outcome> {
    if !tools()? {
        let asked = format!(
            "install a JDK (17 or newer) and Maven, on Debian and Ubuntu `apt-get install {}`",
            PACKAGES.join(" ")
        );
        return Outcome::missing("the Kotlin tests", &asked);
    }
    let built = library::build()?;
    library::generate(&built, &["kotlin", "bindings/kotlin/generated"])?;
    library::generate(&built, &["json", "bindings"])?;
    let servers = service::start()?;
    let mut maven = Command::new("mvn");
    maven.current_dir(root().join("bindings/kotlin"));
    maven.args(["--batch-mode", "--no-transfer-progress", "verify"]);
    if android {
        maven.arg("--activate-profiles=android");
    }
    maven.arg(format!("-Dtillsight.library={}", target().join("debug").display()));
    maven.env("TILLSIGHT_SERVER", servers.address());
    run(&mut maven)?;
    Ok(Outcome::Passed)
}

/// Whether the JDK and Maven are there. A machine of CI is changed to have them, one of a person is
/// not.
fn tools() -> Result<bool> {
    let there = || has("javac") && has("mvn");
    if !there() && in_ci() && is_root() && has("apt-get") {
        run(Command::new("apt-get").args(["update", "--quiet"]))?;
        let mut install = Command::new("apt-get");
        install.args(["install", "--yes", "--quiet", "--no-install-recommends"]).args(PACKAGES);
        run(install.env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    Ok(there())
}
