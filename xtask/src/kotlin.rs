//! The Kotlin package on the JVM: generated, compiled and tested against the built library.

use std::process::Command;

use anyhow::Result;

use crate::{
    library, service,
    step::{Outcome, has_or_installs, root, run, target},
};

/// What Debian and Ubuntu call a JDK of version 17 or newer, and Maven.
const PACKAGES: [&str; 2] = ["default-jdk-headless", "maven"];

/// Generates the Kotlin sources of the core and runs the tests; with `android` those of the
/// Android classes, too.
///
/// # Errors
/// When something does not compile or a test fails.
pub fn test(android: bool) -> Result<Outcome> {
    if !has_or_installs(&["javac", "mvn"], &PACKAGES)? {
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
