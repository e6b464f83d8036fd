//! The verbs and what each takes.

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, Parser, Subcommand};

/// The steps of CI, each a verb; `test` is what a change must pass.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    after_help = "VERB --help says what each takes"
)]
pub struct Xtask {
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Run what a change must pass
    ///
    /// Format, lints, laws, the reference, Rust tests, secrets, licences, the core's own radio, the page in a
    /// browser, bad networks, killed phones, the surface, the guides, the fuzz targets, the library's size, the phone
    /// targets, and the Kotlin and the Swift package.
    Test,
    /// Run every fuzz target, or one
    Fuzz {
        /// How long each runs
        #[arg(default_value_t = 60)]
        seconds: u64,
        /// The one to run
        target: Option<String>,
    },
    /// Write bindings/surface and docs/errors.md anew
    Surface {
        /// Compare them with the code instead
        #[arg(long)]
        check: bool,
    },
    /// Hold the laws of the house
    ///
    /// Circles of files, long files, first lines, what a new reason and a new screen touch.
    Laws {
        #[command(flatten)]
        output: Output,
    },
    /// Run cases from the field: texts, frames, pictures, store data, fixes
    Cases {
        /// A list of cases, in JSON
        file: PathBuf,
        #[command(flatten)]
        output: Output,
        /// Run programs that are optimised
        #[arg(long)]
        release: bool,
    },
    /// Hold the judgement's probabilities against simulated visits
    Calibration(Passed),
    /// Reduce a checkout of the name-suggestion-index to the table of servers/wallet/data
    Brands { folder: PathBuf },
    /// Count what the stores of a folder take, and write the tables of servers/wallet/data
    Learn { folder: PathBuf },
    /// Judge the stores of each region by the counts of all others
    Knowledge {
        /// Holds the regions' stores, a file *.jsonl each
        folder: PathBuf,
        #[command(flatten)]
        output: Output,
    },
    /// Run what takes longer than a change waits
    Long {
        #[command(subcommand)]
        part: Long,
    },
    /// Walk, break, pay on and measure the harness's page in a real browser
    Face {
        /// Measure longer, and over 2,000 stores, too
        #[arg(long)]
        bench: bool,
        #[command(flatten)]
        output: Output,
        /// Only the steps with these words in their names
        #[arg(long, value_name = "WORDS", default_value = "")]
        only: String,
    },
    /// Take the pictures of the documents from the page anew
    Pictures,
    /// Put a phone behind a link that delays, drops and cuts, and before a server that answers wrong
    Network(Passed),
    /// Look for what was secret in all that tests run with TILLSIGHT_RUN=FOLDER left
    Secrets { folder: PathBuf },
    /// Time the same calls in Rust, Kotlin and Swift
    Ffi,
    /// Measure the shipped library and write sizes.json
    Size {
        /// Hold the arm64 library to its budget instead
        #[arg(long)]
        check: bool,
    },
    /// Check the core for every phone target
    Targets,
    /// Generate, compile and test the Kotlin package on the JVM
    Kotlin {
        /// The Android classes, too, against Android's own, and the example's screen
        #[arg(long)]
        android: bool,
    },
    /// Generate, compile and test the Swift package
    Swift,
    /// Build the library as apps take it
    Package {
        #[command(subcommand)]
        platform: Platform,
    },
}

/// What takes longer than a change waits: by hand, and nightly.
#[derive(Debug, Subcommand)]
pub enum Long {
    /// Random operations on the wallet server's ledger and on one in memory
    Model(Passed),
    /// The memory that the wallet server takes for many log-ins at once
    Logins(Passed),
    /// A phone that fetches a city and is killed again and again: bytes, and what is kept
    Sync(Passed),
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Platform {
    /// The library for every ABI and the sources (needs the NDK)
    Android,
    /// The XCFramework (needs Xcode)
    Ios,
}

#[derive(Debug, Clone, Copy, Args)]
pub struct Output {
    /// Print one line of JSON
    #[arg(long)]
    pub json: bool,
}

/// Options of the program that does it, `--help` among them.
#[derive(Debug, Args)]
#[command(disable_help_flag = true)]
pub struct Passed {
    #[arg(value_name = "OPTIONS", trailing_var_arg = true, allow_hyphen_values = true)]
    pub options: Vec<OsString>,
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::{Long, Verb, Xtask};

    #[test]
    fn no_two_verbs_or_options_contradict_each_other() {
        Xtask::command().debug_assert();
    }

    #[test]
    fn options_of_another_program_reach_it_as_they_are() {
        let words = "xtask long sync --stores 10 --help --json";
        let Verb::Long { part: Long::Sync(passed) } = Xtask::parse_from(words.split(' ')).verb
        else {
            panic!("another verb")
        };
        assert_eq!(passed.options, ["--stores", "10", "--help", "--json"]);
    }
}
