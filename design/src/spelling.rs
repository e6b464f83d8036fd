//! How Kotlin and Swift spell what the tokens say.

use anyhow::Context as _;

/// `#RRGGBB` or `#RRGGBBAA` as a number: `0xAARRGGBB`.
pub fn argb(colour: &str) -> anyhow::Result<String> {
    let digits = colour.strip_prefix('#').context("no colour")?;
    let (rgb, alpha) = digits.split_at_checked(6).context("no colour")?;
    let alpha = if alpha.is_empty() { "FF" } else { alpha };
    Ok(format!("0x{alpha}{rgb}"))
}

/// With a capital first letter.
pub fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        format!("{}{}", first.to_ascii_uppercase(), letters.as_str())
    })
}
