//! `terminal page`: the store's own page, for the tablet at its till.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use server_kit::StopSignal;
use terminal::{Cashiers, Counter, Keyed, PageOptions, Picture, ServedPage, ShownSign, pair};

/// What the page is asked for.
#[derive(clap::Args)]
pub struct PageArgs {
    /// Where it listens. Off this machine it is served encrypted only.
    #[arg(long, default_value = "127.0.0.1:7322")]
    listen: SocketAddr,
    /// The certificate, PEM; without one a certificate is made for this run, and its fingerprint printed.
    #[arg(long)]
    certificate: Option<PathBuf>,
    /// The certificate's private key, PEM.
    #[arg(long)]
    certificate_key: Option<PathBuf>,
    /// A file with a cashier a line, name and code (4 characters or more): who may give back and close the day.
    #[arg(long)]
    cashiers: Option<PathBuf>,
    /// Where the charges of the day are kept, so that a restart loses none.
    #[arg(long)]
    day: Option<PathBuf>,
    /// The host and port on this machine of a contactless reader.
    #[arg(long, env = "TILLSIGHT_READER")]
    reader: Option<String>,
}

/// Serves the page until SIGINT or SIGTERM.
///
/// # Errors
/// When a file cannot be read, the address is taken, or the wallet server does not answer.
pub fn run(args: PageArgs, keyed: Keyed, sign: ShownSign) -> anyhow::Result<ExitCode> {
    let mut counter = Counter::new(keyed, &sign.sign().store);
    if let Some(day) = args.day {
        counter.keep_day(day)?;
    }
    let cashiers = args.cashiers.as_deref().map_or(Ok(Cashiers::default()), Cashiers::read)?;
    let certificate = pair(args.certificate.as_deref(), args.certificate_key.as_deref())?;
    let options = PageOptions { listen: args.listen, certificate, cashiers, reader: args.reader };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        // From now on: one that comes while the page is laid out is not lost.
        let mut signal = StopSignal::listen()?;
        let page = ServedPage::lay_out(counter, sign, options).await?;
        println!("the store's page: {}", page.link);
        if let Some(fingerprint) = &page.fingerprint {
            println!("{}", Picture::new(&page.link)?.for_terminal());
            println!("certificate, SHA-256: {fingerprint}");
        }
        page.run(async { signal.received().await }).await?;
        println!("the page is closed; what was charged is at the wallet server");
        Ok(ExitCode::SUCCESS)
    })
}
