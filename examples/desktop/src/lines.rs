//! One question a line in, one JSON answer a line out.

use std::{
    fmt::Display,
    io::{self, BufRead, BufWriter, ErrorKind, Read, Write},
};

/// Longest line taken, bytes: no sign is longer, and a file without line ends must not fill memory.
const MOST_BYTES: u64 = 1 << 20;

/// The form of an answer, for verbs that have only one.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct AsJson {
    /// JSON lines: this verb prints nothing else, so that one flag suits every verb.
    #[arg(long)]
    json: bool,
}

/// Prints one line.
///
/// # Errors
/// When nobody reads it, or the disk it goes to is full.
pub fn say(line: impl Display) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}

/// Whether it ended because whoever read the lines has left, as `head` does once it has enough.
pub fn is_read_no_more(error: &anyhow::Error) -> bool {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>());
    causes.any(|cause| cause.kind() == ErrorKind::BrokenPipe)
}

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
