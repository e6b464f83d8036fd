//! How the core bears a bad network: real servers in one network namespace, a phone in another, and
//! between them a link that delays, drops and cuts packets: `cargo xtask network [--case NAME] --json`.

mod case;
mod front;
mod link;
mod namespaces;
mod proxy;
mod servers;
mod way;
mod watched;

use clap::{Parser, Subcommand};

/// How the core bears a bad network. Prints a line for each fault.
#[derive(Parser)]
#[command(name = "network")]
struct Asked {
    #[command(subcommand)]
    part: Option<Part>,
    #[command(flatten)]
    run: case::Run,
}

#[derive(Subcommand)]
enum Part {
    /// The phone's side, in a namespace of its own.
    #[command(hide = true)]
    Phone(case::Run),
    /// The servers' side; told by lines which fault they have.
    #[command(hide = true)]
    Servers(servers::Side),
}

fn main() -> anyhow::Result<()> {
    let Asked { part, run } = Asked::parse();
    match part {
        Some(Part::Servers(side)) => servers::serve(side),
        Some(Part::Phone(run)) => case::run_all(&run, true),
        None if namespaces::can_be_made() => namespaces::again_in_one(),
        None => {
            eprintln!(
                "network namespaces cannot be made here: a proxy of TCP delays and cuts, and what \
                 needs packets is not tried"
            );
            case::run_all(&run, false)
        }
    }
}
