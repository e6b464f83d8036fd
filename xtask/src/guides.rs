//! Holds the guides to compiled code: every Kotlin and Swift block of a guide stands, word for word,
//! in a source that the packages' tests compile.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::step::root;

const GUIDES: [(&str, &str, &[&str]); 2] = [
    ("docs/kotlin.md", "kotlin", &["bindings/kotlin/src/robolectric/kotlin/app/example/Guide.kt"]),
    (
        "docs/swift.md",
        "swift",
        &[
            "bindings/swift/Tests/TillsightTests/Guide.swift",
            "bindings/swift/StandIns/Guide/Pages.swift",
        ],
    ),
];

/// Compares every block.
///
/// # Errors
/// With the first block that is not in the compiled source.
pub fn check() -> Result<()> {
    for (guide, language, sources) in GUIDES {
        let text = fs::read_to_string(root().join(guide)).context(guide)?;
        let read = |source: &&'static str| fs::read_to_string(root().join(source)).context(*source);
        let compiled = sources.iter().map(read).collect::<Result<String>>()?;
        let blocks = blocks(&text, language);
        if blocks.is_empty() {
            bail!("{guide} has no block of {language}");
        }
        for block in blocks {
            if !compiled.contains(block) {
                bail!("{guide} shows code that nothing compiles:\n{block}");
            }
        }
    }
    Ok(())
}

fn blocks<'a>(guide: &'a str, language: &str) -> Vec<&'a str> {
    let opening = format!("```{language}\n");
    let after = guide.split(&opening).skip(1);
    after.filter_map(|rest| rest.split_once("\n```").map(|(block, _)| block)).collect()
}

#[cfg(test)]
mod tests {
    use super::blocks;

    #[test]
    fn blocks_of_other_languages_are_left_out() {
        let guide = "a\n```kotlin\nfun a()\n```\n```swift\nfunc b()\n```\n";
        assert_eq!(blocks(guide, "kotlin"), ["fun a()"]);
        assert_eq!(blocks(guide, "swift"), ["func b()"]);
    }

    #[test]
    fn the_guides_show_only_code_that_compiles() {
        super::check().unwrap();
    }
}
