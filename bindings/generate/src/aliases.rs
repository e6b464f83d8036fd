//! The names the packages give to the records and enumerations of the core, so that an app
//! imports one package and never the generated one.

use std::fmt::Write as _;

use anyhow::Result;
use camino::Utf8Path;
use uniffi_bindgen::{
    ComponentInterface,
    interface::{AsType as _, Enum, Field, Type},
};

use crate::language::Language;

/// Writes `app/tillsight/Types.kt` below `out`.
pub fn kotlin(core: &ComponentInterface, out: &Utf8Path) -> Result<()> {
    let mut text = String::from("// Generated from the phone core.\npackage app.tillsight\n");
    for (name, docs) in shared(core, Language::Kotlin) {
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
    for (name, docs) in shared(core, Language::Swift) {
        let name = Language::Swift.type_name(core, name);
        write!(text, "\n/// {docs}\npublic typealias {name} = TillsightCore.{name}\n")?;
    }
    let folder = out.join("Tillsight");
    std::fs::create_dir_all(&folder)?;
    Ok(std::fs::write(folder.join("Types.swift"), text)?)
}

/// The types an app names as they are, sorted, each with the first paragraph of its documentation.
///
/// The hand-written layers wrap the rest: the object, its errors with what they carry, what the app
/// lends, and in Kotlin enumerations that carry values, whose cases no alias can reach, with the
/// records that hold one.
fn shared(core: &ComponentInterface, language: Language) -> Vec<(&str, String)> {
    let (errors, enums): (Vec<_>, Vec<_>) =
        core.enum_definitions().iter().partition(|it| core.is_name_used_as_error(it.name()));
    let carried: Vec<Type> = errors
        .iter()
        .flat_map(|it| it.variants())
        .flat_map(|it| it.iter_types().cloned())
        .collect();
    let records = core
        .record_definitions()
        .iter()
        .filter(|it| !carried.contains(&it.as_type()))
        .filter(|it| language == Language::Swift || !it.fields().iter().any(|it| wrapped(core, it)))
        .map(|it| (it.name(), it.docstring()));
    let enums = enums
        .into_iter()
        .filter(|it| language == Language::Swift || !it.contains_variant_fields())
        .map(|it| (it.name(), it.docstring()));
    let mut all: Vec<_> =
        records.chain(enums).map(|(name, docs)| (name, first_line(docs))).collect();
    all.sort();
    all
}

/// Whether a field holds an enumeration that the Kotlin layer wraps; the record is wrapped, then.
fn wrapped(core: &ComponentInterface, field: &Field) -> bool {
    let carrying = |kind: &Type| {
        let it = kind.name().and_then(|name| core.get_enum_definition(name));
        it.is_some_and(Enum::contains_variant_fields)
    };
    field.iter_types().any(carrying)
}

fn first_line(docs: Option<&str>) -> String {
    let docs = docs.unwrap_or_default();
    let paragraph = docs.split("\n\n").next().unwrap_or_default();
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ").replace("*/", "")
}
