//! Cases of recorded fixes: replays them and looks for the store at the true fixes.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{case::Case, judgement::Judgement, programs::Programs};
use crate::step::root;

/// Replays the fixes of `case` through the judgement, by the command it names.
///
/// # Errors
/// When the world is not found or the replay does not run.
pub fn judge(case: &Case, folder: &Path, programs: &Programs) -> Result<Judgement> {
    if let Some(right) = binding(case)? {
        return Ok(Judgement { right: Some(right), got: json!(case.input) });
    }
    let option = |name: &str| {
        let mut words = case.how.split_whitespace().skip_while(|word| *word != name);
        words.nth(1)
    };
    let world = found(folder, option("--world").context("no --world in the command")?)?;
    let anchors = found(folder, option("--anchors").context("no --anchors in the command")?)?;
    let events = folder.join(case.files.first().context("no file of fixes")?);
    let mut replay = programs.desktop(&["replay", "--world"]);
    replay.arg(&world).arg("--anchors").arg(anchors);
    replay.args(["--platform", option("--platform").unwrap_or("android")]).arg(&events);
    let output = replay.output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let claims: Vec<Value> =
        text.lines().map(serde_json::from_str).collect::<Result<_, _>>().context("no claims")?;
    let lists: Vec<&Vec<Value>> =
        claims.iter().filter_map(|claim| claim["list"].as_array()).collect();
    if case.right.starts_with("refused") {
        let right = lists.iter().all(|list| list.is_empty());
        return Ok(Judgement { right: Some(right), got: json!(lists) });
    }
    let place = true_place(&lines(&events)?).context("no fix that could be the true one")?;
    let expected = nearest(&lines(&world)?, place);
    let first = lists.last().and_then(|list| list.first()).and_then(Value::as_str);
    let right = first.is_some() && first == expected.as_deref();
    Ok(Judgement { right: Some(right), got: json!({"first": first, "true": expected}) })
}

/// A case about what a package's source does: `right` names what it must use, `input` what it must
/// not do any more.
fn binding(case: &Case) -> Result<Option<bool>> {
    let Some((file, old)) = case.input.split_once(".kt: ") else { return Ok(None) };
    let name = file.rsplit(['/', ' ']).next().unwrap_or(file);
    let new = case.right.split_whitespace().find(|word| word.contains(char::is_uppercase));
    let source = source(&root().join("bindings/kotlin"), &format!("{name}.kt"));
    let text = fs::read_to_string(source.with_context(|| format!("no {name}.kt"))?)?;
    Ok(Some(!text.contains(old.trim()) && new.is_some_and(|new| text.contains(new))))
}

fn source(folder: &Path, name: &str) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    entries.into_iter().find_map(|path| {
        if path.is_dir() { source(&path, name) } else { path.ends_with(name).then_some(path) }
    })
}

/// A file of the case, beside it or in a folder `data/stores` of one of the folders above.
fn found(folder: &Path, name: &str) -> Result<PathBuf> {
    let folder = fs::canonicalize(folder)?;
    let above = folder
        .ancestors()
        .flat_map(|folder| [folder.join(name), folder.join("data/stores").join(name)]);
    above.into_iter().find(|path| path.is_file()).with_context(|| format!("no {name}"))
}

fn lines(path: &Path) -> Result<Vec<Value>> {
    let text = fs::read_to_string(path)?;
    text.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

/// Where the phone truly is: where most fixes of the receiver are, else the last fix.
fn true_place(events: &[Value]) -> Option<(f64, f64)> {
    let fixes = || events.iter().filter(|event| event["k"] == "loc" && event["mock"] == false);
    let place = |fix: &Value| Some((fix["lat"].as_f64()?, fix["lon"].as_f64()?));
    let mut counts: BTreeMap<String, (usize, &Value)> = BTreeMap::new();
    for fix in fixes().filter(|fix| fix["src"] == "gnss") {
        let key = format!("{} {}", fix["lat"], fix["lon"]);
        counts.entry(key).or_insert((0, fix)).0 += 1;
    }
    let most = counts.into_values().max_by_key(|(count, _)| *count).map(|(_, fix)| fix);
    place(most.or_else(|| fixes().next_back())?)
}

/// The store whose point is nearest.
fn nearest(world: &[Value], (lat, lon): (f64, f64)) -> Option<String> {
    let away = |store: &Value| {
        let north = store["lat"].as_f64().unwrap_or(0.0) - lat;
        let east = (store["lon"].as_f64().unwrap_or(0.0) - lon) * lat.to_radians().cos();
        north * north + east * east
    };
    let stores = world.iter().filter(|line| line["t"] == "store");
    let nearest = stores.min_by(|one, other| away(one).total_cmp(&away(other)))?;
    Some(nearest["id"].as_str()?.to_owned())
}
