//! An import as a command: its options, its progress, and what it says in the end.

use std::{
    io::{self, IsTerminal as _},
    path::PathBuf,
    time::Duration,
};

use anyhow::bail;
use domain::{Currency, Timestamp};
use indicatif::{ProgressBar, ProgressStyle};
use server_kit::{Database, Day};

use super::{
    delimited::Columns,
    import::{Import, import},
};

/// What an import is asked for on a command line.
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// Files: `.osm.pbf`, `.geojson` (or one feature a line, `.geojsonl`), `.csv` or `.tsv`.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The source the records are kept under. [default: `osm` for extracts, else the file's name
    /// without its date]
    #[arg(long)]
    source: Option<String>,
    /// The licence of the records, SPDX where there is one; needed for all but extracts.
    #[arg(long)]
    licence: Option<String>,
    /// What must be shown with the records. [default: the source]
    #[arg(long)]
    attribution: Option<String>,
    /// The day on which a list was true, YYYY-MM-DD. [default: when its file was last written]
    #[arg(long)]
    as_of: Option<Day>,
    /// Which column of a CSV file holds what: KEY=COLUMN,... (keys: README).
    #[arg(long, default_value = "", hide_default_value = true, value_parser = columns)]
    columns: Columns,
    /// The currency (ISO 4217) of stores whose country neither they nor their position tell.
    #[arg(long, default_value = "EUR", value_parser = currency)]
    currency: Currency,
    /// Each file has every store of its source in its area: those it lacks are closed.
    #[arg(long)]
    complete: bool,
    /// Prints each file's summary as one line of JSON.
    #[arg(long)]
    json: bool,
}

fn currency(code: &str) -> Result<Currency, String> {
    Currency::from_code(code).ok_or_else(|| "not an ISO 4217 code".to_owned())
}

fn columns(text: &str) -> Result<Columns, String> {
    if text.is_empty() { Ok(Columns::default()) } else { text.parse() }
}

impl ImportArgs {
    /// Imports the files into `database`, one after the other, at `now`; `say` gets each one's summary.
    ///
    /// # Errors
    /// When a file is none that can be imported, parts of one could not be read, or `say` fails.
    pub async fn run(
        self,
        database: &Database,
        now: Timestamp,
        mut say: impl FnMut(String) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        let mut broken = false;
        for file in self.files {
            let progress = progress(&file.display().to_string());
            let order = Import {
                source: self.source.clone(),
                licence: self.licence.clone(),
                attribution: self.attribution.clone(),
                as_of: self.as_of.map(Day::begins),
                columns: self.columns.clone(),
                currency: self.currency,
                complete: self.complete,
                ..Import::of(file, now)
            };
            let summary = import(database, &order, progress).await?;
            say(if self.json { format!("{}\n", summary.to_json()) } else { summary.to_string() })?;
            broken |= !summary.is_whole();
        }
        if broken {
            bail!("some parts of the files could not be read; what could be was imported");
        }
        Ok(())
    }
}

/// Shows progress in thousandths: a bar on a terminal, a line for every tenth elsewhere.
fn progress(file: &str) -> impl FnMut(u64) + Clone + Send + 'static {
    let bar = std::io::stderr().is_terminal().then(|| {
        let bar = ProgressBar::new(1000).with_message(file.to_owned());
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {percent}% {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    });
    let file = file.to_owned();
    let mut last = 0;
    move |thousandths| match &bar {
        Some(bar) if thousandths >= 1000 => bar.finish_and_clear(),
        Some(bar) => bar.set_position(thousandths),
        None => {
            if thousandths / 100 > last {
                last = thousandths / 100;
                eprintln!("{file}: {last}0 %");
            }
        }
    }
}
