#[path = "../src/replay/mod.rs"]
mod replay;
#[derive(clap::Parser)]
struct Cli { #[command(flatten)] args: replay::Args }
fn main() -> anyhow::Result<()> { replay::run(&<Cli as clap::Parser>::parse().args) }
