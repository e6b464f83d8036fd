//! Cuts JSON texts into their features, so that a broken one costs only itself.

use std::io::{BufRead, Result};

/// Most bytes kept of one piece; a longer one is told as too long.
const MAX_PIECE: usize = 32 * 1024 * 1024;
/// What separates the texts of a GeoJSON text sequence (RFC 8142).
const RECORD_SEPARATOR: u8 = 0x1e;

/// A piece of a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    /// One element of a top object's `features`.
    Feature(Vec<u8>),
    /// A whole top object, without the elements of its `features`.
    Object { bytes: Vec<u8>, has_features: bool },
    /// Something that is no object where one should begin, or one that does not end.
    Broken(&'static str, LineColumn),
}

/// Where in a file, both from 1; columns are bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    pub line: u64,
    pub column: u64,
}

/// The pieces of a file that holds one JSON text, several one after another, one a line, or a
/// sequence with separators.
pub struct Cut<R> {
    text: R,
    at: LineColumn,
    /// Brackets that are open.
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// The last text in quotes at depth 1: the key of what follows.
    key: Vec<u8>,
    object: Vec<u8>,
    feature: Vec<u8>,
    in_features: bool,
    has_features: bool,
    /// Whether a text on the first line ended on it: then all others do.
    by_lines: bool,
    /// Whether what is no object was already told.
    reported: bool,
}

/// The depth at which the elements of `features` stand.
const ELEMENTS: usize = 2;

impl<R: BufRead> Cut<R> {
    pub fn new(text: R) -> Self {
        Self {
            text,
            at: LineColumn { line: 1, column: 0 },
            depth: 0,
            in_string: false,
            escaped: false,
            key: Vec::new(),
            object: Vec::new(),
            feature: Vec::new(),
            in_features: false,
            has_features: false,
            by_lines: false,
            reported: false,
        }
    }

    /// The next piece; `None` at the end of the file.
    pub fn next(&mut self) -> Result<Option<Piece>> {
        loop {
            let Some(&byte) = self.text.fill_buf()?.first() else {
                let open = self.depth > 0;
                self.reset();
                return Ok(open.then_some(Piece::Broken("the file is cut short", self.at)));
            };
            self.text.consume(1);
            self.at.column += 1;
            let piece = self.take(byte);
            if byte == b'\n' {
                self.at = LineColumn { line: self.at.line + 1, column: 0 };
            }
            if piece.is_some() {
                return Ok(piece);
            }
        }
    }

    fn reset(&mut self) {
        self.depth = 0;
        self.in_string = false;
        self.escaped = false;
        self.in_features = false;
        self.has_features = false;
        self.feature.clear();
        self.object.clear();
        self.key.clear();
    }

    fn take(&mut self, byte: u8) -> Option<Piece> {
        if byte == RECORD_SEPARATOR || (byte == b'\n' && self.by_lines) {
            let open = self.depth > 0;
            self.reset();
            self.reported = false;
            return open.then_some(Piece::Broken("the feature is cut short", self.at));
        }
        if self.depth == 0 {
            return self.between(byte);
        }
        let at_elements = self.in_features && self.depth == ELEMENTS;
        self.keep(byte, at_elements);
        if self.in_string {
            self.string(byte);
            return None;
        }
        match byte {
            b'"' => {
                self.in_string = true;
                if self.depth == 1 {
                    self.key.clear();
                }
            }
            b'{' | b'[' => self.open(byte),
            b'}' | b']' => return self.close(byte),
            b',' if at_elements => return self.element(),
            _ => {}
        }
        None
    }

    /// Outside any object.
    fn between(&mut self, byte: u8) -> Option<Piece> {
        match byte {
            b'{' => {
                self.depth = 1;
                self.reported = false;
                self.object.push(byte);
                None
            }
            b' ' | b'\t' | b'\r' | b'\n' => None,
            _ if std::mem::replace(&mut self.reported, true) => None,
            _ => Some(Piece::Broken("not GeoJSON from here on", self.at)),
        }
    }

