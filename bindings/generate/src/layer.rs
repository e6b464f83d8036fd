//! The public declarations of a hand-written layer, read from its sources.
//!
//! Both layers spell visibility out (Kotlin by its explicit API mode, Swift by its default), so a
//! declaration of the surface is exactly a line that begins with `public`.

use std::fmt::Write as _;

use anyhow::{Context, Result, bail};
use camino::{Utf8Path, Utf8PathBuf};

use crate::language::Language;

/// Every public declaration of the layer, file by file, its body left out.
pub fn declarations(language: Language, bindings: &Utf8Path) -> Result<String> {
    let mut text = String::new();
    for folder in language.layer() {
        let root = bindings.join(folder);
        let mut files = Vec::new();
        if root.exists() {
            collect(&root, language.ending(), &mut files)?;
        }
        files.sort();
        for file in files {
            let source = std::fs::read_to_string(&file).with_context(|| file.to_string())?;
            if language == Language::Kotlin
                && let Some(line) = unspelled(&source)
            {
                bail!("{file}: say `public`, `internal` or `private`: {line}");
            }
            let found = public(&source);
            if !found.is_empty() {
                writeln!(text, "\n-- {}", file.strip_prefix(&root).unwrap_or(&file))?;
                for line in found {
                    writeln!(text, "{line}")?;
                }
            }
        }
    }
    Ok(text)
}

fn collect(folder: &Utf8Path, ending: &str, files: &mut Vec<Utf8PathBuf>) -> Result<()> {
    for entry in folder.read_dir_utf8()? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            collect(entry.path(), ending, files)?;
        } else if entry.path().extension() == Some(ending)
            // Generated: the same types are listed as records and enumerations.
            && entry.path().file_stem() != Some("Types")
        {
            files.push(entry.into_path());
        }
    }
    Ok(())
}

/// The public declarations of one source, each on one line, indented as in the source.
fn public(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        let body = line.trim_start();
        if !body.starts_with("public ") {
            continue;
        }
        let indent = line.len() - body.len();
        let mut declaration = String::new();
        let mut next = Some(body);
        while let Some(part) = next {
            if !declaration.is_empty() {
                declaration.push(' ');
            }
            declaration.push_str(part.trim());
            if closed(&declaration) {
                break;
            }
            next = lines.next();
        }
        let cut = declaration.get(..head(&declaration)).unwrap_or_default();
        let cut = cut.strip_prefix("public ").unwrap_or(cut).trim_end();
        let cut = cut.replace("( ", "(").replace(", )", ")").replace(" )", ")");
        found.push(format!("{:indent$}{cut}", ""));
    }
    found
}

/// A top-level declaration of a Kotlin source that leaves its visibility to the default, and so
/// would be missing from the surface.
fn unspelled(source: &str) -> Option<&str> {
    const WORDS: [&str; 10] = [
        "abstract ",
        "class ",
        "const ",
        "data ",
        "enum ",
        "fun ",
        "interface ",
        "object ",
        "sealed ",
        "val ",
    ];
    source.lines().find(|line| WORDS.iter().any(|word| line.starts_with(word)))
}

/// Whether every bracket of `declaration` was closed, so that it does not go on in the next line.
fn closed(declaration: &str) -> bool {
    let depth: i32 = declaration
        .chars()
        .map(|sign| match sign {
            '(' | '<' | '[' => 1,
            ')' | '>' | ']' => -1,
            _ => 0,
        })
        .sum();
    // `->` closes nothing, so one bracket too many is not a reason to go on.
    depth <= 0
}

/// Where the body or the value begins: at a `{` or ` = ` outside every bracket.
fn head(declaration: &str) -> usize {
    let mut depth = 0;
    for (at, sign) in declaration.char_indices() {
        match sign {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '{' if depth == 0 => return at,
            '=' if depth == 0 && declaration.get(..at).is_some_and(|it| it.ends_with(' ')) => {
                return at;
            }
            _ => {}
        }
    }
    declaration.len()
}

#[cfg(test)]
mod tests {
    use super::{public, unspelled};

    #[test]
    fn a_declaration_over_several_lines_is_one_line_without_its_body() {
        let source = "public class A(\n    private val x: Int,\n) : B {\n    public fun f(n: Int = 3): \
                      Int = n + 1\n    private fun g() {}\n}\n";
        assert_eq!(
            public(source),
            ["class A(private val x: Int) : B", "    fun f(n: Int = 3): Int"]
        );
    }

    #[test]
    fn a_kotlin_declaration_without_visibility_is_found() {
        assert_eq!(unspelled("internal fun a() {\n    val b = 1\n}\nclass C\n"), Some("class C"));
        assert_eq!(unspelled("private val a = 1\n@Suppress(\"x\")\npublic fun b() {}\n"), None);
    }

    #[test]
    fn a_swift_function_keeps_its_result_and_loses_its_body() {
        let source = "    public func f(\n        _ a: [Int]\n    ) async throws -> Bool {\n";
        assert_eq!(public(source), ["    func f(_ a: [Int]) async throws -> Bool"]);
    }
}
