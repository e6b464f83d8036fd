//! `terminal`: prints one store's sign and its beacon frame.

use std::{fs, path::PathBuf};

use anyhow::Context;
use clap::Parser;
use terminal::Paper;

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
    println!("{}", shown.for_terminal());
    println!("store code   {}", sign.code);
    println!("as a link    {}", sign.url);
    let frame: String = shown.beacon_advert().iter().map(|byte| format!("{byte:02x}")).collect();
    println!("beacon frame {frame}");
    if !sign.store.attribution.is_empty() {
        println!("store data   {}", sign.store.attribution);
    }
    if let Some(path) = options.svg {
        fs::write(&path, shown.svg())
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    if let Some(path) = options.png {
        fs::write(&path, shown.png(PIXELS_A_MODULE)?)
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
    Ok(())
}
