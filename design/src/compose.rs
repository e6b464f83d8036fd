//! The tokens as Kotlin, for Compose.

use std::fmt::Write as _;

use anyhow::Context as _;
use serde_json::Value;

use crate::spelling::{argb, colours, lengths};

/// The Kotlin file of `tokens`, in this package.
///
/// # Errors
/// When the tokens are not as this expects them.
pub fn kotlin(tokens: &Value, package: &str) -> anyhow::Result<String> {
    let names = colours(tokens)?;
    let mut kotlin = format!(
        "// Made from design/tokens.json by `TILLSIGHT_WRITE_TOKENS=1 cargo test -p design`.\n\
         package {package}\n\nimport androidx.compose.ui.graphics.Color\n\
         import androidx.compose.ui.unit.dp\nimport androidx.compose.ui.unit.sp\n\n\
         /** The design's colours, by day or by night. */\ndata class Colours(\n"
    );
    for name in &names {
        writeln!(kotlin, "    val {name}: Color,")?;
    }
    kotlin.push_str(")\n\n/** The design's colours, lengths and letters. */\nobject Tokens {\n");
    for theme in ["light", "dark"] {
        writeln!(kotlin, "    val {theme} = Colours(")?;
        for name in &names {
            let colour = tokens["color"][theme][name.as_str()].as_str().context("no colour")?;
            writeln!(kotlin, "        {name} = Color({}),", argb(colour)?)?;
        }
        kotlin.push_str("    )\n");
    }
    for (name, length) in lengths(tokens)? {
        writeln!(kotlin, "    val {name} = {length}.dp")?;
    }
    for (name, kind) in tokens["type"].as_object().context("no type")? {
        let Some(size) = kind["size"].as_u64() else { continue };
        let (line, weight) = (kind["line"].as_u64(), kind["weight"].as_u64());
        let (line, weight) = line.zip(weight).context("no line or weight")?;
        writeln!(kotlin, "    val {name} = Letters({size}.sp, {line}.sp, {weight})")?;
    }
    kotlin.push_str(
        "}\n\n/** Letters of one kind: how large, on which line, how heavy. */\n\
         class Letters(val size: androidx.compose.ui.unit.TextUnit, \
         val line: androidx.compose.ui.unit.TextUnit, val weight: Int)\n",
    );
    Ok(kotlin)
}
