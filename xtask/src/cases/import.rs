//! Cases of store data: imports the files, lists the register, and holds both to the words.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::{
    case::Case,
    judgement::Judgement,
    programs::Programs,
    prose::{self, Imported},
};

/// Where lists differ in name only, they are one source.
const ONE_SOURCE: [&str; 2] = ["--source", "list"];

/// What a list needs that a case says nothing of.
const OF_A_LIST: [&str; 4] = ["--licence", "CC0-1.0", "--as-of", "2026-01-01"];

/// Imports the files of `case`, one after the other.
///
/// # Errors
/// When the register cannot be listed.
pub fn judge(case: &Case, folder: &Path, programs: &Programs) -> Result<Judgement> {
    let data = Folder::new(&case.id)?;
    let mut imported = Imported::default();
    for file in &case.files {
        let mut import = programs.wallet_server(&data.0);
        import.arg("import").arg(folder.join(file)).args(options(case));
        let output = import.output().context("the import did not start")?;
        for said in [&output.stdout, &output.stderr] {
            imported.output.push_str(&String::from_utf8_lossy(said));
        }
        imported.succeeded = output.status.success();
        imported.before = std::mem::replace(&mut imported.stores, list(programs, &data.0)?);
    }
    let got = json!({"stores": imported.stores.iter().map(short).collect::<Vec<_>>(),
        "told": imported.output.trim()});
    Ok(Judgement { right: prose::holds(&case.right, &imported), got })
}

/// What stands behind the file in the command of the case.
fn options(case: &Case) -> Vec<&str> {
    let mut options: Vec<&str> =
        case.how.split_once("FILE").map_or("", |(_, rest)| rest).split_whitespace().collect();
    if case.input.contains("same --source") && !options.contains(&"--source") {
        options.extend(ONE_SOURCE);
    }
    let is_list = case.files.iter().any(|file| !file.ends_with(".pbf"));
    if is_list && !options.contains(&"--licence") {
        options.extend(OF_A_LIST);
    }
    options
}

fn list(programs: &Programs, data: &Path) -> Result<Vec<Value>> {
    let output = programs.wallet_server(data).arg("stores").output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the register cannot be listed: {said}");
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(|line| serde_json::from_str(line).context("no store")).collect()
}

/// What a person needs to see of a store.
fn short(store: &Value) -> Value {
    let claims = store["accepted"].as_array().into_iter().flatten().map(|claim| {
        let part = |name: &str| claim[name].as_str().unwrap_or("").to_owned();
        format!("{} {} {}", part("scheme"), part("channel"), part("acceptance"))
    });
    json!({
        "name": store["name"],
        "address": store["address"]["street"],
        "position": store["position"],
        "currency": store["currency"],
        "corners": store["footprint"].as_array().map_or(0, Vec::len),
        "claims": claims.collect::<Vec<_>>(),
    })
}

/// A folder that goes when the case is done.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(id: &str) -> Result<Self> {
        let name = format!("tillsight-case-{}-{id}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).with_context(|| path.display().to_string())?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Best effort: what is left over lies among the other temporary files.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
