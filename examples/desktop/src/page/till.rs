//! The store's terminal beside the phone: one charge at a time, and what it was paid today.

use anyhow::Context as _;
use domain::{
    Channel, Money, Store,
    wire::{Charge, ChargeRequest, ChargeState, PaymentSign, RefundRequest},
};
use qrcode::{Color, EcLevel, QrCode};
use serde_json::{Value, json};
use terminal::{Keyed, new_id};
use tillsight::screen::Amount;
use uuid::Uuid;

/// A code is renewed so long before it ends, ms.
const RENEW_BEFORE_MS: i64 = 10_000;

/// The terminal of one store.
pub struct Till {
    terminal: Keyed,
    store: Store,
    charge: Option<Charge>,
    channel: Channel,
    sign: Option<PaymentSign>,
    /// What ended, the newest last.
    day: Vec<Paid>,
    /// Why the wallet server gave no answer last.
    away: Option<String>,
}

struct Paid {
    charge: Charge,
    channel: Channel,
    refunded: i64,
}

impl Till {
    /// The terminal of `store`, with its key.
    ///
    /// # Errors
    /// When the address cannot carry the key.
    pub fn new(server_url: &str, store: &Store, key: &str) -> anyhow::Result<Self> {
        let terminal = Keyed::new(server_url, &store.id.to_string(), key)?;
        let (store, channel) = (store.clone(), Channel::Scan);
        Ok(Self { terminal, store, charge: None, channel, sign: None, day: Vec::new(), away: None })
    }

    /// Whose till it is.
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
        self.end()?;
        let amount = Money::new(minor, self.store.currency);
        let asked = ChargeRequest::by_scan(amount, None);
        let charge = self.terminal.charge(new_id()?, &asked)?;
        self.sign = Some(self.terminal.code(charge.id)?);
        (self.charge, self.channel) = (Some(charge), Channel::Scan);
        Ok(())
    }

    /// Charges the code that a member's phone shows.
    ///
    /// # Errors
    /// As the terminal.
    pub fn read(&mut self, minor: i64, code: String) -> anyhow::Result<()> {
        self.end()?;
        let amount = Money::new(minor, self.store.currency);
        let asked = ChargeRequest::by_code(amount, None, code);
        self.charge = Some(self.terminal.charge(new_id()?, &asked)?);
        (self.sign, self.channel) = (None, Channel::Code);
        Ok(())
    }

    /// Charges the phone that is held to its reader.
    ///
    /// # Errors
    /// As the terminal.
    pub fn contactless(&mut self, minor: i64, token: String) -> anyhow::Result<()> {
        self.end()?;
        let amount = Money::new(minor, self.store.currency);
        let asked = ChargeRequest::contactless(amount, None, token);
        self.charge = Some(self.terminal.charge(new_id()?, &asked)?);
        (self.sign, self.channel) = (None, Channel::Contactless);
        Ok(())
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

    /// Gives back so much, minor units, of what a settlement paid.
    ///
    /// # Errors
    /// As the terminal.
    pub fn refund(&mut self, settlement: Uuid, minor: i64) -> anyhow::Result<()> {
        let paid = self.day.iter_mut().find(|paid| paid.charge.settlement == Some(settlement));
        let paid = paid.context("this till was not paid that")?;
        let asked = RefundRequest { amount: Money::new(minor, self.store.currency), cashier: None };
        self.terminal.refund(settlement, new_id()?, &asked)?;
        paid.refunded += minor;
        Ok(())
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
                    self.day.push(Paid { charge, channel, refunded: 0 });
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
        let (Some(charge), Some(sign)) = (&self.charge, &self.sign) else { return false };
        let due = sign.expires_at.0 - RENEW_BEFORE_MS < now_ms;
        if charge.state != ChargeState::Open || !due {
            return false;
        }
        let renewed = self.terminal.code(charge.id).ok();
        let is_new = renewed.is_some();
        self.sign = renewed.or(self.sign.take());
        is_new
    }

    /// What was paid here: the settlements' ids, and how much was given back.
    pub fn settlements(&self) -> Vec<(Uuid, i64)> {
        let id = |paid: &Paid| Some((paid.charge.settlement?, paid.refunded));
        self.day.iter().filter_map(id).collect()
    }

    /// As the page shows it.
    pub fn json(&self) -> Value {
        let amount = |minor| Amount::from(Money::new(minor, self.store.currency));
        let row = |paid: &Paid| {
            json!({
                "at_ms": paid.charge.at.0,
                "amount": Amount::from(paid.charge.amount),
                "channel": paid.channel,
                "refunded": amount(paid.refunded),
                "settlement": paid.charge.settlement,
            })
        };
        let total: i64 =
            self.day.iter().map(|paid| paid.charge.amount.amount - paid.refunded).sum();
        json!({
            "store": self.store.id,
            "name": self.store.name,
            "address": self.store.address.line(),
            "zero": amount(0),
            "state": self.charge.as_ref().map(|charge| charge.state),
            "channel": self.channel,
            "amount": self.charge.as_ref().map(|charge| Amount::from(charge.amount)),
            "ends_at_ms": self.charge.as_ref().map(|charge| charge.ends_at.0),
            "code": self.sign.as_ref().map(|sign| json!({
                "rows": rows(&sign.url),
                "until_ms": sign.expires_at.0,
            })),
            "day": self.day.iter().rev().map(row).collect::<Vec<_>>(),
            "total": amount(total),
            "away": self.away,
        })
    }
}

fn is_under_way(charge: &Charge) -> bool {
    matches!(charge.state, ChargeState::Open | ChargeState::Paying)
}

/// A QR code row by row, `1` for a dark module; empty for a text that is too long.
fn rows(text: &str) -> Vec<String> {
    let Ok(code) = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M) else {
        return Vec::new();
    };
    let row = |row: &[Color]| row.iter().map(|color| color.select('1', '0')).collect();
    code.to_colors().chunks(code.width()).map(row).collect()
}
