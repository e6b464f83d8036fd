//! What a cashier does at the till, told line by line.

use std::{
    io::{BufRead, IsTerminal, Read, stdin, stdout},
    process::ExitCode,
    thread,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, bail, ensure};
use clap::Subcommand;
use domain::{
    Channel, Currency, Money,
    wire::{Charge, ChargeRequest, ChargeState, ClosingSum, PaymentSign, RefundRequest},
};
use serde_json::{Value, json};
use terminal::{Keyed, Picture, Refusal, Till, TillEvent, new_id, read_token};
use uuid::Uuid;

/// A charge that ended unpaid.
const UNPAID: u8 = 3;
/// What a scanner types is never longer than this, bytes.
const LONGEST_LINE: u64 = 1_024;

/// What a cashier does. The exit code is 0 when it was done, 3 when a charge ended unpaid, and 1
/// for what could not be done.
#[derive(Subcommand)]
pub enum Order {
    /// Ask to be paid: shows a code to be scanned, renewed before it ends, until it is paid or its
    /// time is over; or charges the code on the member's phone, scanned or handed to a reader, and waits until
    /// the member has agreed.
    Charge {
        /// How much, in the till's currency: `--amount 12.50` or `--amount 12.50 EUR`.
        #[arg(long, required = true, num_args = 1..=2, value_names = ["AMOUNT", "CURRENCY"])]
        amount: Vec<String>,
        /// How it is done: the member scans the till's code, the till the member's, or the phone is held to
        /// the till's reader.
        #[arg(long, value_enum, default_value = "scan")]
        channel: ChannelName,
        /// With `--channel code`: the code on the member's phone. Without it a line is read from the
        /// standard input, as a scanner types it.
        #[arg(long, requires = "channel")]
        code: Option<String>,
        /// With `--channel contactless`: the reader's host and port on this machine (`127.0.0.1:35963`). Each
        /// APDU goes there and comes back behind its length, two bytes, big endian.
        #[arg(long, env = "TILLSIGHT_READER")]
        reader: Option<String>,
        #[command(flatten)]
        note: Note,
    },
    /// Give back what was paid.
    Refund {
        /// The settlement that `charge` told.
        settlement: Uuid,
        /// How much, in the till's currency.
        #[arg(long)]
        amount: String,
        #[command(flatten)]
        note: Note,
    },
    /// Close the day: the sums of everything since the last closing.
    Close {
        #[command(flatten)]
        note: Note,
    },
}

/// The channels of a charge.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ChannelName {
    /// The member's phone scans the till's code.
    Scan,
    /// The till scans the code on the member's phone.
    Code,
    /// The member's phone is held to the till's reader.
    Contactless,
}

#[derive(clap::Args)]
pub struct Note {
    /// The id under which it is done; given again after a failure, it is done once. Without it a new
    /// one is made, and told first.
    #[arg(long)]
    id: Option<Uuid>,
    /// Who sits at the till.
    #[arg(long, env = "TILLSIGHT_CASHIER")]
    cashier: Option<String>,
    /// Print a line of JSON for each state.
    #[arg(long)]
    json: bool,
}

