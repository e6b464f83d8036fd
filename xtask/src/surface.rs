//! The readable surface of both packages and the table of errors: written, or compared.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

use crate::{library, step::root};

const FILES: [(&str, &str); 3] = [
    ("kotlin.txt", "bindings/surface/kotlin.txt"),
    ("swift.txt", "bindings/surface/swift.txt"),
    ("errors.md", "docs/errors.md"),
];

/// Writes the surface anew.
///
/// # Errors
/// When the core does not build.
pub fn write() -> Result<()> {
    let fresh = generate()?;
    for (name, kept) in FILES {
        let kept = root().join(kept);
        fs::create_dir_all(kept.parent().unwrap_or(&kept))?;
        fs::copy(fresh.join(name), kept)?;
    }
    Ok(())
}

/// Compares the surface with the one that was agreed on.
///
/// # Errors
/// With the first line that differs.
pub fn check() -> Result<()> {
    let fresh = generate()?;
    for (name, kept) in FILES {
        compare(&fresh.join(name), &root().join(kept), kept)?;
    }
    println!("the surface of both packages is the one agreed on");
    Ok(())
}

fn generate() -> Result<std::path::PathBuf> {
    let built = library::build()?;
    let fresh = crate::step::target().join("surface");
    fs::create_dir_all(&fresh)?;
    let text = |path: &Path| path.to_string_lossy().into_owned();
    library::generate(&built, &["surface", "bindings", &text(&fresh)])?;
    library::generate(&built, &["errors", &text(&fresh.join("errors.md"))])?;
    Ok(fresh)
}

fn compare(fresh: &Path, kept: &Path, name: &str) -> Result<()> {
    let fresh = fs::read_to_string(fresh)?;
    let kept = fs::read_to_string(kept).with_context(|| format!("{name} is missing"))?;
    if fresh == kept {
        return Ok(());
    }
    let differ = fresh.lines().zip(kept.lines()).find(|(now, agreed)| now != agreed);
    let (now, agreed) = differ.unwrap_or(("(end)", "(end)"));
    bail!(
        "{name} is not what an app sees any more.\n  agreed: {agreed}\n  now:    {now}\n\
         When the change is meant, `cargo xtask surface` writes it; it lands together with its \
         Kotlin side, its Swift side and its scenario."
    )
}
