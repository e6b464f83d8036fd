//! The tokens as Swift, for SwiftUI.

use std::fmt::Write as _;

use anyhow::Context as _;
use serde_json::Value;

use crate::spelling::{argb, colours, lengths};

/// The system's text styles by their size in points at the usual setting, which a person's own setting
/// scales: <https://developer.apple.com/design/human-interface-guidelines/typography>.
const STYLES: [(u64, &str); 8] = [
    (12, "caption"),
    (13, "footnote"),
    (15, "subheadline"),
    (16, "callout"),
    (17, "body"),
    (20, "title3"),
    (28, "title"),
    (34, "largeTitle"),
];

/// The Swift file of `tokens`.
///
/// # Errors
/// When the tokens are not as this expects them.
pub fn swift(tokens: &Value) -> anyhow::Result<String> {
    let names = colours(tokens)?;
    let mut swift = String::from(
        "// Made from design/tokens.json by `TILLSIGHT_WRITE_TOKENS=1 cargo test -p design`.\n\
         #if !os(macOS)\nimport SwiftUI\n\n\
         /// The design's colours, by day or by night.\npublic struct Colours: Sendable {\n",
    );
    for name in &names {
        // One of them is a word of the language.
        writeln!(swift, "    public var `{name}`: Color")?;
    }
    swift.push_str("}\n\n/// The design's colours, lengths and letters.\npublic enum Tokens {\n");
    for theme in ["light", "dark"] {
        writeln!(swift, "    public static let {theme} = Colours(")?;
        let colours = &tokens["color"][theme];
        for (nth, name) in names.iter().enumerate() {
            let colour = colours[name.as_str()].as_str().context("no colour")?;
            let end = if nth + 1 == names.len() { ")" } else { "," };
            writeln!(swift, "        {name}: Color({}){end}", argb(colour)?)?;
        }
    }
    for (name, length) in lengths(tokens)? {
        writeln!(swift, "    public static let {name}: CGFloat = {length}")?;
    }
    for (name, kind) in tokens["type"].as_object().context("no type")? {
        let Some(size) = kind["size"].as_u64() else { continue };
        let weight = match kind["weight"].as_u64().context("no weight")? {
            ..500 => "regular",
            500 => "medium",
            501..=600 => "semibold",
            _ => "bold",
        };
        let (_, style) =
            STYLES.iter().min_by_key(|(points, _)| points.abs_diff(size)).context("no style")?;
        writeln!(swift, "    public static let {name} = Font.system(.{style}).weight(.{weight})")?;
    }
    swift.push_str(
        "}\n\nextension Color {\n    fileprivate init(_ argb: UInt32) {\n        \
         let part = { (shift: UInt32) in Double(argb >> shift & 0xFF) / 255 }\n        \
         self.init(.sRGB, red: part(16), green: part(8), blue: part(0), opacity: part(24))\n    }\n}\n#endif\n",
    );
    Ok(swift)
}
