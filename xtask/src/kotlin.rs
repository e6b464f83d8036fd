//! The Kotlin package on the JVM: generated, compiled and tested against the built library.

use std::{
    env::consts::{ARCH, OS},
    process::Command,
};

use anyhow::Result;

use crate::{
    library, service,
    step::{Outcome, has_libraries, has_or_installs, root, run, target, there_or_installs},
};

/// What Debian and Ubuntu call a JDK of version 17 or newer, and Maven.
const PACKAGES: [&str; 2] = ["default-jdk-headless", "maven"];

/// What the library loads that draws the example app's screen, and what Debian and Ubuntu call it.
const DRAWING: [&str; 3] = ["libGL.so.1", "libX11.so.6", "libfontconfig.so.1"];
const DRAWING_PACKAGES: [&str; 3] = ["libgl1", "libx11-6", "libfontconfig1"];

/// Generates the Kotlin sources of the core and runs the tests; with `android` those of the
/// Android classes and of the example app's screen, too.
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
    let drawn = || OS != "linux" || has_libraries(&DRAWING);
    if android && !there_or_installs(drawn, &DRAWING_PACKAGES)? {
        let asked = format!(
            "install {}, on Debian and Ubuntu `apt-get install {}`",
            DRAWING.join(", "),
            DRAWING_PACKAGES.join(" ")
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
        maven.arg(format!("-Dskiko.machine={}", skiko_machine()));
    }
    maven.arg(format!("-Dtillsight.library={}", target().join("debug").display()));
    run(servers.tell(&mut maven))?;
    Ok(Outcome::Passed)
}

/// What the drawing library calls this machine.
fn skiko_machine() -> String {
    let arch = if ARCH == "aarch64" { "arm64" } else { "x64" };
    format!("{OS}-{arch}")
}
