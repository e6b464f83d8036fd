//! The desktop harness: the whole cast in one process, one visit walked through it, and the parts
//! of the phone core as verbs.

mod air;
mod calibration;
mod cast;
mod copies;
mod decode;
mod doctor;
mod import;
mod joining;
mod knowledge;
mod lines;
mod member;
mod network;
mod page;
mod paying;
mod place;
mod print;
mod replay;
#[cfg(feature = "ble")]
mod scan;
mod serve;
mod walk;

use std::{path::PathBuf, process::ExitCode};

use clap::{CommandFactory as _, Parser, Subcommand};

/// Walks one visit to a real store in four acts, each with the settlement screen: a position fix,
/// the store's beacon, the store code's picture, and the same store without a server. In a fifth
/// somebody joins, links a bank account and a card at two operators, and deposits; in a sixth the
/// member pays at the terminal by each of the three channels and gets a part back.
///
/// Starts two settlement operator servers, the wallet server and the store terminal in this process
/// on free ports, with their data in a temporary folder.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Options {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    walk: walk::Visit,
}

#[derive(Subcommand)]
enum Verb {
    /// Start only the servers, with a member and a store that can charge, for an app to be pointed at:
    /// prints the addresses, the root key and what an app needs, and goes on until Ctrl-C.
    Serve(serve::Args),
    /// Read the QR codes of photographs: one JSON line a file.
    Decode {
        /// PNG or JPEG files.
        #[arg(required = true)]
        images: Vec<PathBuf>,
        /// How long to look at each, in milliseconds: the product's own patience by default.
        #[arg(long)]
        budget_ms: Option<u64>,
        #[command(flatten)]
        form: lines::AsJson,
    },
    /// Say what scanned texts are: one JSON line for each.
    ReadSign {
        /// The text, or `-` for one text a line from standard input.
        text: String,
        #[command(flatten)]
        form: lines::AsJson,
    },
    /// Read beacon frames: one JSON line for each.
    ReadFrame {
        /// The advertisement in hexadecimal, or `-` for one a line from standard input; a line may
        /// also be a JSON object with `form` and `hex`.
        frame: String,
        /// Forgive two faults seen in the field (see the documentation of `signs::frame::Mode`).
        #[arg(long)]
        lenient: bool,
        #[command(flatten)]
        form: lines::AsJson,
    },
    /// Say what an import of store data comes to: what is read, taken, left out and why. Nothing is kept.
    Import(wallet_server::register::ImportArgs),
    /// Say what of the toolchains is there, what each is for, and how to get what is missing.
    Doctor(doctor::Args),
    /// Print the completions of the verbs and options for a shell.
    Completions {
        /// For this shell.
        shell: clap_complete::Shell,
    },
    /// Compare the probabilities of the judgement with what is true, over simulated visits.
    Calibration(calibration::Args),
    /// Count what the walk's first act decides, over many seeds.
    Decided(walk::decided::Args),
    /// Say what is known of what stores take.
    Knowledge(knowledge::Args),
    /// Count what stores take, and write the tables that `knowledge` rests on.
    Learn(knowledge::LearnArgs),
    /// Replay recordings, or scenarios, through the judgement.
    Replay(replay::Args),
    /// Listen with this computer's Bluetooth radio: one JSON line a sighting of a store beacon.
    #[cfg(feature = "ble")]
    Scan(scan::Args),
}

fn main() -> ExitCode {
    match run(Options::parse()) {
        Ok(code) => code,
        Err(error) if lines::is_read_no_more(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("desktop: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> anyhow::Result<ExitCode> {
    // 0: done. 1: it could not be done, and standard error says why. 2, from clap: asked wrongly.
    let ran = match options.verb {
        None => runtime()?.block_on(walk::until_signal(options.walk)),
        Some(Verb::Serve(args)) => runtime()?.block_on(serve::until_signal(args)),
        Some(Verb::Decode { images, budget_ms, .. }) => {
            decode::run(&images, budget_ms, &mut std::io::stdout().lock())
        }
        Some(Verb::ReadSign { text, .. }) => lines::answer(&text, signs::report::read_sign_json),
        Some(Verb::ReadFrame { frame, lenient, .. }) => {
            let mode =
                if lenient { signs::frame::Mode::Lenient } else { signs::frame::Mode::Strict };
            lines::answer(&frame, |line| signs::report::read_frame_json(line, mode))
        }
        // Has an exit code of its own.
        Some(Verb::Doctor(args)) => return doctor::run(&args),
        Some(Verb::Completions { shell }) => completions(shell),
        Some(Verb::Import(args)) => runtime()?.block_on(import::run(args)),
        Some(Verb::Calibration(args)) => runtime()?.block_on(calibration::run(&args)),
        Some(Verb::Decided(args)) => runtime()?.block_on(walk::decided::run(&args)),
        Some(Verb::Knowledge(args)) => runtime()?.block_on(knowledge::run(&args)),
        Some(Verb::Learn(args)) => knowledge::learn(&args),
        Some(Verb::Replay(args)) => runtime()?.block_on(replay::run(&args)),
        #[cfg(feature = "ble")]
        Some(Verb::Scan(args)) => scan::run(&args),
    };
    ran.map(|()| ExitCode::SUCCESS)
}

fn completions(shell: clap_complete::Shell) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Options::command(), "desktop", &mut script);
    lines::say(String::from_utf8_lossy(&script).trim_end())?;
    Ok(())
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}
