//! `terminal`: prints one store's sign and its beacon frame, and shows codes for payments.

use std::{
    fs,
    io::IsTerminal,
    path::{Path, PathBuf},
    thread,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::Context;
use clap::Parser;
use domain::{Money, wire::PaymentSign};
use terminal::{Keyed, Paper, Picture, Renewal};

/// Shows the sign of one store of the register: its store code as text, in the terminal, as SVG
/// and PNG, and the frame of its beacon.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Base address of the wallet server.
    #[arg(long, env = "TILLSIGHT_WALLET_SERVER", default_value = "http://127.0.0.1:8080")]
    wallet_server: String,
    /// The store's UUID in the register.
    #[arg(long, env = "TILLSIGHT_STORE")]
    store: String,
    /// A file with the key that `wallet-server terminal-key` printed: needed for payments and for
    /// the rotating beacon. Never given as a flag, which others on the machine could read.
    #[arg(long, env = "TILLSIGHT_TERMINAL_KEY_FILE")]
    key_file: Option<PathBuf>,
    /// Show a code for one payment of this amount, in the till's currency, renewed before it ends,
    /// until Ctrl-C.
    #[arg(long, requires = "key_file")]
    amount: Option<String>,
    /// With --amount: show one code and end.
    #[arg(long, requires = "amount")]
    once: bool,
    /// Write the store code to this SVG file, too.
    #[arg(long)]
    svg: Option<PathBuf>,
    /// Write the store code to this PNG file, too (8 pixels a module).
    #[arg(long)]
    png: Option<PathBuf>,
    /// Write a sheet for the counter to this file, too: PDF if it ends in .pdf, else SVG.
    #[arg(long)]
    sheet: Option<PathBuf>,
    /// The sheet's paper: a6 for a stand beside the till, a4 for the door.
    #[arg(long, value_enum, default_value = "a6")]
    paper: PaperName,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum PaperName {
    A6,
    A4,
}

/// Large enough for a phone to read from a screen at arm's length.
const PIXELS_A_MODULE: u32 = 8;

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let shown = terminal::fetch(&options.wallet_server, &options.store)?;
    let sign = shown.sign();
    println!("{}", sign.store.name);
    println!("{}", shown.picture().for_terminal());
    println!("store code   {}", sign.code);
    println!("as a link    {}", sign.url);
    println!("beacon frame {}", hex(&shown.beacon_advert()));
    let keyed = options.key_file.as_deref().map(|file| keyed(&options, file)).transpose()?;
    if let Some(keyed) = &keyed {
        let advert = terminal::rotating_advert(&keyed.beacon_key()?, now_s()?)?;
        println!("rotating frame, now  {}", hex(&advert));
    }
    if !sign.store.attribution.is_empty() {
        println!("store data   {}", sign.store.attribution);
    }
    if let Some(path) = options.svg {
        fs::write(&path, shown.picture().svg())
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    if let Some(path) = options.png {
        fs::write(&path, shown.picture().png(PIXELS_A_MODULE)?)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    if let Some(path) = options.sheet {
        let paper = match options.paper {
            PaperName::A6 => Paper::A6,
            PaperName::A4 => Paper::A4,
        };
        let is_pdf = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("pdf"));
        let sheet =
            if is_pdf { shown.sheet_pdf(paper)? } else { shown.sheet_svg(paper).into_bytes() };
        fs::write(&path, sheet).with_context(|| format!("cannot write {}", path.display()))?;
    }
    if let (Some(keyed), Some(amount)) = (keyed, &options.amount) {
        let currency = shown.sign().store.currency;
        let amount = Money::parse(amount, currency)
            .with_context(|| format!("{amount:?} is no amount in {}", currency.code()))?;
        show_payments(&keyed, amount, options.once)?;
    }
    Ok(())
}

/// Shows one code after the other, each before the one before it ends. The first must come; a later
/// one that fails is asked for again, and a code that has ended is taken off the screen.
fn show_payments(keyed: &Keyed, amount: Money, once: bool) -> anyhow::Result<()> {
    let mut renewal = show(&keyed.payment(amount)?, amount, once)?;
    if once {
        return Ok(());
    }
    thread::sleep(renewal.wait(now_s()?));
    loop {
        let wait = match keyed.payment(amount) {
            Ok(payment) => {
                renewal = show(&payment, amount, false)?;
                renewal.wait(now_s()?)
            }
            Err(error) => {
                let retry = renewal.failed(now_s()?);
                if !retry.still_good {
                    clear_screen();
                    println!("no payment code at present; trying again");
                }
                eprintln!("terminal: the code was not renewed: {error:#}");
                retry.wait
            }
        };
        thread::sleep(wait);
    }
}

fn show(payment: &PaymentSign, amount: Money, once: bool) -> anyhow::Result<Renewal> {
    let ends_s = payment.expires_at.unix_seconds();
    if !once {
        clear_screen();
    }
    println!("{}", Picture::new(&payment.url)?.for_terminal());
    println!("to pay       {amount}, good for {} s", ends_s.saturating_sub(now_s()?));
    println!("payment code {}", payment.code);
    Ok(Renewal::shown(ends_s))
}

/// So that one code alone is in view.
fn clear_screen() {
    if std::io::stdout().is_terminal() {
        print!("\x1b[2J\x1b[H");
    }
}

fn keyed(options: &Options, file: &Path) -> anyhow::Result<Keyed> {
    let key =
        fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    Keyed::new(&options.wallet_server, &options.store, key.trim())
}

fn now_s() -> anyhow::Result<i64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?;
    Ok(i64::try_from(since.as_secs())?)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
