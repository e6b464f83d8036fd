//! The names the packages give to the records and enumerations of the core, so that an app
//! imports one package and never the generated one.

use std::fmt::Write as _;

use anyhow::Result;
use camino::Utf8Path;
use uniffi_bindgen::ComponentInterface;

use crate::language::Language;

/// Writes `app/tillsight/Types.kt` below `out`.
pub fn kotlin(core: &ComponentInterface, out: &Utf8Path) -> Result<()> {
    let mut text = String::from("// Generated from the phone core.\npackage app.tillsight\n");
    for (name, docs) in shared(core) {
        let name = Language::Kotlin.type_name(core, name);
        write!(text, "\n/** {docs} */\npublic typealias {name} = app.tillsight.core.{name}\n")?;
    }
    let folder = out.join("app/tillsight");
    std::fs::create_dir_all(&folder)?;
    Ok(std::fs::write(folder.join("Types.kt"), text)?)
}

/// Writes `Tillsight/Types.swift` below `out`.
pub fn swift(core: &ComponentInterface, out: &Utf8Path) -> Result<()> {
    let mut text = String::from("// Generated from the phone core.\nimport TillsightCore\n");
    for (name, docs) in shared(core) {
        let name = Language::Swift.type_name(core, name);
        write!(text, "\n/// {docs}\npublic typealias {name} = TillsightCore.{name}\n")?;
    }
    let folder = out.join("Tillsight");
    std::fs::create_dir_all(&folder)?;
    Ok(std::fs::write(folder.join("Types.swift"), text)?)
}

/// The types an app names as they are, sorted, each with the first sentence of its documentation.
/// Errors and the object itself are wrapped by the hand-written layers instead.
fn shared(core: &ComponentInterface) -> Vec<(&str, String)> {
    let records = core.record_definitions().iter().map(|it| (it.name(), it.docstring()));
    let enums = core
        .enum_definitions()
        .iter()
        .filter(|it| !core.is_name_used_as_error(it.name()))
        .map(|it| (it.name(), it.docstring()));
    let traits = core
        .object_definitions()
        .iter()
        .filter(|it| it.has_callback_interface())
        .map(|it| (it.name(), it.docstring()));
    let mut all: Vec<_> =
        records.chain(enums).chain(traits).map(|(name, docs)| (name, first_line(docs))).collect();
    all.sort();
    all
}

fn first_line(docs: Option<&str>) -> String {
    let docs = docs.unwrap_or_default();
    let paragraph = docs.split("\n\n").next().unwrap_or_default();
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ").replace("*/", "")
}
