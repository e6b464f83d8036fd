//! What a person with a screen reader or without a mouse would stumble over, by axe-core.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Result, ensure};
use data_encoding::BASE64;
use serde_json::Value;

use super::browser::Browser;
use crate::step::{run, target};

/// The release, as npm names it. Mozilla Public License 2.0; it is run over the page and goes into
/// nothing.
const AXE: &str = "axe-core@4.14.1";
/// Its packed file's SHA-512, as the registry says it.
const HASH: &str =
    "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==";

/// axe-core's code, fetched once.
///
/// # Errors
/// When npm does not give it, or gives something else.
pub fn fetch() -> Result<String> {
    let folder = target().join("face").join("axe");
    fs::create_dir_all(&folder)?;
    let packed: PathBuf = folder.join("axe-core-4.14.1.tgz");
    if !packed.exists() {
        let mut npm = Command::new("npm");
        run(npm
            .args(["pack", "--silent", AXE])
            .current_dir(&folder)
            .stdout(std::process::Stdio::null()))?;
    }
    let said = Command::new("sha512sum").arg(&packed).output()?;
    let said = String::from_utf8_lossy(&said.stdout).chars().take(128).collect::<String>();
    let hash = data_encoding::HEXLOWER.encode(&BASE64.decode(HASH.as_bytes())?);
    ensure!(said == hash, "{} is not what the registry published", packed.display());
    run(Command::new("tar")
        .arg("-xzf")
        .arg(&packed)
        .arg("package/axe.min.js")
        .current_dir(&folder))?;
    Ok(fs::read_to_string(folder.join("package/axe.min.js"))?)
}

/// The serious and critical findings on the page as it stands, each as `rule: element`.
///
/// # Errors
/// When axe cannot be run.
pub fn findings(browser: &Browser, axe: &str) -> Result<Vec<String>> {
    browser.eval(&format!("{axe}; 0"))?;
    let found = browser.eval(
        "axe.run(document).then((it) => it.violations.filter((rule) => ['serious', 'critical']\
         .includes(rule.impact)).flatMap((rule) => rule.nodes.map((node) => \
         `${rule.id}: ${node.html.slice(0, 160)} ${(node.any[0]?.message || '').slice(0, 120)}`)))",
    )?;
    let list = found.as_array().cloned().unwrap_or_default();
    Ok(list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}
