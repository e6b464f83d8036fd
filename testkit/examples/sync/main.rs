//! A phone that fetches a city and is killed again and again: `cargo xtask long sync [--stores N]
//! [--kills N] [--seed N] [--json]`. Real servers, a real core in a process of its own, and between them a
//! proxy that counts bytes. After each kill its cache is held against the register.

mod checked;
mod city;
mod counted;
mod phone;
mod run;
mod table;

use clap::{Parser, Subcommand};

/// How much of a city goes over the wire, and what is left of it when the phone is killed.
#[derive(Parser)]
#[command(name = "sync")]
struct Asked {
    #[command(subcommand)]
    part: Option<Part>,
    #[command(flatten)]
    run: run::Run,
}

#[derive(Subcommand)]
enum Part {
    /// The phone, in a process that may be killed.
    #[command(hide = true)]
    Phone(phone::Phone),
}

fn main() -> anyhow::Result<()> {
    let Asked { part, run } = Asked::parse();
    match part {
        Some(Part::Phone(phone)) => phone.sync(),
        None => run.all(),
    }
}
