//! `cases FILE`: runs cases from the field against the programs, and says which are right.

mod answer;
mod case;
mod claims;
mod import;
mod judgement;
mod position;
mod programs;
mod prose;

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use serde_json::json;

use case::Case;
use judgement::Judgement;
use programs::Programs;

/// Runs every case of `file` and prints a line for each.
///
/// # Errors
/// When a case that is not arguable is wrong, or the file cannot be run.
pub fn run(file: &Path, as_json: bool, release: bool) -> Result<()> {
    let text =
        fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let cases: Vec<Case> = serde_json::from_str(&text).context("no list of cases")?;
    let folder = file.parent().unwrap_or(Path::new(".")).to_owned();
    let programs = Programs::build(release)?;
    let (mut wrong, mut arguable, mut undecided) = (Vec::new(), 0, 0);
    for case in &cases {
        let Judgement { right, got } = judge(case, &folder, &programs)?;
        if as_json {
            println!("{}", json!({"id": case.id, "right": right, "got": got}));
        } else {
            let word = right.map_or("cannot tell", |right| if right { "right" } else { "WRONG" });
            println!("{:<5} {word:<11} {:<8} {got}", case.id, case.today);
        }
        match (right, case.today.as_str()) {
            (Some(true), _) => {}
            (None, _) => undecided += 1,
            (Some(false), "ARGUABLE") => arguable += 1,
            (Some(false), _) => wrong.push(case.id.as_str()),
        }
    }
    let count = cases.len();
    eprintln!(
        "{count} cases: {} wrong, {arguable} arguable ones answered otherwise, {undecided} whose \
         words no machine decides",
        wrong.len()
    );
    if wrong.is_empty() { Ok(()) } else { bail!("wrong: {}", wrong.join(", ")) }
}

fn judge(case: &Case, folder: &Path, programs: &Programs) -> Result<Judgement> {
    match case.kind.as_deref() {
        Some("sign") => Ok(answer::compare(&programs.read_sign(&case.input)?, &case.expected)),
        Some("frame") => Ok(answer::compare(&programs.read_frame(&case.input)?, &case.expected)),
        Some("image") => {
            let picture = folder.join(case.file.as_deref().context("no file of the picture")?);
            Ok(answer::compare(&programs.decode(&picture)?, &case.expected))
        }
        Some(other) => bail!("{}: no kind {other}", case.id),
        None if case.area == "position" => position::judge(case, folder, programs),
        None => import::judge(case, folder, programs),
    }
}