/// Does what the cashier wants at the store's terminal.
///
/// # Errors
/// When the server cannot be reached or refuses.
pub fn run(order: Order, terminal: &Keyed, currency: Currency) -> anyhow::Result<ExitCode> {
    match order {
        Order::Charge { amount, channel, code, reader, note } => {
            let amount = money(&amount.join(" "), currency)?;
            let cashier = note.cashier.clone();
            let asked = match channel {
                ChannelName::Scan | ChannelName::Contactless if code.is_some() => {
                    bail!("--code goes with --channel code")
                }
                ChannelName::Scan => ChargeRequest::by_scan(amount, cashier),
                ChannelName::Code => ChargeRequest::by_code(amount, cashier, scanned(code, &note)?),
                ChannelName::Contactless => {
                    let reader = reader.context("name the reader with --reader HOST:PORT")?;
                    ChargeRequest::contactless(amount, cashier, held(&reader, &note)?)
                }
            };
            let paid = charge(terminal, asked, &note)?;
            Ok(if paid { ExitCode::SUCCESS } else { UNPAID.into() })
        }
        Order::Refund { settlement, amount, note } => {
            refund(terminal, settlement, money(&amount, currency)?, note)?;
            Ok(ExitCode::SUCCESS)
        }
        Order::Close { note } => {
            close(terminal, &note)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn money(amount: &str, currency: Currency) -> anyhow::Result<Money> {
    let code = currency.code();
    let amount = amount.trim().trim_end_matches(code).trim_end();
    Money::parse(amount, currency).with_context(|| format!("{amount:?} is no amount in {code}"))
}

impl Note {
    /// The id to work under, told so that it can be given again.
    fn begin(&self, what: &str) -> anyhow::Result<Uuid> {
        let id = self.id.map_or_else(new_id, Ok)?;
        self.say(&json!({"state": "asking", "id": id}), || {
            format!("{what} {id}; after a failure, give it again with --id")
        });
        Ok(id)
    }

    fn say(&self, state: &Value, line: impl FnOnce() -> String) {
        if self.json {
            println!("{state}");
        } else {
            println!("{}", line());
        }
    }
}

/// The code on the member's phone, as it was given or as a scanner types it.
fn scanned(code: Option<String>, note: &Note) -> anyhow::Result<String> {
    if let Some(code) = code {
        return Ok(code);
    }
    if !note.json && stdin().is_terminal() {
        eprintln!("scan the code on the member's phone, or type it:");
    }
    let mut line = String::new();
    stdin().lock().take(LONGEST_LINE).read_line(&mut line).context("no code can be read")?;
    let code = line.trim();
    ensure!(!code.is_empty(), "no code came: give it with --code, or as a line of the input");
    Ok(code.to_owned())
}

/// What the phone hands over that is held to the reader.
fn held(reader: &str, note: &Note) -> anyhow::Result<String> {
    note.say(&json!({"state": "reading"}), || "hold the phone to the reader".to_owned());
    read_token(reader)
}

/// Whether it was paid.
fn charge(terminal: &Keyed, asked: ChargeRequest, note: &Note) -> anyhow::Result<bool> {
    let id = note.begin("charge")?;
    let (amount, channel) = (asked.amount, asked.channel);
    let mut till = Till::new(terminal, id, asked);
    let mut was_away = false;
    loop {
        let (event, wait) = till.next(now_s()?);
        let is_away = matches!(event, Some(TillEvent::Away(_)));
        match event {
            Some(TillEvent::Over(charge)) => return over(&charge, channel, note),
            Some(TillEvent::Refused(error)) => return Err(refused(error, note)),
            // Told once, not every second.
            Some(TillEvent::Away(_)) if was_away => {}
            Some(event) => show(&event, amount, note)?,
            None => {}
        }
        was_away = is_away;
        thread::sleep(wait);
    }
}

fn show(event: &TillEvent, amount: Money, note: &Note) -> anyhow::Result<()> {
    match event {
        TillEvent::Code(sign) => show_code(sign, amount, note)?,
        TillEvent::CodeEnded => {
            clear_screen(note);
            note.say(&json!({"state": "no_code"}), || "no code at present; trying again".into());
        }
        TillEvent::Paying => {
            clear_screen(note);
            note.say(&json!({"state": "paying"}), || format!("somebody pays {amount} ..."));
        }
        TillEvent::Away(error) => note
            .say(&json!({"state": "away", "reason": format!("{error:#}")}), || {
                format!("not known at present: {error:#}; asking again")
            }),
        TillEvent::Over(_) | TillEvent::Refused(_) => {}
    }
    Ok(())
}

fn show_code(sign: &PaymentSign, amount: Money, note: &Note) -> anyhow::Result<()> {
    clear_screen(note);
    let picture = Picture::new(&sign.url)?;
    let left_s = sign.expires_at.unix_seconds().saturating_sub(now_s()?);
    note.say(&json!({"state": "open", "code": sign.code, "expires_at": sign.expires_at}), || {
        format!(
            "{}\nto pay       {amount}, good for {left_s} s\npayment code {}",
            picture.for_terminal(),
            sign.code
        )
    });
    Ok(())
}

/// Nothing was asked for, and why.
fn refused(error: anyhow::Error, note: &Note) -> anyhow::Error {
    let code = error.downcast_ref::<Refusal>().map(Refusal::code);
    if note.json {
        println!("{}", json!({"state": "refused", "code": code, "reason": format!("{error:#}")}));
    }
    error
}

fn over(charge: &Charge, channel: Channel, note: &Note) -> anyhow::Result<bool> {
    let paid = charge.state == ChargeState::Paid;
    let settlement = charge.settlement;
    let (state, amount) = (if paid { "paid" } else { "ended" }, charge.amount);
    let line =
        json!({"state": state, "channel": channel, "settlement": settlement, "amount": amount});
    note.say(&line, || match settlement {
        Some(id) if paid => format!("paid {amount}; to give back: refund {id}"),
        _ if channel != Channel::Scan => {
            "not paid: the member did not agree, or cannot pay so here".to_owned()
        }
        _ => "not paid: nobody began in time".to_owned(),
    });
    Ok(paid)
}

fn refund(terminal: &Keyed, settlement: Uuid, amount: Money, note: Note) -> anyhow::Result<()> {
    let id = note.begin("refund")?;
    let asked = RefundRequest { amount, cashier: note.cashier.clone() };
    let refund = terminal.refund(settlement, id, &asked)?;
    note.say(&json!({"state": "refunded", "refund": refund}), || {
        format!("gave back {} of {settlement}", refund.amount)
    });
    Ok(())
}

fn close(terminal: &Keyed, note: &Note) -> anyhow::Result<()> {
    let id = note.begin("closing")?;
    let closing = terminal.close(id)?;
    note.say(&json!({"state": "closed", "closing": closing}), || {
        let lines: Vec<String> = closing.sums.iter().map(sum).collect();
        if lines.is_empty() {
            "nothing moved since the last closing".into()
        } else {
            lines.join("\n")
        }
    });
    Ok(())
}

fn sum(sum: &ClosingSum) -> String {
    let money = |amount| Money::new(amount, sum.currency);
    format!(
        "{} payments {}   {} refunds {}   total {}",
        sum.settlements,
        money(sum.captured),
        sum.refunds,
        money(sum.refunded),
        money(sum.captured.saturating_sub(sum.refunded))
    )
}

/// So that one code alone is in view.
fn clear_screen(note: &Note) {
    if !note.json && stdout().is_terminal() {
        print!("\x1b[2J\x1b[H");
    }
}

/// Seconds since 1970.
///
/// # Errors
/// When the clock is before that.
pub fn now_s() -> anyhow::Result<i64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?;
    Ok(i64::try_from(since.as_secs())?)
}
