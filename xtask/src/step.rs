//! Running other programs: each step says what it runs, and fails with the command that failed.

use std::{
    env, io,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

/// The longest step, everything built anew, takes a third of this on two cores.
const LONGEST: Duration = Duration::from_mins(30);

/// What a step came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It ran and passed.
    Passed,
    /// It could not run on this machine, for this reason.
    Skipped(String),
}

impl Outcome {
    /// A step that cannot run here: said aloud, and in CI a failure, because CI has everything.
    ///
    /// # Errors
    /// In CI (`CI=true`).
    pub fn missing(what: &str, reason: &str) -> Result<Self> {
        if in_ci() {
            bail!("{what} did not run, and CI must run them: {reason}");
        }
        eprintln!("SKIPPED {what}: {reason}");
        Ok(Self::Skipped(reason.to_owned()))
    }
}

/// The parts of a run that have ended, each with how long it took.
#[derive(Debug, Default)]
pub struct Parts(Vec<(&'static str, Outcome, Duration)>);

impl Parts {
    /// Runs one part and remembers what it came to.
    ///
    /// # Errors
    /// What `part` fails with.
    pub fn add(
        &mut self,
        name: &'static str,
        part: impl FnOnce() -> Result<Outcome>,
    ) -> Result<()> {
        let begun = Instant::now();
        let outcome = part()?;
        self.0.push((name, outcome, begun.elapsed()));
        Ok(())
    }

    /// One line for each part, so that what was left out is the last thing read.
    pub fn summary(&self) -> String {
        let lines = self.0.iter().map(|(part, outcome, took)| match outcome {
            Outcome::Passed => format!("passed   {part} ({} s)", took.as_secs()),
            Outcome::Skipped(reason) => format!("SKIPPED  {part}: {reason}"),
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// Whether this runs in CI, where nothing may be left out.
pub fn in_ci() -> bool {
    env::var_os("CI").is_some_and(|value| value == "true")
}

/// Whether programs may be installed without asking for a password.
pub fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// The root of the workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Where cargo builds.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// What rustc calls this machine.
///
/// # Errors
/// When rustc does not say.
pub fn host() -> Result<String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("-vV").current_dir(root()).output().context("rustc")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc does not tell its host")
}

/// A cargo command in the workspace.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args(arguments);
    command
}

/// Runs `command` and shows its output.
///
/// # Errors
/// When it cannot be started or ends with anything but 0.
pub fn run(command: &mut Command) -> Result<()> {
    match code(command)? {
        0 => Ok(()),
        code => bail!("exit code {code}: {command:?}"),
    }
}

/// Runs `command`, shows its output and gives its exit code. In CI, where nobody watches, one that
/// hangs is ended.
///
/// # Errors
/// When it cannot be started, was ended by a signal, or did not end within [`LONGEST`] in CI.
pub fn code(command: &mut Command) -> Result<i32> {
    eprintln!("$ {}", shown(command));
    let status = if in_ci() { watched(command)? } else { started(command.status(), command)? };
    status.code().with_context(|| format!("ended by a signal: {command:?}"))
}

fn started<T>(outcome: io::Result<T>, command: &Command) -> Result<T> {
    outcome.with_context(|| format!("could not start {command:?}"))
}

fn watched(command: &mut Command) -> Result<ExitStatus> {
    // A group of its own, so that what it started ends with it.
    let child = command.process_group(0).spawn();
    let mut child = started(child, command)?;
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if begun.elapsed() > LONGEST {
            Command::new("kill").args(["-9", "--", &format!("-{}", child.id())]).status()?;
            child.wait()?;
            bail!("did not end within {} minutes: {command:?}", LONGEST.as_secs() / 60);
        }
        thread::sleep(Duration::from_millis(100));
    }
}

/// Whether a program is there to be run.
pub fn has(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok()
}

/// Whether the loader of this machine finds all of `libraries`; said of Linux only.
pub fn has_libraries(libraries: &[&str]) -> bool {
    let known = Command::new("/sbin/ldconfig").arg("-p").output();
    let known = known.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let known = known.unwrap_or_default();
    libraries.iter().all(|library| known.contains(library))
}

/// Whether all of `programs` are there. A machine of CI is changed to have them, by Debian's
/// `packages`; one of a person is not.
///
/// # Errors
/// When the packages cannot be installed.
pub fn has_or_installs(programs: &[&str], packages: &[&str]) -> Result<bool> {
    there_or_installs(|| programs.iter().all(|program| has(program)), packages)
}

/// The same for whatever `there` looks for.
///
/// # Errors
/// When the packages cannot be installed.
pub fn there_or_installs(there: impl Fn() -> bool, packages: &[&str]) -> Result<bool> {
    if !there() && in_ci() && is_root() && has("apt-get") {
        run(Command::new("apt-get").args(["update", "--quiet"]))?;
        let mut install = Command::new("apt-get");
        install.args(["install", "--yes", "--quiet", "--no-install-recommends"]).args(packages);
        run(install.env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    Ok(there())
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Parts};

    #[test]
    fn a_part_that_did_not_run_is_never_told_as_passed() {
        let mut parts = Parts::default();
        parts.add("Rust", || Ok(Outcome::Passed)).unwrap();
        parts.add("Swift", || Ok(Outcome::Skipped("no toolchain".to_owned()))).unwrap();
        assert_eq!(parts.summary(), "passed   Rust (0 s)\nSKIPPED  Swift: no toolchain");
    }
}
