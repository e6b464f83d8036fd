//! The harness in a process of its own, until the run is over.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    thread,
};

use anyhow::{Context, Result, bail};

use crate::step::{cargo, root, run, target};

/// A harness that serves its page.
pub struct Harness {
    child: Child,
    /// With the token.
    pub link: String,
}

impl Harness {
    /// Builds the harness and starts it with these arguments.
    ///
    /// # Errors
    /// When it does not build, or prints no link.
    pub fn start(arguments: &[&str]) -> Result<Self> {
        run(&mut cargo(&["build", "--quiet", "--package", "desktop"]))?;
        let mut command = Command::new(target().join("debug/desktop"));
        // Every store has something to show.
        command.current_dir(root()).args(["--lists", "generated"]);
        command.args(arguments).stdout(Stdio::piped());
        let mut child = command.spawn().context("the harness did not start")?;
        let out = child.stdout.take().context("no output")?;
        let mut lines = BufReader::new(out).lines().map_while(Result::ok);
        let link = lines.by_ref().find_map(|line| {
            let at = line.find("http://127.0.0.1:")?;
            line.contains("token=").then(|| line[at..].trim().to_owned())
        });
        let Some(link) = link else {
            let _ = child.kill();
            bail!("the harness ended without a link to its page");
        };
        // It may go on to say something.
        thread::spawn(move || lines.for_each(drop));
        Ok(Self { child, link })
    }

    /// The address without the token.
    pub fn origin(&self) -> &str {
        self.link.split("/?").next().unwrap_or_default()
    }
}

impl Drop for Harness {
    /// As Ctrl-C would, so that it removes its folders.
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}
