//! Lines of a file, counted as an editor counts them.

use std::io::{BufRead, Result};

/// Longest line kept, bytes; what is beyond is dropped.
const MAX_LINE: usize = 1024 * 1024;

/// The lines of a text, ended by LF, CR LF or CR alone, without their ends.
pub struct Lines<R> {
    text: R,
    /// How many were read.
    number: u64,
    /// Whether the last one ended in CR, whose LF may still come.
    after_cr: bool,
}

impl<R: BufRead> Lines<R> {
    pub fn new(text: R) -> Self {
        Self { text, number: 0, after_cr: false }
    }

    /// The next line with its number, from 1; `None` at the end of the text.
    pub fn next(&mut self) -> Result<Option<(u64, Vec<u8>)>> {
        let mut line = Vec::new();
        let mut begun = false;
        loop {
            let bytes = self.text.fill_buf()?;
            if std::mem::take(&mut self.after_cr) && bytes.first() == Some(&b'\n') {
                self.text.consume(1);
                continue;
            }
            if bytes.is_empty() {
                self.number += u64::from(begun);
                return Ok(begun.then_some((self.number, line)));
            }
            begun = true;
            let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let part = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default();
            let room = MAX_LINE.saturating_sub(line.len()).min(part.len());
            line.extend_from_slice(part.get(..room).unwrap_or_default());
            let ended_by = end.and_then(|end| bytes.get(end)).copied();
            let taken = part.len() + usize::from(end.is_some());
            self.text.consume(taken);
            if let Some(byte) = ended_by {
                self.after_cr = byte == b'\r';
                self.number += 1;
                return Ok(Some((self.number, line)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    #[test]
    fn lines_are_counted_as_an_editor_counts_them() {
        for text in ["a\n\nb\nc", "a\r\n\r\nb\r\nc\r\n", "a\r\rb\rc", "a\r\n\nb\rc\n"] {
            for capacity in [1, 2, 64] {
                let mut lines = Lines::new(BufReader::with_capacity(capacity, text.as_bytes()));
                let mut all = Vec::new();
                while let Some((number, line)) = lines.next().unwrap() {
                    all.push((number, String::from_utf8(line).unwrap()));
                }
                let expected = [(1, "a"), (2, ""), (3, "b"), (4, "c")];
                let expected = expected.map(|(number, line)| (number, line.to_owned()));
                assert_eq!(all, expected, "{text:?} {capacity}");
            }
        }
    }
}
