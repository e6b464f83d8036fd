//! A recording on the phone in place of what it senses now: loaded, scrubbed and played.

use anyhow::Context as _;
use domain::{Position, Timestamp};
use serde_json::{Value, json};
use tillsight::{Wallet, entry::recording::MAX_BYTES, screen::SettlementScreen};

use super::{evidence::Evidence, street::MadeFix};

/// So many signals are shown at most: each has a screen of some ten kilobytes. The verb `replay` takes more.
const MOST_SIGNALS: usize = 5_000;

/// A recording that is shown.
pub struct Rerun {
    lines: Vec<Value>,
    /// Of each signal: the last of its lines, and seconds from the beginning.
    signals: Vec<(usize, f64)>,
    screens: Vec<SettlementScreen>,
    at_s: f64,
    plays: bool,
}

impl Rerun {
    /// Reads a recording and lets the phone's core go through it, as if it had ended now.
    ///
    /// # Errors
    /// When it is no recording, is longer than any or than is shown, or has no signal.
    pub fn of(text: &str, wallet: &Wallet, now: Timestamp) -> anyhow::Result<Self> {
        anyhow::ensure!(text.len() <= MAX_BYTES, "it is longer than a recording");
        let mut lines = Vec::new();
        let mut signals: Vec<(usize, f64)> = Vec::new();
        for (line, number) in text.lines().zip(1..) {
            let line: Value = serde_json::from_str(line)
                .with_context(|| format!("line {number} is none of a recording"))?;
            let at_ms = line.get("at").and_then(Value::as_f64);
            if line.get("judged").is_some() {
                // Belongs to the signal before it.
                if let Some((last, _)) = signals.last_mut() {
                    *last = lines.len();
                }
            } else if let Some(at_ms) = at_ms {
                signals.push((lines.len(), at_ms / 1_000.0));
            }
            lines.push(line);
        }
        anyhow::ensure!(signals.len() <= MOST_SIGNALS, "it has more signals than the page shows");
        let whole_s = signals.last().context("there is no signal in it")?.1;
        let began = Timestamp(now.0.saturating_sub((whole_s * 1_000.0) as i64));
        let screens = wallet.replay(text, began)?;
        Ok(Self { lines, signals, screens, at_s: 0.0, plays: false })
    }

    fn whole_s(&self) -> f64 {
        self.signals.last().map_or(0.0, |signal| signal.1)
    }

    /// How many signals have come by the moment that is shown, the first always.
    fn come(&self) -> usize {
        self.signals.partition_point(|signal| signal.1 <= self.at_s).max(1)
    }

    /// Shows the moment so many seconds from the beginning.
    pub fn seek(&mut self, at_s: f64) {
        self.at_s = at_s.clamp(0.0, self.whole_s());
    }

    /// Goes on by itself, or stands.
    pub fn play(&mut self, on: bool) {
        self.plays = on;
        if on && self.at_s >= self.whole_s() {
            self.at_s = 0.0;
        }
    }

    /// Time passed, seconds of the recording; whether there is something new to draw.
    pub fn pass(&mut self, seconds: f64) -> bool {
        if !self.plays {
            return false;
        }
        self.seek(self.at_s + seconds);
        self.plays = self.at_s < self.whole_s();
        true
    }

    /// What the phone showed then.
    pub fn screen(&self) -> Option<&SettlementScreen> {
        self.screens.get(self.come() - 1)
    }

    fn lines_so_far(&self) -> &[Value] {
        let last = self.signals.get(self.come() - 1).map_or(0, |signal| signal.0);
        self.lines.get(..=last).unwrap_or_default()
    }

    /// What each signal said until then.
    pub fn evidence(&self) -> Value {
        Evidence::of(self.lines_so_far()).json()
    }

    /// Where the receiver said the phone was, and how sure it was, metres.
    pub fn fix(&self, spot: impl Fn(Position) -> (f64, f64)) -> Option<MadeFix> {
        let fix = self.lines_so_far().iter().rev().find_map(|line| line.get("fix"))?;
        let e7 = |key: &str| fix.get(key)?.as_i64().and_then(|e7| i32::try_from(e7).ok());
        let position = Position::from_e7(e7("lat_e7")?, e7("lon_e7")?).ok()?;
        Some(MadeFix { at: spot(position), accuracy_m: fix.get("accuracy_m")?.as_f64()? })
    }

    /// As the page shows it.
    pub fn json(&self) -> Value {
        json!({
            "at_s": self.at_s, "whole_s": self.whole_s(), "plays": self.plays,
            "come": self.come(), "signals": self.signals.len(),
        })
    }
}
