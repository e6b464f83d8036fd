//! The store's own page, served by the terminal, in the browser: on a tablet and on a phone.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{
    axe,
    browser::{Browser, Letters},
};
use crate::step::{cargo, root, run, target};

/// The window of a tablet at a till.
const TABLET: (u32, u32) = (1024, 704);
const PHONE: (u32, u32) = (390, 844);

/// What came of it.
pub struct Outcome {
    /// axe's serious findings.
    pub findings: Vec<String>,
    /// What the page said went wrong.
    pub errors: Vec<String>,
    /// Where it called.
    pub foreign: Vec<String>,
}

/// A program that is ended as Ctrl-C would.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-INT", &self.0.id().to_string()]).status();
        let _ = self.0.wait();
    }
}

/// Starts a program; what `wanted` finds in a line of its output.
fn started<T>(
    program: &str,
    arguments: &[&str],
    wanted: impl Fn(&str) -> Option<T>,
) -> Result<(Running, T)> {
    let mut command = Command::new(target().join("debug").join(program));
    command.current_dir(root()).args(arguments).stdout(Stdio::piped());
    let mut child = Running(command.spawn().with_context(|| format!("{program} did not start"))?);
    let out = child.0.stdout.take().context("no output")?;
    let mut lines = BufReader::new(out).lines().map_while(Result::ok);
    let found = lines.by_ref().find_map(|line| wanted(&line));
    let found = found.with_context(|| format!("{program} ended without saying where it is"))?;
    // It may go on to say something.
    std::thread::spawn(move || lines.for_each(drop));
    Ok((child, found))
}

/// Charges, shows the code, takes the charge back, shows the day and the sign.
///
/// # Errors
/// When something is not as it should be.
pub fn run_steps(folder: &Path, axe: Option<&str>) -> Result<Outcome> {
    run(&mut cargo(&["build", "--quiet", "--package", "terminal"]))?;
    fs::create_dir_all(folder)?;
    let served = |line: &str| serde_json::from_str::<Value>(line).ok();
    let (_servers, served) = started("desktop", &["serve", "--json"], served)?;
    let at =
        |value: &Value| value.as_str().map(str::to_owned).context("the servers say too little");
    let (server, store) = (at(&served["wallet_server"])?, at(&served["store"]["id"])?);
    let key_file = at(&served["store"]["terminal_key_file"])?;
    let cashiers = folder.join("cashiers");
    fs::write(&cashiers, "Marta 4711\n")?;
    let cashiers = cashiers.display().to_string();
    let of_store = ["--wallet-server", &server, "--store", &store, "--key-file", &key_file];
    let page = ["page", "--listen", "127.0.0.1:0", "--cashiers", &cashiers];
    let link = |line: &str| Some(line[line.find("http://")?..].trim().to_owned());
    let (_terminal, link) = started("terminal", &[&of_store[..], &page].concat(), link)?;

    let browser = Browser::start(folder, Letters::OfThisMachine)?;
    browser.resize(TABLET.0, TABLET.1)?;
    browser.stand_still()?;
    let mut findings = Vec::new();
    let mut looked_at = |browser: &Browser| -> Result<()> {
        findings.extend(axe.map_or(Ok(Vec::new()), |axe| axe::findings(browser, axe))?);
        Ok(())
    };
    browser.open(&link, "document.querySelector('.keys')")?;
    for digits in ["1", "2", "5", "0"] {
        browser.click(&format!("[data-act=key][data-digits='{digits}']"))?;
    }
    browser.until("document.getElementById('sum').textContent.includes('12.50')")?;
    looked_at(&browser)?;
    browser.click("[data-act=charge]")?;
    browser.until("document.querySelector('.qr svg[role=img]')")?;
    browser.until("document.querySelector('.amount88').textContent.includes('12.50')")?;
    looked_at(&browser)?;
    browser.click("[data-act=turn]")?;
    browser.until("document.querySelector('.turned .qr')")?;
    browser.click("[data-act=show]")?;
    browser.eval("document.getElementById('code').value = 'no code of a phone'; 0")?;
    browser.click("[data-submit=read] .b.go")?;
    browser.until("document.querySelector('.err')")?;
    browser.click("[data-act=close-error]")?;
    browser.until("document.querySelector('.keys')")?;
    browser.click("[data-view=today]")?;
    browser.until("document.body.textContent.includes('Nothing was paid yet')")?;
    browser.click("[data-act=ask-close]")?;
    browser.eval("document.getElementById('pin').value = '0000'; 0")?;
    browser.click("[data-submit=close] .b.go")?;
    browser.until("document.querySelector('.err')?.textContent.includes('no cashier')")?;
    browser.eval("document.getElementById('pin').value = '4711'; 0")?;
    browser.click("[data-submit=close] .b.go")?;
    browser.until("document.body.textContent.includes('Closed at')")?;
    looked_at(&browser)?;
    browser.click("[data-view=sign]")?;
    browser.until("document.querySelector('.qr svg[role=img]')")?;
    browser.resize(PHONE.0, PHONE.1)?;
    browser.click("[data-view=charge]")?;
    browser.until("document.querySelector('.keys') && innerWidth === 390")?;
    browser.until("document.documentElement.scrollWidth <= 390")?;
    looked_at(&browser)?;
    let own = link.split("/?").next().unwrap_or_default();
    let asked = browser.eval("fetch('/state').then((it) => it.status)")?;
    ensure!(asked == 401, "the page answers without the token: {asked}");
    // The browser's own word for the answer that was asked for.
    let errors = browser.errors().into_iter().filter(|error| !error.contains("401")).collect();
    Ok(Outcome { findings, errors, foreign: browser.foreign(own) })
}
