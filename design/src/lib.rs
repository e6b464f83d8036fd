//! The design: its tokens as CSS custom properties (`design/tokens.json` is the one source of colours, sizes
//! and times), the parts that every page draws with, and the tokens for Compose and SwiftUI.

mod compose;
mod spelling;
mod swiftui;

use std::fmt::Write as _;

use anyhow::Context as _;
use serde_json::Value;

const TOKENS: &str = include_str!("../tokens.json");

/// The style sheet of buttons, chips and the like.
pub const PARTS: &str = include_str!("../page/parts.css");
/// The script that changes only what differs on a page.
pub const DRAW: &str = include_str!("../page/draw.js");
/// The icons, the marks of the standings and QR codes.
pub const ICONS: &str = include_str!("../page/icons.js");

/// The tokens as a Kotlin file for Compose, in this package.
///
/// # Errors
/// When the tokens are not as this expects them.
pub fn compose(package: &str) -> anyhow::Result<String> {
    compose::kotlin(&serde_json::from_str(TOKENS)?, package)
}

/// The tokens as a Swift file for SwiftUI.
///
/// # Errors
/// When the tokens are not as this expects them.
pub fn swiftui() -> anyhow::Result<String> {
    swiftui::swift(&serde_json::from_str(TOKENS)?)
}

/// The style sheet.
///
/// # Errors
/// When the tokens are not as this expects them.
pub fn css() -> anyhow::Result<String> {
    let tokens: Value = serde_json::from_str(TOKENS)?;
    let mut css = String::new();
    for (theme, selector) in [("light", ":root,[data-theme=light]"), ("dark", "[data-theme=dark]")]
    {
        write!(css, "{selector}{{color-scheme:{theme};")?;
        colours(&mut css, "", &tokens["color"][theme])?;
        colours(&mut css, "map-", &tokens["color"]["map"][theme])?;
        // A shadow cannot be seen on the dark.
        let [card, sheet] = if theme == "dark" {
            ["0 0 0 1px var(--line)", "0 -8px 32px #000A"]
        } else {
            ["card", "sheet"].map(|name| tokens["elevation"][name].as_str().unwrap_or("none"))
        };
        write!(css, "--e-card:{card};--e-sheet:{sheet}}}")?;
    }
    css.push_str(".tok{");
    for (name, kind) in tokens["type"].as_object().context("no type")? {
        let Some(most) = kind["maxScale"].as_f64() else { continue };
        for (suffix, key) in [("", "size"), ("-l", "line")] {
            let size = kind[key].as_f64().context("no size")?;
            write!(css, "--{name}{suffix}:calc({size}px*min(var(--k,1),{most}));")?;
        }
    }
    css.push('}');
    for (name, kind) in tokens["type"].as_object().context("no type")? {
        let Some(weight) = kind["weight"].as_u64() else { continue };
        write!(
            css,
            ".t-{name}{{font-size:var(--{name});line-height:var(--{name}-l);font-weight:{weight}}}"
        )?;
    }
    let family = tokens["type"]["family"].as_str().context("no family")?;
    write!(css, "body{{font-family:{family}}}")?;
    Ok(css)
}

fn colours(css: &mut String, prefix: &str, colours: &Value) -> anyhow::Result<()> {
    for (name, value) in colours.as_object().context("no colours")? {
        let name: String = name
            .chars()
            .flat_map(|letter| {
                let dash = letter.is_ascii_uppercase().then_some('-');
                dash.into_iter().chain([letter.to_ascii_lowercase()])
            })
            .collect();
        write!(css, "--{prefix}{name}:{};", value.as_str().context("no colour")?)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn the_page_has_every_colour_and_size_of_the_design() {
        let css = super::css().unwrap();
        for wanted in
            ["--on-go:#032622", "--map-street-line:#CFCABD", "--till-l:calc(64px", ".t-store{"]
        {
            assert!(css.contains(wanted), "{wanted} is missing");
        }
    }

    #[test]
    fn the_apps_tokens_are_those_of_the_design() {
        let bindings = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bindings");
        let made = [
            (
                "compose/src/main/kotlin/app/tillsight/ui/Tokens.kt",
                super::compose("app.tillsight.ui"),
            ),
            ("swift/Sources/TillsightUI/Tokens.swift", super::swiftui()),
        ];
        for (file, made) in made {
            let (file, made) = (bindings.join(file), made.unwrap());
            if std::env::var_os("TILLSIGHT_WRITE_TOKENS").is_some() {
                std::fs::write(&file, &made).unwrap();
            }
            let committed = std::fs::read_to_string(&file).unwrap_or_default();
            assert!(
                committed == made,
                "TILLSIGHT_WRITE_TOKENS=1 cargo test -p design writes it anew"
            );
        }
    }
}
