//! The Swift package: generated, compiled and tested against the built library.

use std::{path::Path, process::Command};

use anyhow::{Result, bail};

use crate::{
    library, service,
    step::{Outcome, code, root, target},
};

/// What `toolchain.sh` ends with when there is no Swift to be had.
const NOT_HERE: i32 = 77;

/// Generates the Swift sources of the core, runs `swift test`, and type-checks the example app.
///
/// # Errors
/// When something does not compile or a test fails.
pub fn test() -> Result<Outcome> {
    let built = library::build()?;
    library::generate(&built, &["swift", "bindings/swift/Sources"])?;
    library::generate(&built, &["json", "bindings"])?;
    let servers = service::start()?;
    let folder = target().join("debug");
    let scratch = target().join("swift/bindings/swift");
    std::fs::create_dir_all(&scratch)?;
    let mut swift = toolchain("bindings/swift");
    swift.args(["swift", "test", "--scratch-path"]).arg(&scratch);
    swift.args(["-Xlinker", &format!("-L{}", folder.display())]);
    swift.env("LD_LIBRARY_PATH", &folder);
    servers.tell(&mut swift);
    match code(&mut swift)? {
        0 => {}
        NOT_HERE => return Outcome::missing("the Swift tests", "no Swift 6 toolchain; see above"),
        other => bail!("exit code {other}: swift test in bindings/swift"),
    }
    check_app(&scratch)?;
    Ok(Outcome::Passed)
}

/// A command of the toolchain in `folder`, which sees the target folder.
fn toolchain(folder: &str) -> Command {
    let mut command = Command::new(root().join("bindings/swift/toolchain.sh"));
    command.current_dir(root().join(folder)).env("TILLSIGHT_SWIFT_SHARE", target());
    command
}

/// Type-checks the example app against the package that was built in `scratch`, and against the
/// stand-ins for Apple's frameworks.
fn check_app(scratch: &Path) -> Result<()> {
    let app = root().join("examples/ios/App");
    let mut files: Vec<_> = std::fs::read_dir(&app)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|ending| ending == "swift"));
    files.sort();
    let mut check = toolchain("examples/ios/App");
    check.args(["swiftc", "-typecheck", "-swift-version", "6", "-parse-as-library", "-I"]);
    check.arg(scratch.join("debug/Modules")).arg("-I");
    check.arg(root().join("bindings/swift/Sources/TillsightCoreFFI")).args(files);
    match code(&mut check)? {
        0 => Ok(()),
        other => bail!("exit code {other}: swiftc -typecheck in examples/ios/App"),
    }
}
