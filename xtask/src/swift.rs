//! The Swift package: generated, compiled and tested against the built library.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{
    library, service,
    step::{Outcome, code, root, target},
};

/// What `toolchain.sh` ends with when there is no Swift to be had.
const NOT_HERE: i32 = 77;

/// Generates the Swift sources of the core, runs `swift test`, and parses the example app.
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
    parse_app()?;
    Ok(Outcome::Passed)
}

/// Parses the example app's views, which only Apple's tools compile: what is no Swift is found here.
fn parse_app() -> Result<()> {
    let app = root().join("examples/ios/App");
    let mut files: Vec<_> = std::fs::read_dir(&app)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|ending| ending == "swift"));
    files.sort();
    let mut parse = Command::new(root().join("bindings/swift/toolchain.sh"));
    parse.current_dir(&app).args(["swiftc", "-parse"]).args(files);
    match code(&mut parse)? {
        0 => Ok(()),
        other => bail!("exit code {other}: swiftc -parse in examples/ios/App"),
    }
}
