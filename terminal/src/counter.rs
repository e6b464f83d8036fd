//! The counter of one store as a page shows it: one charge at a time, and what was paid since the last closing.

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    path::PathBuf,
};

use anyhow::Context as _;
use domain::{
    Channel, Money, Store,
    wire::{Charge, ChargeRequest, ChargeState, Closing, PaymentSign, RefundRequest},
};
use qrcode::{Color, EcLevel, QrCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Keyed, Refusal, new_id};

/// A code is renewed so long before it ends, ms.
const RENEW_BEFORE_MS: i64 = 10_000;

/// The counter of one store.
pub struct Counter {
    terminal: Keyed,
    store: Store,
    charge: Option<Charge>,
    channel: Channel,
    sign: Option<PaymentSign>,
    /// What was paid, the newest last.
    day: Vec<Paid>,
    closed: Option<Closing>,
    /// Why the wallet server gave no answer last.
    away: Option<String>,
    /// Where the charges of the day are kept.
    day_file: Option<PathBuf>,
}

struct Paid {
    charge: Charge,
    channel: Channel,
}

/// A line of the day's file: what became of the charge, the wallet server says.
#[derive(Serialize, Deserialize)]
struct Kept {
    charge: Uuid,
    channel: Channel,
}

impl Counter {
    /// The counter of `store`, with its terminal.
    pub fn new(terminal: Keyed, store: &Store) -> Self {
        Self {
            terminal,
            store: store.clone(),
            charge: None,
            channel: Channel::Scan,
            sign: None,
            day: Vec::new(),
            closed: None,
            away: None,
            day_file: None,
        }
    }

