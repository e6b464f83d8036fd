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

/// The public declarations of one source, each on one line, indented as in the source: whatever
/// begins with `public`, and the cases and requirements of a public enumeration or protocol.
fn public(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut extended = None;
    // How deep a line must be indented to be a case or requirement of what was opened last.
    let mut listed = None;
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        let body = line.trim_start();
        let indent = line.len() - body.len();
        if body.starts_with("extension ") {
            extended = Some(without_body(body));
        }
        if !body.is_empty() && listed.is_some_and(|depth| indent < depth) {
            listed = None;
        }
        let member = listed == Some(indent) && is_listed(body);
        if !body.starts_with("public ") && !member {
            continue;
        }
        let mut declaration = body.to_owned();
        while !closed(&declaration)
            && let Some(next) = lines.next()
        {
            declaration.push(' ');
            declaration.push_str(next.trim());
        }
        if ["public enum ", "public protocol "].iter().any(|word| body.starts_with(word)) {
            listed = Some(indent + 4);
        }
        found.extend(extended.take());
        found.push(format!("{:indent$}{}", "", without_body(&declaration)));
    }
    found
}

/// A case of an enumeration or a requirement of a protocol, which say no `public` of their own.
fn is_listed(body: &str) -> bool {
    let shouted = body.strip_suffix(',').unwrap_or(body);
    body.starts_with("case ")
        || body.starts_with("func ")
        || (!shouted.is_empty()
            && shouted.chars().all(|sign| sign.is_ascii_uppercase() || sign == '_'))
}

/// The declaration alone: no body, no value, no constructor an app cannot call.
fn without_body(declaration: &str) -> String {
    let cut = declaration.get(..head(declaration)).unwrap_or_default();
    let cut = cut.strip_prefix("public ").unwrap_or(cut).trim_end();
    let cut = cut.strip_suffix(" get()").unwrap_or(cut).trim_end_matches(',');
    let cut = cut.replace("( ", "(").replace(", )", ")").replace(" )", ")");
    match cut.split_once(" private constructor(") {
        Some((name, rest)) => {
            let after = rest.rsplit_once(" : ").map(|(_, kinds)| format!(" : {kinds}"));
            format!("{name}{}", after.unwrap_or_default())
        }
        None => cut,
    }
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
            '(' | '[' => 1,
            ')' | ']' => -1,
            _ => 0,
        })
        .sum();
    depth <= 0 && !declaration.ends_with(':')
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
    fn a_default_that_holds_an_arrow_does_not_cut_the_declaration() {
        let source = "    public static func open(\n        clock: () -> Date = { Date() },\n        n: \
                      Int\n    ) -> A {\n";
        assert_eq!(
            public(source),
            ["    static func open(clock: () -> Date = { Date() }, n: Int) -> A"]
        );
    }

    #[test]
    fn cases_and_requirements_are_listed_and_what_an_app_cannot_call_is_not() {
        let swift = "public protocol A: B {\n    /// Doc.\n    func f() -> C\n}\nextension D {\n    \
                     public var e: E { f }\n}\n";
        assert_eq!(
            public(swift),
            ["protocol A: B", "    func f() -> C", "extension D", "    var e: E"]
        );
        let kotlin = "public class W private constructor(\n    private val c: C,\n) : X {\n    public \
                      val e: E get() = c\n}\npublic enum class S {\n    READY,\n}\n";
        assert_eq!(public(kotlin), ["class W : X", "    val e: E", "enum class S", "    READY"]);
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
