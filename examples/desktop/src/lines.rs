//! One question a line in, one JSON answer a line out.

use std::io::{BufRead, BufWriter, Read, Write};

/// Longest line taken, bytes: no sign is longer, and a file without line ends must not fill memory.
const MOST_BYTES: u64 = 1 << 20;

/// Answers `question`, or every line of standard input when it is `-`. Bytes that are not UTF-8
/// are read as their replacement characters.
pub fn answer(
    question: &str,
    mut read: impl FnMut(&str) -> serde_json::Value,
) -> anyhow::Result<()> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    if question != "-" {
        writeln!(out, "{}", read(question))?;
        return Ok(out.flush()?);
    }
    let mut input = std::io::stdin().lock();
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.by_ref().take(MOST_BYTES).read_until(b'\n', &mut line)? == 0 {
            return Ok(out.flush()?);
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.strip_suffix('\n').unwrap_or(&text);
        writeln!(out, "{}", read(text.strip_suffix('\r').unwrap_or(text)))?;
    }
}
