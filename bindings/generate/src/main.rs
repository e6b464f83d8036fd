//! Writes what the apps see of the phone core, out of its built library: the Kotlin and Swift
//! sources, their readable surface, and the table of errors.
//!
//! The library must be unstripped: stripping removes the metadata everything here is read from.

mod aliases;
mod errors;
mod frame;
mod interface;
mod json;
mod language;
mod layer;
mod reader;
mod surface;

use anyhow::Result;
use camino::Utf8PathBuf;
use clap::{Parser, Subcommand};
use uniffi_bindgen::bindings::{GenerateOptions, TargetLanguage, generate};

/// Writes what the apps see of the phone core.
#[derive(Parser)]
struct Arguments {
    /// The built, unstripped library of the phone core.
    #[arg(long)]
    library: Utf8PathBuf,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// The Kotlin sources of the core, and the names the package gives them.
    Kotlin {
        /// A source folder; the package folders are made below it.
        out: Utf8PathBuf,
    },
    /// The Swift sources of the core, its C header, and the names the package gives them.
    Swift {
        /// The `Sources` folder of the Swift package.
        out: Utf8PathBuf,
    },
    /// `kotlin.txt` and `swift.txt`: every type, field, function and error an app can name.
    Surface {
        /// The folder that holds `kotlin` and `swift`, whose hand-written layers are read too.
        bindings: Utf8PathBuf,
        /// Where the two files are written.
        out: Utf8PathBuf,
    },
    /// `ScreenJson.kt` and `ScreenJson.swift`: a screen as JSON, for the scenario tests.
    Json {
        /// The folder that holds `kotlin` and `swift`.
        bindings: Utf8PathBuf,
    },
    /// The table of every error and what the app should do, in Markdown.
    Errors {
        /// The file to write.
        out: Utf8PathBuf,
    },
}

fn main() -> Result<()> {
    let Arguments { library, what } = Arguments::parse();
    match what {
        What::Kotlin { out } => {
            bindings(&library, &out, TargetLanguage::Kotlin)?;
            let core = interface::read(&library)?;
            rewritten(&out.join("app/tillsight/core/tillsight.kt"), |text| {
                frame::rewrite(&core, text)
            })?;
            aliases::kotlin(&core, &out)
        }
        What::Swift { out } => {
            let core = out.join("TillsightCore");
            let ffi = out.join("TillsightCoreFFI");
            bindings(&library, &core, TargetLanguage::Swift)?;
            rewritten(&core.join("TillsightCore.swift"), reader::rewrite)?;
            std::fs::create_dir_all(&ffi)?;
            // SwiftPM wants the header in the folder of the C module, which has a module map of
            // its own.
            std::fs::rename(core.join("TillsightCoreFFI.h"), ffi.join("TillsightCoreFFI.h"))?;
            std::fs::remove_file(core.join("TillsightCoreFFI.modulemap"))?;
            aliases::swift(&interface::read(&library)?, &out)
        }
        What::Surface { bindings, out } => {
            let core = interface::read(&library)?;
            std::fs::create_dir_all(&out)?;
            for language in language::ALL {
                let text = surface::text(&core, language, &bindings)?;
                std::fs::write(out.join(language.surface_file()), text)?;
            }
            Ok(())
        }
        What::Json { bindings } => {
            let core = interface::read(&library)?;
            let kotlin = bindings.join("kotlin/generated-test/app/tillsight");
            std::fs::create_dir_all(&kotlin)?;
            let text = json::writers(&core, language::Language::Kotlin);
            std::fs::write(kotlin.join("ScreenJson.kt"), text)?;
            let swift = bindings.join("swift/Tests/TillsightTests/ScreenJson.swift");
            Ok(std::fs::write(swift, json::writers(&core, language::Language::Swift))?)
        }
        What::Errors { out } => {
            Ok(std::fs::write(out, errors::document(&interface::read(&library)?))?)
        }
    }
}

fn bindings(library: &Utf8PathBuf, out: &Utf8PathBuf, language: TargetLanguage) -> Result<()> {
    generate(GenerateOptions {
        languages: vec![language],
        source: library.clone(),
        out_dir: out.clone(),
        // Only the crate itself carries exported items; its dependencies need not be resolved.
        metadata_no_deps: true,
        ..GenerateOptions::default()
    })
}

fn rewritten(file: &Utf8PathBuf, rewrite: impl Fn(&str) -> Result<String>) -> Result<()> {
    let text = rewrite(&std::fs::read_to_string(file)?)?;
    Ok(std::fs::write(file, text)?)
}
