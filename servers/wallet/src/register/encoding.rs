//! Text files in whatever characters they were written, as UTF-8.

use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};
use encoding_rs_io::DecodeReaderBytesBuilder;

use super::{
    record::Trouble,
    sink::{Part, Sink},
};

/// Bytes looked at together.
const CHUNK: usize = 64 * 1024;

/// Opens the file at `path`; what is read from it is UTF-8 without a byte order mark, and counts as
/// progress. Bytes that are no characters of a file in UTF-8 stay as they are. Where the file is
/// in other characters the sink is told in which: they are recognised, not known.
pub fn open(path: &Path, sink: &mut Sink) -> Result<impl Read + use<>, Trouble> {
    let unopened = |error: io::Error| Trouble::unopened(&error);
    let encoding = encoding(path).map_err(unopened)?;
    if encoding != UTF_8 {
        let what = format!("the file is read as {}", encoding.name());
        sink.send(Part::Note(what, 1));
    }
    let file = File::open(path).map_err(unopened)?;
    let size = file.metadata().map_or(0, |about| about.len());
    let counted = sink.counted(BufReader::new(file), size);
    Ok(DecodeReaderBytesBuilder::new()
        .encoding(Some(encoding))
        .utf8_passthru(true)
        .strip_bom(true)
        .build(counted))
}

/// In which characters a file is written: by its mark, its zeros or what they would spell.
fn encoding(path: &Path) -> io::Result<&'static Encoding> {
    let mut file = File::open(path)?;
    let mut evidence = Evidence::default();
    let mut chunk = vec![0; CHUNK];
    let mut first = true;
    loop {
        let count = file.read(&mut chunk)?;
        let bytes = chunk.get(..count).unwrap_or_default();
        if std::mem::take(&mut first)
            && let Some(marked) = marked(bytes)
        {
            return Ok(marked);
        }
        if count == 0 {
            return Ok(evidence.encoding());
        }
        bytes.split_inclusive(|byte| *byte == b'\n').for_each(|part| evidence.add(part));
    }
}

/// The encoding that the first bytes of a file name, or betray by their zeros.
fn marked(bytes: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Some(encoding);
    }
    match bytes {
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => Some(UTF_16BE),
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => Some(UTF_16LE),
        _ => None,
    }
}

/// What the lines of a file tell of its encoding.
#[derive(Default)]
struct Evidence {
    line: Vec<u8>,
    /// Lines beyond ASCII that are UTF-8, and that are not.
    utf8: u64,
    other: u64,
    /// The first of those that are not.
    sample: Vec<u8>,
}

impl Evidence {
    fn add(&mut self, part: &[u8]) {
        if self.line.len() < CHUNK {
            self.line.extend_from_slice(part);
        }
        if part.ends_with(b"\n") {
            self.judge();
        }
    }

    fn judge(&mut self) {
        let line = std::mem::take(&mut self.line);
        if line.is_ascii() {
            return;
        }
        match str::from_utf8(&line) {
            Ok(_) => self.utf8 += 1,
            // A line too long to be held whole may have been cut within a character.
            Err(error) if error.error_len().is_none() && line.len() >= CHUNK => self.utf8 += 1,
            Err(_) => {
                self.other += 1;
                if self.sample.len() < 4 * CHUNK {
                    self.sample.extend_from_slice(&line);
                }
            }
        }
    }

    fn encoding(mut self) -> &'static Encoding {
        self.judge();
        // A few damaged lines do not make a file in UTF-8 another.
        if self.other == 0 || self.utf8 > 0 {
            return UTF_8;
        }
        if is_japanese(&self.sample) {
            return SHIFT_JIS;
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(&self.sample, true);
        detector.guess(None, Utf8Detection::Deny)
    }
}

/// Whether these bytes spell Japanese in Shift_JIS, with kana in it: a short list is too little for
/// the detector, which needs running text.
fn is_japanese(bytes: &[u8]) -> bool {
    let (text, faulty) = SHIFT_JIS.decode_without_bom_handling(bytes);
    let kana = text.chars().filter(|c| ('\u{3041}'..='\u{30fe}').contains(c)).count();
    let narrow = text.chars().filter(|c| ('\u{ff61}'..='\u{ff9f}').contains(c)).count();
    !faulty && kana > narrow
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(bytes: &[u8]) -> &'static Encoding {
        let mut evidence = Evidence::default();
        bytes.split_inclusive(|byte| *byte == b'\n').for_each(|part| evidence.add(part));
        evidence.encoding()
    }

    #[test]
    fn the_characters_of_a_list_are_recognised() {
        let shift_jis = |text| SHIFT_JIS.encode(text).0.into_owned();
        assert_eq!(guessed("name,lat\nそば,1\n".as_bytes()), UTF_8);
        assert_eq!(guessed(b"name,lat\nplain,1\n"), UTF_8);
        assert_eq!(guessed(&shift_jis("name,lat\nそば,1\n")), SHIFT_JIS);
        assert_eq!(guessed(&shift_jis("名称,緯度\n喫茶コーヒー,1\n")), SHIFT_JIS);
        assert_eq!(guessed(b"name,lat\nCaf\xe9 M\xfcller,1\nM\xe4rkt,2\n").name(), "windows-1252");
        // One damaged line among good ones.
        assert_eq!(guessed(b"name\nCaf\xc3\xa9\nCaf\xe9\n"), UTF_8);
        assert_eq!(marked(b"\xff\xfen\0a\0"), Some(UTF_16LE));
        assert_eq!(marked(b"n\0a\0"), Some(UTF_16LE));
        assert_eq!(marked(b"\0n\0a"), Some(UTF_16BE));
        assert_eq!(marked(b"\xef\xbb\xbfname"), Some(UTF_8));
        assert_eq!(marked(b"name"), None);
    }
}
