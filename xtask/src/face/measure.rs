//! How fast the page is, and how large.

use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use serde_json::Value;

use super::{
    browser::Browser,
    page::{approve, charge, tab},
};

/// The page with its scripts and styles, compressed.
pub const MOST_BYTES: u64 = 300 * 1024;
/// From a click to the changed screen, at the median.
const MOST_CLICK_MS: f64 = 50.0;
/// While the position is dragged.
const LEAST_FRAMES: f64 = 30.0;
/// From the opened page to the first payment, by the three steps of docs/harness.md.
const MOST_FIRST_PAYMENT_S: f64 = 180.0;
/// From the navigation to the first paint.
const MOST_PAINT_MS: f64 = 1_000.0;

/// What was measured.
#[derive(Serialize)]
pub struct Measured {
    click_ms_median: f64,
    frames_per_s: f64,
    /// The page, its styles and scripts, each through gzip.
    pub bytes_compressed: u64,
    /// From the navigation.
    pub first_paint_ms: f64,
    /// Of somebody who needs no time to read; only in a run that measures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_payment_s: Option<f64>,
}

impl Measured {
    /// Whether all of it is as fast as it is to be.
    pub fn is_within_bars(&self) -> bool {
        self.click_ms_median <= MOST_CLICK_MS
            && self.frames_per_s >= LEAST_FRAMES
            && self.first_paint_ms <= MOST_PAINT_MS
            && self.first_payment_s.is_none_or(|seconds| seconds <= MOST_FIRST_PAYMENT_S)
    }

    /// Of each the worse.
    pub fn or_worse(self, other: Self) -> Self {
        Self {
            click_ms_median: self.click_ms_median.max(other.click_ms_median),
            frames_per_s: self.frames_per_s.min(other.frames_per_s),
            bytes_compressed: self.bytes_compressed.max(other.bytes_compressed),
            first_paint_ms: self.first_paint_ms.max(other.first_paint_ms),
            first_payment_s: self.first_payment_s.or(other.first_payment_s),
        }
    }
}

fn number(value: &Value) -> Result<f64> {
    value.as_f64().context("no number was measured")
}

/// From the navigation to the first paint, milliseconds.
///
/// # Errors
/// As the browser.
pub fn first_paint(browser: &Browser) -> Result<f64> {
    let text = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime";
    browser.until(text)?;
    number(&browser.eval(text)?)
}

/// Clicks and drags, fewer of them unless `bench`.
///
/// # Errors
/// As the browser.
pub fn measure(browser: &Browser, first_paint_ms: f64, bench: bool) -> Result<Measured> {
    let (clicks, moves) = if bench { (40, 240) } else { (6, 30) };
    Ok(Measured {
        click_ms_median: click_ms(browser, clicks)?,
        frames_per_s: frames(browser, moves)?,
        bytes_compressed: bytes(browser)?,
        first_paint_ms,
        first_payment_s: None,
    })
}

/// The first payment on a page that was just opened, by the steps of docs/harness.md, each done as soon as it
/// can be.
///
/// # Errors
/// When it does not come to one.
pub fn first_payment_s(browser: &Browser) -> Result<f64> {
    let begun = Instant::now();
    browser.click(".pl")?;
    // The walk takes longer than anything else on the page.
    let inside = "import('/calls.js').then(({ state: it }) => it.screens.settlement.place === 'here' \
                  && it.screens.settlement.store?.id === it.walk.store && it.till?.store === it.walk.store)";
    let there = (0..6).any(|_| browser.until(inside).is_ok());
    ensure!(there, "the walk came to no store");
    charge(browser)?;
    tab(browser, "scan")?;
    browser.click(".vf")?;
    approve(browser)?;
    browser.until("document.querySelector('#phone .won')")?;
    Ok(begun.elapsed().as_secs_f64())
}

/// The choice of methods is changed: the screen that the core draws for it is on the glass.
fn click_ms(browser: &Browser, clicks: usize) -> Result<f64> {
    browser.click("[data-act=tab][data-tab=money]")?;
    browser.until("document.querySelector('[data-act=ask]')")?;
    browser.eval(
        "window.clicked = []; addEventListener('click', (event) => { \
         if (!event.target.closest('[data-act=ask]')) return; const at = event.timeStamp; \
         const seen = new MutationObserver(() => requestAnimationFrame(() => { \
         if (!document.querySelector(`[data-choice=${window.wanted}][aria-pressed=true]`)) return; \
         seen.disconnect(); window.clicked.push(performance.now() - at); })); \
         seen.observe(document.getElementById('phone'), { subtree: true, childList: true, \
         attributes: true }); }, true); 0",
    )?;
    for nth in 0..clicks {
        let choice = ["most_used", "all"][nth % 2];
        browser.eval(&format!("window.wanted = '{choice}'; 0"))?;
        browser.click(&format!("[data-act=ask][data-choice={choice}]"))?;
        browser.until(&format!("window.clicked.length > {nth}"))?;
    }
    let median = "window.clicked.sort((a, b) => a - b)[window.clicked.length >> 1]";
    number(&browser.eval(median)?)
}

/// The position is dragged in circles: frames in which the page drew.
fn frames(browser: &Browser, moves: usize) -> Result<f64> {
    browser.click("[data-act=tab][data-tab=here]")?;
    browser.click("[data-act=centre]")?;
    let (x, y) = browser.middle("#grip")?;
    browser.mouse("mousePressed", (x, y))?;
    browser.eval(
        "window.frames0 = performance.now(); window.framed = 0; window.framing = true; \
         (function next() { if (!window.framing) return; window.framed += 1; \
         requestAnimationFrame(next); })(); 0",
    )?;
    for nth in 0..moves {
        let turn = nth as f64 / 20.0;
        browser.mouse("mouseMoved", (x + 60.0 * turn.sin(), y + 60.0 * (1.0 - turn.cos())))?;
        thread::sleep(Duration::from_millis(8));
    }
    let rate = browser.eval(
        "window.framing = false; window.framed / ((performance.now() - window.frames0) / 1000)",
    )?;
    browser.mouse("mouseReleased", (x, y))?;
    number(&rate)
}

fn bytes(browser: &Browser) -> Result<u64> {
    let sum = browser.eval(
        "(async () => { const own = [location.origin + '/', ...performance.getEntriesByType('resource')\
         .map((it) => it.name).filter((name) => /[.](js|css)$/.test(name))]; let sum = 0; \
         for (const name of new Set(own)) { const reply = await fetch(name); \
         const packed = reply.body.pipeThrough(new CompressionStream('gzip')); \
         sum += (await new Response(packed).arrayBuffer()).byteLength; } return sum; })()",
    )?;
    sum.as_u64().context("no size was measured")
}
