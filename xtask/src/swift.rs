//! The Swift package: generated, compiled and tested against the built library.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{
    library, service,
    step::{Outcome, code, root, target},
};

/// What `toolchain.sh` ends with when there is no Swift to be had.
const NOT_HERE: i32 = 77;

/// Generates the Swift sources of the core and runs `swift test`.
///
/// # Errors
/// When something does not compile or a test fails.
pub fn test() -> Result<Outcome> {
    let built = library::build()?;
    library::generate(&built, &["swift", "bindings/swift/Sources"])?;
    library::generate(&built, &["json", "bindings"])?;
    let servers = service::start()?;
    let folder = target().join("debug");
    let scratch = target().join("swift");
    std::fs::create_dir_all(&scratch)?;
    // The package itself, and what the example app says of a screen and does with its forms.
    for package in ["bindings/swift", "examples/ios/Lines"] {
        let mut swift = Command::new(root().join("bindings/swift/toolchain.sh"));
        swift.current_dir(root().join(package));
        swift.args(["swift", "test", "--scratch-path"]).arg(scratch.join(package));
        swift.args(["-Xlinker", &format!("-L{}", folder.display())]);
        swift.env("LD_LIBRARY_PATH", &folder);
        swift.env("TILLSIGHT_SWIFT_SHARE", target());
        servers.tell(&mut swift);
        match code(&mut swift)? {
            0 => {}
            NOT_HERE => {
                return Outcome::missing("the Swift tests", "no Swift 6 toolchain; see above");
            }
            other => bail!("exit code {other}: swift test in {package}"),
        }
    }
    Ok(Outcome::Passed)
}
