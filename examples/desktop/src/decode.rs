//! `decode IMAGE…`: reads the QR codes of photographs, one JSON line a file.

use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tillsight::sensed::camera::{Decoder, Plane, Reading, Turn};

/// Writes one line for each file, in order: `file`, `texts`, `milliseconds` (reading alone, without
/// opening the file), `strategy` of the first code or null, and `error` when the file is no picture
/// or no plane a camera could give. A file that cannot be read does not stop the others.
pub fn run(files: &[PathBuf], budget_ms: Option<u64>, out: &mut impl Write) -> anyhow::Result<()> {
    let budget = budget_ms.map_or(Decoder::STILL_BUDGET, Duration::from_millis);
    for file in files {
        let name = file.display().to_string();
        let line = match read(file, budget) {
            Ok((reading, milliseconds)) => {
                let texts: Vec<&str> =
                    reading.codes.iter().map(|code| code.text.as_str()).collect();
                let strategy = reading.codes.first().map(|code| code.strategy.name());
                json!({
                    "file": name,
                    "texts": texts,
                    "milliseconds": milliseconds,
                    "strategy": strategy,
                })
            }
            Err(error) => json!({ "file": name, "texts": [], "error": error.to_string() }),
        };
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn read(file: &Path, budget: Duration) -> anyhow::Result<(Reading, f64)> {
    let picture = image::ImageReader::open(file)?.with_guessed_format()?.decode()?.into_luma8();
    let (width, height) = picture.dimensions();
    let started = Instant::now();
    let plane = Plane::new(picture.as_raw(), width, height, width, Turn::None)?;
    let reading = Decoder::read_still(&plane, budget);
    Ok((reading, started.elapsed().as_secs_f64() * 1000.0))
}
