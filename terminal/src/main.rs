//! `terminal`: prints one store's sign and its beacon frame.

use std::{fs, path::PathBuf};

use anyhow::Context;
use clap::Parser;

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
    Ok(())
}
