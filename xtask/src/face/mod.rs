//! The harness's page in a real browser: walked, dragged, broken and paid on, and measured.

mod axe;
mod browser;
mod counter;
mod eye;
mod harness;
mod measure;
mod page;
mod payments;
mod pictures;
mod steps;

use std::{fs, path::Path};

use anyhow::{Result, bail};
use serde::Serialize;

use crate::step::{Outcome, has, has_or_installs, in_ci, target, there_or_installs};
use browser::{Browser, DESK, FONTS, Letters};
use harness::Harness;

/// The window of a phone.
const PHONE: (u32, u32) = (390, 844);

/// The step on the store's own page.
const COUNTER: &str = "the store's own page charges, shows its code, its day and its sign";

/// The step on the documents.
const PICTURES: &str = "the pictures of the documents show the page as it is";

const BROWSER_ASKED: &str = "`apt-get install chromium fonts-noto-cjk`";

/// How many stores the page is measured with beside the city's own.
const MANY: &str = "2000";

/// What a run came to.
#[derive(Serialize)]
struct Report {
    steps: Vec<Step>,
    console_errors: usize,
    foreign_requests: usize,
    /// Serious and critical findings; absent where axe-core could not be had.
    axe_serious: Option<usize>,
    #[serde(flatten)]
    measured: measure::Measured,
}

/// One step and whether it did what it should.
#[derive(Serialize)]
struct Step {
    name: &'static str,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// What a run is asked for.
#[derive(Clone, Copy, Default)]
pub struct Asked<'a> {
    /// Measures longer, and over 2,000 stores, too.
    pub bench: bool,
    /// One line.
    pub json: bool,
    /// Only the steps with these words in their name.
    pub only: &'a str,
}