    /// Keeps the charges of the day in `file`, and goes on with those that are in it: a tablet that is switched
    /// off loses no day.
    ///
    /// # Errors
    /// When the file cannot be read or is of something else, or the wallet server does not answer.
    pub fn keep_day(&mut self, file: PathBuf) -> anyhow::Result<()> {
        let text = match fs::read_to_string(&file) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            read => read.with_context(|| format!("cannot read {}", file.display()))?,
        };
        for line in text.lines() {
            let kept: Kept = serde_json::from_str(line)
                .with_context(|| format!("{} is no day of a counter", file.display()))?;
            let (charge, channel) = match self.terminal.charge_of(kept.charge) {
                Ok(charge) => (charge, kept.channel),
                // It was refused when it was asked for.
                Err(error) if is_unknown(&error) => continue,
                Err(error) => return Err(error),
            };
            if charge.state == ChargeState::Paid {
                self.day.push(Paid { charge, channel });
            } else if is_under_way(&charge) {
                (self.charge, self.channel) = (Some(charge), channel);
            }
        }
        self.day_file = Some(file);
        Ok(())
    }

    /// Whose it is.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Whether a charge is open or being paid.
    pub fn is_busy(&self) -> bool {
        self.charge.as_ref().is_some_and(is_under_way)
    }

    /// The code that is shown now.
    pub fn code(&self) -> Option<&PaymentSign> {
        self.sign.as_ref()
    }

    /// Asks for so much, minor units, of whoever scans the code it shows.
    ///
    /// # Errors
    /// As the terminal.
    pub fn charge(&mut self, minor: i64) -> anyhow::Result<()> {
        self.begin(&ChargeRequest::by_scan(self.money(minor), None))?;
        let open = self.charge.as_ref().context("there is no charge")?;
        self.sign = Some(self.terminal.code(open.id)?);
        Ok(())
    }

    /// Charges the code that a member's phone shows.
    ///
    /// # Errors
    /// As the terminal.
    pub fn read(&mut self, minor: i64, code: String) -> anyhow::Result<()> {
        self.begin(&ChargeRequest::by_code(self.money(minor), None, code))
    }

    /// Charges the phone that is held to its reader.
    ///
    /// # Errors
    /// As the terminal.
    pub fn contactless(&mut self, minor: i64, token: String) -> anyhow::Result<()> {
        self.begin(&ChargeRequest::contactless(self.money(minor), None, token))
    }

    fn begin(&mut self, asked: &ChargeRequest) -> anyhow::Result<()> {
        self.end()?;
        let (id, channel) = (new_id()?, asked.channel);
        self.keep(&Kept { charge: id, channel })?;
        self.charge = Some(self.terminal.charge(id, asked)?);
        self.channel = channel;
        Ok(())
    }

    /// Written down before it is asked for: what was paid in between is found again.
    fn keep(&self, kept: &Kept) -> anyhow::Result<()> {
        let Some(file) = &self.day_file else { return Ok(()) };
        let written = || {
            let mut day = OpenOptions::new().create(true).append(true).open(file)?;
            writeln!(day, "{}", serde_json::to_string(kept)?)?;
            day.sync_data()
        };
        written().with_context(|| format!("cannot write {}", file.display()))
    }

    fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.store.currency)
    }

    /// Takes an open charge back.
    ///
    /// # Errors
    /// As the terminal, also when somebody pays it.
    pub fn end(&mut self) -> anyhow::Result<()> {
        if let Some(charge) = self.charge.take_if(|charge| charge.state == ChargeState::Open) {
            self.terminal.end(charge.id)?;
        }
        (self.charge, self.sign) = (None, None);
        Ok(())
    }

    /// Gives back so much, minor units, of what a settlement paid; `cashier` says who does.
    ///
    /// # Errors
    /// As the terminal.
    pub fn refund(
        &mut self,
        settlement: Uuid,
        minor: i64,
        cashier: Option<String>,
    ) -> anyhow::Result<()> {
        let amount = self.money(minor);
        let paid = self.day.iter_mut().find(|paid| paid.charge.settlement == Some(settlement));
        let paid = paid.context("this till was not paid that")?;
        self.terminal.refund(settlement, new_id()?, &RefundRequest { amount, cashier })?;
        paid.charge.refunded.amount = paid.charge.refunded.amount.saturating_add(minor);
        Ok(())
    }

    /// Closes the day at the wallet server; the sums are then shown, and the next day begins.
    ///
    /// # Errors
    /// As the terminal, and when the day's file cannot be emptied.
    pub fn close(&mut self) -> anyhow::Result<()> {
        anyhow::ensure!(!self.is_busy(), "a charge is open: wait for it, or take it back");
        self.closed = Some(self.terminal.close(new_id()?)?);
        self.day.clear();
        self.day_file.as_ref().map_or(Ok(()), |file| fs::write(file, "")).context("the day's file")
    }

    /// Asks what has become of the charge; whether there is news.
    pub fn look(&mut self, now_ms: i64) -> bool {
        let Some(charge) = self.charge.as_ref().filter(|it| is_under_way(it)) else { return false };
        let before = (charge.state, self.away.is_some());
        match self.terminal.charge_of(charge.id) {
            Ok(charge) => {
                self.away = None;
                if charge.state == ChargeState::Paid {
                    let (charge, channel) = (charge.clone(), self.channel);
                    self.day.push(Paid { charge, channel });
                }
                if !is_under_way(&charge) {
                    self.sign = None;
                }
                self.charge = Some(charge);
            }
            Err(error) => self.away = Some(format!("{error:#}")),
        }
        let renewed = self.renew(now_ms);
        let now = self.charge.as_ref().map(|charge| (charge.state, self.away.is_some()));
        renewed || now != Some(before)
    }

    fn renew(&mut self, now_ms: i64) -> bool {
        let Some(charge) = &self.charge else { return false };
        let shows = charge.state == ChargeState::Open && self.channel == Channel::Scan;
        let is_due = |sign: &PaymentSign| sign.expires_at.0 - RENEW_BEFORE_MS < now_ms;
        if !shows || !self.sign.as_ref().is_none_or(is_due) {
            return false;
        }
        let renewed = self.terminal.code(charge.id).ok();
        let is_new = renewed.is_some();
        self.sign = renewed.or(self.sign.take());
        is_new
    }

    /// What was paid here: the settlements' ids, and how much was given back.
    pub fn settlements(&self) -> Vec<(Uuid, i64)> {
        let id = |paid: &Paid| Some((paid.charge.settlement?, paid.charge.refunded.amount));
        self.day.iter().filter_map(id).collect()
    }

    /// As a page shows it.
    pub fn json(&self) -> Value {
        let amount = |minor| amount(self.money(minor));
        let row = |paid: &Paid| {
            json!({
                "at_ms": paid.charge.at.0,
                "amount": amount(paid.charge.amount.amount),
                "channel": paid.channel,
                "refunded": amount(paid.charge.refunded.amount),
                "settlement": paid.charge.settlement,
            })
        };
        let left = |paid: &Paid| paid.charge.amount.amount - paid.charge.refunded.amount;
        json!({
            "store": self.store.id,
            "name": self.store.name,
            "address": self.store.address.line(),
            "zero": amount(0),
            "state": self.charge.as_ref().map(|charge| charge.state),
            "channel": self.channel,
            "amount": self.charge.as_ref().map(|charge| amount(charge.amount.amount)),
            "settlement": self.charge.as_ref().and_then(|charge| charge.settlement),
            "ends_at_ms": self.charge.as_ref().map(|charge| charge.ends_at.0),
            "code": self.sign.as_ref().map(|sign| json!({
                "text": sign.url,
                "rows": rows(&sign.url),
                "until_ms": sign.expires_at.0,
            })),
            "day": self.day.iter().rev().map(row).collect::<Vec<_>>(),
            "total": amount(self.day.iter().map(left).sum()),
            "closed": self.closed,
            "away": self.away,
        })
    }
}

fn amount(money: Money) -> Value {
    let decimals = money.currency.exponent().unwrap_or(0);
    let (minor, currency) = (money.amount, money.currency.code());
    json!({ "minor": minor, "currency": currency, "decimals": decimals, "text": money.to_string() })
}

/// Whether the wallet server itself says that there is no such charge.
fn is_unknown(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Refusal>().is_some_and(|refusal| !refusal.is_for_now())
}

fn is_under_way(charge: &Charge) -> bool {
    matches!(charge.state, ChargeState::Open | ChargeState::Paying)
}

/// A QR code row by row, `1` for a dark module; empty for a text that is too long.
pub fn rows(text: &str) -> Vec<String> {
    let Ok(code) = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M) else {
        return Vec::new();
    };
    let row = |row: &[Color]| row.iter().map(|color| color.select('1', '0')).collect();
    code.to_colors().chunks(code.width()).map(row).collect()
}
