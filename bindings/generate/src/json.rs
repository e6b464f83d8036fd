//! Writers of a screen as JSON, for the packages' scenario tests: byte for byte what the core's own
//! serializer writes, so that a scenario's screens can be compared across languages.

use std::{collections::BTreeSet, fmt::Write as _};

use heck::{ToLowerCamelCase, ToSnakeCase};
use uniffi_bindgen::{
    ComponentInterface,
    interface::{AsType as _, Enum, Record, Type},
};

use crate::language::Language;

/// The records the scenarios compare.
const SCREENS: [&str; 6] = [
    "SettlementScreen",
    "PaymentScreen",
    "DepositScreen",
    "HistoryScreen",
    "MethodsScreen",
    "AccountScreen",
];
/// Their field that says nothing of what is shown; the core's serializer leaves it out, too.
const NOT_SHOWN: &str = "revision";

const KOTLIN_HEAD: &str = r#"// Generated from the phone core.
package app.tillsight

private fun quoted(text: String): String = buildString {
    append('"')
    for (sign in text) {
        when (sign) {
            '"' -> append("\\\"")
            '\\' -> append("\\\\")
            '\n' -> append("\\n")
            '\r' -> append("\\r")
            '\t' -> append("\\t")
            '\b' -> append("\\b")
            '\u000C' -> append("\\f")
            in '\u0000'..'\u001F' -> append("\\u%04x".format(sign.code))
            else -> append(sign)
        }
    }
    append('"')
}
"#;

const SWIFT_HEAD: &str = r#"// Generated from the phone core.
import Foundation
import Tillsight

private func quoted(_ text: String) -> String {
    var out = "\""
    for sign in text.unicodeScalars {
        switch sign {
        case "\"": out += "\\\""
        case "\\": out += "\\\\"
        case "\n": out += "\\n"
        case "\r": out += "\\r"
        case "\t": out += "\\t"
        case "\u{8}": out += "\\b"
        case "\u{C}": out += "\\f"
        case _ where sign.value < 0x20: out += String(format: "\\u%04x", sign.value)
        default: out.unicodeScalars.append(sign)
        }
    }
    return out + "\""
}
"#;

/// The source of the writers for the screens and everything in it.
pub fn writers(core: &ComponentInterface, language: Language) -> String {
    let mut text = match language {
        Language::Kotlin => KOTLIN_HEAD.to_owned(),
        Language::Swift => SWIFT_HEAD.to_owned(),
    };
    let mut names = BTreeSet::new();
    for screen in SCREENS {
        reach(core, screen, &mut names);
    }
    for name in names {
        if let Some(record) = core.get_record_definition(&name) {
            push_record(&mut text, language, record);
        } else if let Some(it) = core.get_enum_definition(&name) {
            push_enum(&mut text, language, it);
        }
    }
    text
}

/// Every record and enumeration in `name`, itself too.
fn reach(core: &ComponentInterface, name: &str, names: &mut BTreeSet<String>) {
    if !names.insert(name.to_owned()) {
        return;
    }
    let Some(record) = core.get_record_definition(name) else { return };
    for inner in record.fields().iter().flat_map(|field| field.iter_types()) {
        if let Some(inner) = inner.name() {
            reach(core, inner, names);
        }
    }
}

fn push_record(text: &mut String, language: Language, record: &Record) {
    let name = record.name();
    let fields: Vec<String> = record
        .fields()
        .iter()
        .filter(|field| !(SCREENS.contains(&name) && field.name() == NOT_SHOWN))
        .map(|field| {
            let key = field.name().to_snake_case();
            let value = written(language, &field.as_type(), &field.name().to_lower_camel_case());
            format!("\"\\\"{key}\\\":\" + {value}")
        })
        .collect();
    let _ = match language {
        Language::Kotlin => write!(
            text,
            "\nfun {name}.json(): String = listOf(\n    {},\n).joinToString(\",\", \"{{\", \"}}\")\n",
            fields.join(",\n    ")
        ),
        // One append after another: a single long expression is more than the type checker takes.
        Language::Swift => write!(
            text,
            "\nextension {name} {{\n    func json() -> String {{\n        var fields: [String] = []\n{}        \
             return \"{{\" + fields.joined(separator: \",\") + \"}}\"\n    }}\n}}\n",
            fields
                .iter()
                .map(|field| format!("        fields.append({field})\n"))
                .collect::<String>()
        ),
    };
}

fn push_enum(text: &mut String, language: Language, it: &Enum) {
    let name = it.name();
    let cases = it.variants().iter().map(|variant| {
        let case = language.case_name(variant.name(), false, true);
        let word = variant.name().to_snake_case();
        match language {
            Language::Kotlin => format!("    {name}.{case} -> \"\\\"{word}\\\"\"\n"),
            Language::Swift => format!("        case .{case}: \"\\\"{word}\\\"\"\n"),
        }
    });
    let cases: String = cases.collect();
    let _ = match language {
        Language::Kotlin => {
            write!(text, "\nfun {name}.json(): String = when (this) {{\n{cases}}}\n")
        }
        Language::Swift => write!(
            text,
            "\nextension {name} {{\n    func json() -> String {{\n        switch self {{\n{cases}        \
             }}\n    }}\n}}\n"
        ),
    };
}

/// The expression that writes `value`.
fn written(language: Language, kind: &Type, value: &str) -> String {
    match (kind, language) {
        (Type::Optional { inner_type }, Language::Kotlin) => {
            format!(
                "({value}?.let {{ some -> {} }} ?: \"null\")",
                written(language, inner_type, "some")
            )
        }
        (Type::Optional { inner_type }, Language::Swift) => {
            format!(
                "({value}.map {{ some in {} }} ?? \"null\")",
                written(language, inner_type, "some")
            )
        }
        (Type::Sequence { inner_type }, Language::Kotlin) => {
            let each = written(language, inner_type, "each");
            format!("{value}.joinToString(\",\", \"[\", \"]\") {{ each -> {each} }}")
        }
        (Type::Sequence { inner_type }, Language::Swift) => {
            let each = written(language, inner_type, "each");
            format!("\"[\" + {value}.map {{ each in {each} }}.joined(separator: \",\") + \"]\"")
        }
        (Type::String, _) => format!("quoted({value})"),
        (kind, _) if kind.name().is_some() => format!("{value}.json()"),
        (_, Language::Kotlin) => format!("{value}.toString()"),
        (_, Language::Swift) => format!("\"\\({value})\""),
    }
}