/// Runs the page's steps and measures it.
///
/// # Errors
/// When a step fails, or what was measured is beyond its bar in a run that measures.
pub fn run(asked: Asked<'_>) -> Result<Outcome> {
    let Asked { bench, json, only } = asked;
    if !has_browser()? {
        return Outcome::missing("the page in a browser", BROWSER_ASKED);
    }
    let axe = match has("npm") || (in_ci() && has_or_installs(&["npm"], &["npm"])?) {
        true => Some(axe::fetch()?),
        false => None,
    };
    let harness = Harness::start(&[])?;
    let folder = target().join("face").join(format!("browser-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let browser = Browser::start(&folder, Letters::OfThisMachine)?;
    browser.resize(DESK.0, DESK.1)?;
    browser.stand_still()?;
    browser.open(&harness.link, "document.querySelector('#phone .tabs')")?;
    let first_paint_ms = measure::first_paint(&browser)?;
    let (mut steps, mut findings) = (Vec::new(), Vec::new());
    let mut errors_of_counter = (Vec::new(), Vec::new());
    for (name, step) in steps::STEPS.iter().filter(|(name, _)| name.contains(only)) {
        let done = step(&browser);
        let why = done.err().map(|error| format!("{error:#}"));
        if why.is_some() {
            keep_picture(&browser, name)?;
        }
        steps.push(Step { name, ok: why.is_none(), why });
        if let Some(axe) = &axe {
            findings.extend(axe::findings(&browser, axe)?);
        }
    }
    browser.resize(PHONE.0, PHONE.1)?;
    let at_phone_width = steps::at_phone_width(&browser);
    let why = at_phone_width.err().map(|error| format!("{error:#}"));
    steps.push(Step { name: "the same at the width of a phone", ok: why.is_none(), why });
    if let Some(axe) = &axe {
        findings.extend(axe::findings(&browser, axe)?);
    }
    browser.resize(DESK.0, DESK.1)?;
    let mut measured = measure::measure(&browser, first_paint_ms, bench)?;
    if COUNTER.contains(only) {
        let counter = counter::run_steps(&folder.join("counter"), axe.as_deref());
        let why = counter.as_ref().err().map(|error| format!("{error:#}"));
        steps.push(Step { name: COUNTER, ok: why.is_none(), why });
        if let Ok(counter) = counter {
            findings.extend(counter.findings);
            errors_of_counter = (counter.errors, counter.foreign);
        }
    }
    if PICTURES.contains(only) {
        let why = pictures::check().err().map(|error| format!("{error:#}"));
        steps.push(Step { name: PICTURES, ok: why.is_none(), why });
    }
    findings.sort();
    findings.dedup();
    findings.iter().for_each(|found| eprintln!("axe: {found}"));
    let (mut errors, mut foreign) = (browser.errors(), browser.foreign(harness.origin()));
    errors.extend(errors_of_counter.0);
    foreign.extend(errors_of_counter.1);
    errors.iter().chain(&foreign).for_each(|it| eprintln!("the page: {it}"));
    drop((browser, harness));
    fs::remove_dir_all(&folder)?;
    if bench {
        measured = measured.or_worse(over_many_stores(&folder)?);
        measured.first_payment_s = Some(fresh(&[], &folder, measure::first_payment_s)?);
    }
    let report = Report {
        steps,
        console_errors: errors.len(),
        foreign_requests: foreign.len(),
        axe_serious: axe.map(|_| findings.len()),
        measured,
    };
    if json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        println!("{}", serde_json::to_string_pretty(&report)?);
    }
    judge(&report, bench)
}

/// Takes the documents' pictures anew.
///
/// # Errors
/// When the page does not come to show them.
pub fn take_pictures() -> Result<Outcome> {
    if !has_browser()? {
        return Outcome::missing("the pictures", BROWSER_ASKED);
    }
    pictures::write()?;
    Ok(Outcome::Passed)
}

/// Whether the browser is there, and the font that has the letters of all stores.
fn has_browser() -> Result<bool> {
    let there = || has("chromium") && Path::new(FONTS).is_dir();
    there_or_installs(there, &["chromium", "fonts-noto-cjk"])
}

/// The same figures with many more stores than the city has.
fn over_many_stores(folder: &Path) -> Result<measure::Measured> {
    fresh(&["--stores", MANY], folder, |browser| {
        let first_paint_ms = measure::first_paint(browser)?;
        measure::measure(browser, first_paint_ms, true)
    })
}

/// What `of` comes to on a page of its own, just opened.
fn fresh<T>(
    arguments: &[&str],
    folder: &Path,
    of: impl FnOnce(&Browser) -> Result<T>,
) -> Result<T> {
    let harness = Harness::start(arguments)?;
    fs::create_dir_all(folder)?;
    let browser = Browser::start(folder, Letters::OfThisMachine)?;
    browser.resize(DESK.0, DESK.1)?;
    browser.open(&harness.link, "document.querySelector('#phone .tabs')")?;
    let came = of(&browser);
    drop(browser);
    fs::remove_dir_all(folder)?;
    came
}

/// Pictures of what failed are for whoever looks into it.
fn keep_picture(browser: &Browser, name: &str) -> Result<()> {
    let folder = target().join("face");
    let file = folder.join(format!("{}.png", name.replace(' ', "-")));
    fs::write(&file, browser.picture_of("body")?)?;
    eprintln!("{} shows where it failed", file.display());
    Ok(())
}

fn judge(report: &Report, bench: bool) -> Result<Outcome> {
    let failed = report.steps.iter().filter(|step| !step.ok).count();
    if failed + report.console_errors + report.foreign_requests + report.axe_serious.unwrap_or(0)
        > 0
    {
        bail!("the page does not do what it should: see above");
    }
    if report.measured.bytes_compressed > measure::MOST_BYTES {
        bail!("the page has more than {} bytes compressed", measure::MOST_BYTES);
    }
    // How busy the machine is, is no fault of the page: held only where it is asked for.
    if bench && !report.measured.is_within_bars() {
        bail!("the page is slower than its bars");
    }
    match report.axe_serious {
        Some(_) => Ok(Outcome::Passed),
        None => Outcome::missing("axe-core over the page", "install npm"),
    }
}
