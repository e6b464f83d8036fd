//! `doctor`: what of the toolchains is there, what each is for, and how what is missing is had.

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

use serde::Serialize;

use crate::lines;

/// Prints what is there.
#[derive(clap::Args)]
pub struct Args {
    /// One JSON line for each.
    #[arg(long)]
    json: bool,
}

/// A tool as it is looked for.
struct Tool {
    name: &'static str,
    /// What says its version.
    asked: &'static [&'static str],
    needed_for: &'static str,
    get_it: &'static str,
    /// The whole test command runs it on every machine.
    every_test: bool,
}

const fn tool(
    name: &'static str,
    asked: &'static [&'static str],
    needed_for: &'static str,
    get_it: &'static str,
    every_test: bool,
) -> Tool {
    Tool { name, asked, needed_for, get_it, every_test }
}

const TOOLS: [Tool; 9] = [
    tool("Rust", &["rustc", "--version"], "everything", "https://rustup.rs", true),
    tool("Cargo", &["cargo", "--version"], "everything", "https://rustup.rs", true),
    tool(
        "C compiler",
        &["cc", "--version"],
        "SQLite and ring",
        "`apt-get install build-essential`; on macOS `xcode-select --install`",
        true,
    ),
    tool(
        "Chromium",
        &["chromium", "--version"],
        "cargo xtask face",
        "`apt-get install chromium fonts-noto-cjk`",
        false,
    ),
    tool(
        "npm",
        &["npm", "--version"],
        "axe-core in cargo xtask face",
        "`apt-get install npm`",
        false,
    ),
    tool(
        "JDK",
        &["java", "-version"],
        "cargo xtask kotlin",
        "`apt-get install openjdk-21-jdk-headless`",
        false,
    ),
    tool("Swift", &["swift", "--version"], "cargo xtask swift", "https://swift.org/install", false),
    tool(
        "D-Bus",
        &["dbus-daemon", "--version"],
        "the tests of the core's own radio",
        "`apt-get install dbus`",
        false,
    ),
    tool("Xcode", &["xcodebuild", "-version"], "cargo xtask package ios", "the App Store", false),
];

/// What was found of a tool.
#[derive(Serialize)]
struct Found {
    tool: &'static str,
    /// The first line that it said of itself; none where it is missing.
    version: Option<String>,
    needed_for: &'static str,
    get_it: &'static str,
}

/// Looks for each tool and says what is there. The exit code is 1 where something is missing that nothing runs
/// without.
///
/// # Errors
/// When nobody reads what is printed.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut is_able = true;
    for tool in &TOOLS {
        let found = look(tool);
        is_able &= found.version.is_some() || !tool.every_test;
        say(&found, args.json)?;
    }
    say(&ndk(), args.json)?;
    Ok(if is_able { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn say(found: &Found, json: bool) -> anyhow::Result<()> {
    let Found { tool, version, needed_for, get_it } = found;
    match version {
        _ if json => lines::say(serde_json::to_string(found)?)?,
        Some(version) => lines::say(format_args!("there    {tool:<11} {version}"))?,
        None => lines::say(format_args!("MISSING  {tool:<11} for {needed_for}: {get_it}"))?,
    }
    Ok(())
}

fn look(tool: &Tool) -> Found {
    let (needed_for, get_it) = (tool.needed_for, tool.get_it);
    let version = version(tool.asked).or_else(|| match tool.name {
        "JDK" => in_java_home(),
        "Swift" => unpacked_swift(&swift_folder()?),
        _ => None,
    });
    Found { tool: tool.name, version, needed_for, get_it }
}

/// Where Maven looks for it.
fn in_java_home() -> Option<String> {
    let java = Path::new(&std::env::var_os("JAVA_HOME")?).join("bin").join("java");
    version(&[java.to_str()?, "-version"])
}

/// Where `bindings/swift/toolchain.sh` unpacks Debian's.
fn swift_folder() -> Option<PathBuf> {
    let named = |name| std::env::var_os(name).map(PathBuf::from);
    let cache = || named("XDG_CACHE_HOME").or_else(|| Some(named("HOME")?.join(".cache")));
    named("TILLSIGHT_SWIFT").or_else(|| Some(cache()?.join("tillsight").join("swift")))
}

/// It runs only inside its folder, and a link there leads nowhere from outside.
fn unpacked_swift(folder: &Path) -> Option<String> {
    let command = folder.join("usr/bin/swift");
    command.is_symlink().then(|| format!("Debian's, in {}", folder.display()))
}

fn version(asked: &[&str]) -> Option<String> {
    let (program, arguments) = asked.split_first()?;
    let said = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    // Java says it on its error output.
    let text = if said.stdout.is_empty() { said.stderr } else { said.stdout };
    let text = String::from_utf8_lossy(&text).into_owned();
    said.status.success().then(|| text.lines().next().unwrap_or_default().trim().to_owned())
}

/// Android's NDK has no program on the path: it is where `ANDROID_NDK_HOME` says.
fn ndk() -> Found {
    let home = std::env::var_os("ANDROID_NDK_HOME");
    let said = home
        .and_then(|home| std::fs::read_to_string(Path::new(&home).join("source.properties")).ok());
    let revision = said.as_deref().and_then(|said| said.lines().find_map(revision_of));
    Found {
        tool: "Android NDK",
        version: revision.map(str::to_owned),
        needed_for: "cargo xtask package android",
        get_it: "Android Studio's SDK manager; then set ANDROID_NDK_HOME",
    }
}

fn revision_of(line: &str) -> Option<&str> {
    let (key, value) = line.split_once('=')?;
    (key.trim() == "Pkg.Revision").then(|| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_says_its_version_and_what_is_not_says_none() {
        assert!(version(&["cargo", "--version"]).is_some_and(|said| said.starts_with("cargo ")));
        assert_eq!(version(&["no-such-program-anywhere", "--version"]), None);
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(unpacked_swift(folder.path()), None);
        std::fs::create_dir_all(folder.path().join("usr/bin")).unwrap();
        #[cfg(unix)]
        {
            let link = folder.path().join("usr/bin/swift");
            std::os::unix::fs::symlink("/nowhere/swift", link).unwrap();
            assert!(unpacked_swift(folder.path()).is_some_and(|said| said.starts_with("Debian's")));
        }
        assert_eq!(revision_of("Pkg.Revision = 27.0.1"), Some("27.0.1"));
    }
}
