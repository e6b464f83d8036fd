//! A reader for Swift that reads where the bytes lie (`reader.swift`), in place of the generated one,
//! which copies each number out of a `Data`.

use anyhow::{Context, Result};

use crate::frame::replace_once;

/// Puts the reader into the Swift sources of the core.
///
/// # Errors
/// When the generated reader is not written as expected.
pub fn rewrite(source: &str) -> Result<String> {
    let begins = "fileprivate func createReader(";
    let ends = "// Define writer functionality.";
    let (before, rest) = source.split_once(begins).context("the generated reader is not there")?;
    let (_, after) = rest.split_once(ends).context("the generated reader does not end")?;
    let mut text = format!("{before}{}{ends}{after}", include_str!("reader.swift"));
    replace_once(&mut text, "createReader(data: Data(rustBuffer: buf))", "UniffiReader(buf)")?;
    Ok(text.replace("(data: Data, offset: Data.Index)", "UniffiReader"))
}