    fn keep(&mut self, byte: u8, at_elements: bool) {
        let between = at_elements && matches!(byte, b',' | b']' | b' ' | b'\t' | b'\r' | b'\n');
        let piece = if self.in_features { &mut self.feature } else { &mut self.object };
        if !between && piece.len() <= MAX_PIECE {
            piece.push(byte);
        }
    }

    fn string(&mut self, byte: u8) {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = true,
            b'"' => self.in_string = false,
            byte if self.depth == 1 && self.key.len() < 16 => self.key.push(byte),
            _ => {}
        }
    }

    fn open(&mut self, byte: u8) {
        self.depth += 1;
        if byte == b'[' && self.depth == ELEMENTS && self.key == b"features" {
            self.in_features = true;
            self.has_features = true;
        }
    }

    fn close(&mut self, byte: u8) -> Option<Piece> {
        self.depth -= 1;
        if self.in_features && self.depth < ELEMENTS {
            self.in_features = false;
            self.object.push(byte);
            return self.element();
        }
        if self.depth > 0 {
            return None;
        }
        self.by_lines |= self.at.line == 1;
        let bytes = std::mem::take(&mut self.object);
        let has_features = std::mem::take(&mut self.has_features);
        self.reset();
        Some(Piece::Object { bytes, has_features })
    }

    /// The element of `features` that ends here; there is none in an empty list.
    fn element(&mut self) -> Option<Piece> {
        let feature = std::mem::take(&mut self.feature);
        if feature.len() > MAX_PIECE {
            return Some(Piece::Broken("the feature is too long", self.at));
        }
        (!feature.is_empty()).then_some(Piece::Feature(feature))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<String> {
        let mut cut = Cut::new(text.as_bytes());
        let mut pieces = Vec::new();
        let string = |bytes| String::from_utf8(bytes).unwrap();
        while let Some(piece) = cut.next().unwrap() {
            pieces.push(match piece {
                Piece::Feature(bytes) => format!("feature {}", string(bytes)),
                Piece::Object { bytes, has_features: false } => format!("object {}", string(bytes)),
                Piece::Object { bytes, .. } => format!("collection {}", string(bytes)),
                Piece::Broken(what, at) => format!("{what} at {}:{}", at.line, at.column),
            });
        }
        pieces
    }

    #[test]
    fn a_collection_is_cut_into_its_features_and_the_rest() {
        let text = "{\"a\": {\"features\": [1]}, \"features\": [ {\"b\": \"],}\\\"\"}, \n{} , 3], \"crs\": null}";
        assert_eq!(
            pieces(text),
            [
                "feature {\"b\":\"],}\\\"\"}".replace(":\"]", ": \"]"),
                "feature {}".to_owned(),
                "feature 3".to_owned(),
                "collection {\"a\": {\"features\": [1]}, \"features\": [], \"crs\": null}"
                    .to_owned(),
            ]
        );
        assert_eq!(pieces("{\"features\":[]}"), ["collection {\"features\":[]}"]);
    }

    #[test]
    fn texts_follow_each_other_by_line_or_separator_and_a_broken_one_costs_itself() {
        assert_eq!(
            pieces("{\"a\":1}\n{\"b\":[\n{\"c\":3}\n"),
            ["object {\"a\":1}", "the feature is cut short at 2:7", "object {\"c\":3}",]
        );
        assert_eq!(
            pieces("\u{1e}{\"a\":\n\u{1e}{\"b\":\n2}\n"),
            ["the feature is cut short at 2:1", "object {\"b\":\n2}",]
        );
        assert_eq!(pieces("{}{}"), ["object {}", "object {}"]);
        assert_eq!(pieces("x y {}"), ["not GeoJSON from here on at 1:1", "object {}"]);
        assert_eq!(pieces("{\"a\":\n"), ["the file is cut short at 2:0"]);
        assert_eq!(pieces(""), Vec::<String>::new());
    }
}
