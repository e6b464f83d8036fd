//! `terminal`: prints one store's sign and its beacon frame, and does what a cashier does.

mod orders;
mod serving;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use clap::Parser;
use terminal::{Keyed, Paper, SheetFont, ShownSign};

use orders::{Order, now_s};

/// Shows the sign of one store of the register: its store code as text, in the terminal, as SVG
/// and PNG, and the frame of its beacon. With a key it charges, gives back and closes the day.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Base address of the wallet server.
    #[arg(
        long,
        global = true,
        env = "TILLSIGHT_WALLET_SERVER",
        default_value = "http://127.0.0.1:8080"
    )]
    wallet_server: String,
    /// The store's UUID in the register.
    #[arg(long, global = true, env = "TILLSIGHT_STORE")]
    store: Option<String>,
    /// A file with the key that `wallet-server terminal-key` printed: needed for payments and for
    /// the rotating beacon. Never given as a flag, which others on the machine could read.
    #[arg(long, global = true, env = "TILLSIGHT_TERMINAL_KEY_FILE")]
    key_file: Option<PathBuf>,
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
    /// The font that a PDF of the sheet brings along, TrueType or OpenType: by itself the system's
    /// Noto, where it has one. Letters that it lacks are left out, and the sheet says which.
    #[arg(long)]
    font: Option<PathBuf>,
    #[command(subcommand)]
    order: Option<Verb>,
}

/// What a cashier does, or the page on which it is done.
#[derive(clap::Subcommand)]
enum Verb {
    #[command(flatten)]
    Order(Order),
    /// Serve the store's own page, for a tablet at the till: charge, show the code, give back, close the day.
    Page(serving::PageArgs),
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum PaperName {
    A6,
    A4,
}

/// Large enough for a phone to read from a screen at arm's length.
const PIXELS_A_MODULE: u32 = 8;

fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    let store = options.store.as_deref().context("name the store with --store UUID")?;
    let shown = terminal::fetch(&options.wallet_server, store)?;
    let keyed = options.key_file.as_deref().map(|file| keyed(&options, store, file)).transpose()?;
    match options.order {
        None => show_sign(&options, &shown, keyed.as_ref()).map(|()| ExitCode::SUCCESS),
        Some(Verb::Page(args)) => {
            let keyed = keyed.context("the page needs the store's key: --key-file FILE")?;
            serving::run(args, keyed, shown)
        }
        Some(Verb::Order(order)) => {
            let keyed = keyed.context("a payment needs the store's key: --key-file FILE")?;
            orders::run(order, &keyed, shown.sign().store.currency)
        }
    }
}

fn show_sign(options: &Options, shown: &ShownSign, keyed: Option<&Keyed>) -> anyhow::Result<()> {
    let sign = shown.sign();
    println!("{}", sign.store.name);
    println!("{}", shown.picture().for_terminal());
    println!("store code   {}", sign.code);
    println!("as a link    {}", sign.url);
    println!("beacon frame {}", hex(&shown.beacon_advert()));
    if let Some(keyed) = keyed {
        let advert = terminal::rotating_advert(&keyed.beacon_key()?, now_s()?)?;
        println!("rotating frame, now  {}", hex(&advert));
    }
    if !sign.store.attribution.is_empty() {
        println!("store data   {}", sign.store.attribution);
    }
    let write = |path: &Path, bytes: Vec<u8>| {
        fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
    };
    if let Some(path) = &options.svg {
        write(path, shown.picture().svg().into_bytes())?;
    }
    if let Some(path) = &options.png {
        write(path, shown.picture().png(PIXELS_A_MODULE)?)?;
    }
    if let Some(path) = &options.sheet {
        let paper = match options.paper {
            PaperName::A6 => Paper::A6,
            PaperName::A4 => Paper::A4,
        };
        let is_pdf = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("pdf"));
        let sheet = if is_pdf {
            sheet_pdf(shown, paper, options.font.as_deref())?
        } else {
            shown.sheet_svg(paper).into_bytes()
        };
        write(path, sheet)?;
    }
    Ok(())
}

fn sheet_pdf(shown: &ShownSign, paper: Paper, font: Option<&Path>) -> anyhow::Result<Vec<u8>> {
    let font = match font {
        Some(path) => Some(SheetFont::open(path)?),
        None => SheetFont::of_the_system(),
    };
    let sheet = shown.sheet_pdf(paper, font.as_ref())?;
    if !sheet.left_out.is_empty() {
        let letters: String = sheet.left_out.iter().collect();
        eprintln!("left out of the sheet: {letters} (give a font that has them with --font FILE)");
    }
    Ok(sheet.file)
}

fn keyed(options: &Options, store: &str, file: &Path) -> anyhow::Result<Keyed> {
    let key =
        fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    Keyed::new(&options.wallet_server, store, key.trim())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
