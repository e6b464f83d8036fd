//! How Kotlin and Swift spell what the tokens say.

use anyhow::Context as _;
use serde_json::Value;

/// The names of the colours.
pub fn colours(tokens: &Value) -> anyhow::Result<Vec<&String>> {
    Ok(tokens["color"]["light"].as_object().context("no colours")?.keys().collect())
}

/// The lengths by name: spaces and radii with their group before it.
pub fn lengths(tokens: &Value) -> anyhow::Result<Vec<(String, u64)>> {
    let mut lengths = Vec::new();
    for (group, prefix) in [("space", "space"), ("size", ""), ("radius", "radius")] {
        for (name, length) in tokens[group].as_object().context("no lengths")? {
            let length = length.as_u64().context("no length")?;
            let name = if prefix.is_empty() { name.clone() } else { capital(name) };
            lengths.push((format!("{prefix}{name}"), length));
        }
    }
    Ok(lengths)
}

/// `#RRGGBB` or `#RRGGBBAA` as a number: `0xAARRGGBB`.
pub fn argb(colour: &str) -> anyhow::Result<String> {
    let digits = colour.strip_prefix('#').context("no colour")?;
    let (rgb, alpha) = digits.split_at_checked(6).context("no colour")?;
    let alpha = if alpha.is_empty() { "FF" } else { alpha };
    Ok(format!("0x{alpha}{rgb}"))
}

/// With a capital first letter.
fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        format!("{}{}", first.to_ascii_uppercase(), letters.as_str())
    })
}
