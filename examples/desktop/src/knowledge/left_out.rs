//! How far what is said holds where nothing was counted: each region is judged by the counts of all others.

use std::collections::BTreeSet;

use domain::Verdict;
use serde::Serialize;
use wallet_server::knowledge::{Counts, Found, Group, Markets, find, find_all};

use crate::lines;

use super::{
    counted::{counts_of, markets_of},
    row::Row,
};

/// What was spoken of, and how often rightly where the truth is tagged.
#[derive(Default, Serialize)]
struct Spoken {
    stores: u32,
    spoken: u32,
    tagged: u32,
    wrong: u32,
}

/// Probabilities against what was true.
#[derive(Default)]
struct Held {
    pairs: Vec<(f64, bool)>,
}

#[derive(Serialize)]
struct HeldFigures {
    asked: usize,
    brier: f64,
    ece: f64,
    /// Said with at least 0.90 or at most 0.10.
    covered: f64,
    right: f64,
}

/// All figures.
#[derive(Default, Serialize)]
struct Figures {
    regions: usize,
    /// All tags hidden.
    cards: Spoken,
    credit: Spoken,
    debit: Spoken,
    cash: Spoken,
    wallets_claimed: u32,
    refusals: u32,
    /// One of visa, mastercard, debit and credit hidden, its sibling there.
    hidden: u32,
    hidden_spoken: u32,
    hidden_right: u32,
    /// Farmers' markets with one column hidden, and their states.
    states: usize,
    markets_credit: Option<HeldFigures>,
    markets_snap: Option<HeldFigures>,
    markets: Option<HeldFigures>,
}

/// A tag that is hidden, its group, and the tag beside which it is asked for.
const SIBLINGS: [(&str, Group, &str); 4] = [
    ("visa", Group::Visa, "mastercard"),
    ("mastercard", Group::Mastercard, "visa"),
    ("debit_cards", Group::Debit, "credit_cards"),
    ("credit_cards", Group::Credit, "debit_cards"),
];

const COLUMNS: [(&str, Group); 2] = [("credit_cards", Group::Credit), ("snap", Group::Snap)];

/// Prints the figures of these rows.
///
/// # Errors
/// When they cannot be written as JSON.
pub fn print(rows: &[Row], as_json: bool) -> anyhow::Result<()> {
    let mut figures = Figures::default();
    let (markets, stores): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.is_market());
    figures.stores(&stores, rows);
    figures.markets(&markets, rows);
    if as_json {
        lines::say(serde_json::to_string(&figures)?)?;
    } else {
        lines::say(serde_json::to_string_pretty(&figures)?)?;
    }
    Ok(())
}

impl Figures {
    fn stores(&mut self, stores: &[&Row], rows: &[Row]) {
        let regions: BTreeSet<(&str, &str)> =
            stores.iter().map(|row| (row.country.as_str(), row.region.as_str())).collect();
        self.regions = regions.len();
        let (counts, markets) = (counts_of(rows, |_| true), Markets::default());
        for (country, region) in regions {
            let others = counts.without(country, region);
            let here = stores.iter().filter(|row| row.country == country && row.region == region);
            for row in here {
                self.silent(row, &others, &markets);
                self.one_hidden(row, &others, &markets);
            }
        }
    }

    fn silent(&mut self, row: &Row, counts: &Counts, markets: &Markets) {
        let mut silent = row.clone();
        silent.hide("all");
        let record = silent.record();
        let found = find_all(&record, counts, markets, record.as_of);
        let said = row.said();
        for (group, found) in &found {
            self.refusals += u32::from(found.known.verdict > Verdict::Unknown);
            let is_spoken = is_spoken(found);
            let sum = match group {
                Group::Card => &mut self.cards,
                Group::Credit => &mut self.credit,
                Group::Debit => &mut self.debit,
                Group::Cash => &mut self.cash,
                Group::Wallet => {
                    self.wallets_claimed += u32::from(is_spoken);
                    continue;
                }
                _ => continue,
            };
            sum.stores += 1;
            if is_spoken {
                sum.spoken += 1;
                let truth = said.of(*group);
                sum.tagged += u32::from(truth.is_some());
                sum.wrong += u32::from(truth.is_some_and(|truth| truth != says_yes(found)));
            }
        }
    }

    fn one_hidden(&mut self, row: &Row, counts: &Counts, markets: &Markets) {
        for (key, group, sibling) in SIBLINGS {
            let truth = row.said().of(group);
            let (Some(truth), true) =
                (truth, row.pay.contains_key(key) && row.pay.contains_key(sibling))
            else {
                continue;
            };
            let mut hidden = row.clone();
            hidden.hide(key);
            let record = hidden.record();
            let found = find(&record, group, counts, markets, record.as_of);
            self.hidden += 1;
            if is_spoken(&found) {
                self.hidden_spoken += 1;
                self.hidden_right += u32::from(says_yes(&found) == truth);
            }
        }
    }

    fn markets(&mut self, markets: &[&Row], rows: &[Row]) {
        let states: BTreeSet<&str> = markets.iter().map(|row| row.region.as_str()).collect();
        self.states = states.len();
        let mut held = [Held::default(), Held::default()];
        let none = Counts::default();
        for state in states {
            let others = markets_of(rows, |row| row.region != state);
            for row in markets.iter().filter(|row| row.region == state) {
                for ((column, group), held) in COLUMNS.iter().zip(&mut held) {
                    let Some(truth) = row.said().of(*group) else { continue };
                    let mut hidden = (*row).clone();
                    hidden.hide(column);
                    let record = hidden.record();
                    let found = find(&record, *group, &none, &others, record.as_of);
                    held.pairs.extend(found.chance.map(|chance| (chance, truth)));
                }
            }
        }
        let both = Held { pairs: held.iter().flat_map(|held| held.pairs.clone()).collect() };
        let [credit, snap] = held;
        self.markets_credit = credit.figures();
        self.markets_snap = snap.figures();
        self.markets = both.figures();
    }
}

fn is_spoken(found: &Found) -> bool {
    found.known.verdict != Verdict::Unknown
}

fn says_yes(found: &Found) -> bool {
    found.known.verdict < Verdict::Unknown
}

impl Held {
    const BINS: usize = 10;

    fn figures(&self) -> Option<HeldFigures> {
        if self.pairs.is_empty() {
            return None;
        }
        let n = self.pairs.len() as f64;
        let mut bins = [(0.0, 0.0); Self::BINS];
        let (mut brier, mut covered, mut right) = (0.0, 0.0, 0.0);
        for &(chance, truth) in &self.pairs {
            let one = f64::from(u8::from(truth));
            brier += (chance - one) * (chance - one);
            if let Some((said, true_)) =
                bins.get_mut(((chance * 10.0) as usize).min(Self::BINS - 1))
            {
                *said += chance;
                *true_ += one;
            }
            if !(0.1..0.9).contains(&chance) || chance == 0.1 {
                covered += 1.0;
                right += f64::from(u8::from((chance >= 0.5) == truth));
            }
        }
        let off: f64 = bins.iter().map(|(said, true_)| (said - true_).abs()).sum();
        let thousandths = |share: f64| (share * 1_000.0).round() / 1_000.0;
        Some(HeldFigures {
            asked: self.pairs.len(),
            brier: thousandths(brier / n),
            ece: thousandths(off / n),
            covered: thousandths(covered / n),
            right: thousandths(right / f64::max(covered, 1.0)),
        })
    }
}
