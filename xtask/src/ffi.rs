//! What a call costs through the bindings: the same calls timed in Rust, Kotlin and Swift, in one
//! run, over the same servers and the library as phones get it.

use std::process::Command;

use anyhow::Result;

use crate::{
    library, service,
    shipped::{self, PROFILE},
    step::{cargo, host, root, run, target},
};

/// Builds the library in the profile of phones and times it from three languages.
///
/// # Errors
/// When something does not build or run.
pub fn measure() -> Result<()> {
    let built = library::build()?;
    library::generate(&built, &["kotlin", "bindings/kotlin/generated"])?;
    library::generate(&built, &["swift", "bindings/swift/Sources"])?;
    library::generate(&built, &["json", "bindings"])?;
    let servers = service::start()?;
    // Filled once, by the first of them.
    let cache = target().join("ffi-cache");
    let host = host()?;
    let mut rust = cargo(&["bench", "--package", "tillsight", "--bench", "ffi"]);
    rust.args(["--profile", PROFILE, "--target", &host]);
    run(servers.tell(&mut rust).env("TILLSIGHT_CACHE", &cache))?;
    run(&mut shipped::alone(&host, PROFILE))?;
    let folder = target().join(&host).join(PROFILE);
    let mut kotlin = Command::new("mvn");
    kotlin.current_dir(root().join("bindings/kotlin"));
    kotlin.args(["--batch-mode", "--no-transfer-progress", "test", "-Dtest=FfiBench"]);
    kotlin.arg("-DargLine=-Dtillsight.bench=true");
    kotlin.arg(format!("-Dtillsight.library={}", folder.display()));
    run(servers.tell(&mut kotlin).env("TILLSIGHT_CACHE", &cache))?;
    let mut swift = Command::new(root().join("bindings/swift/toolchain.sh"));
    swift.current_dir(root().join("bindings/swift"));
    swift.args(["swift", "test", "--configuration", "release", "--enable-testable-imports"]);
    swift.args(["--filter", "FfiBench", "--scratch-path"]).arg(target().join("swift/release"));
    swift.args(["-Xlinker", &format!("-L{}", folder.display())]);
    swift.env("LD_LIBRARY_PATH", &folder).env("TILLSIGHT_BENCH", "1");
    swift.env("TILLSIGHT_SWIFT_SHARE", target()).env("TILLSIGHT_CACHE", &cache);
    run(servers.tell(&mut swift))
}
