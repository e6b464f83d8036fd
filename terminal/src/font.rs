//! The font whose letters a PDF brings along.

use std::{fs, path::Path};

use anyhow::Context;
use krilla::text::Font;
use skrifa::{FontRef, MetadataProvider};

/// Where systems keep Noto, the one with the most letters first; in a collection the first face is
/// the Japanese one.
const NOTO: [&str; 9] = [
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/usr/local/share/fonts/NotoSansCJK-Regular.ttc",
    "/Library/Fonts/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/google-noto/NotoSans-Regular.ttf",
];

/// A font file that was read.
pub struct SheetFont {
    bytes: Vec<u8>,
    face: Font,
}

impl SheetFont {
    /// Reads a TrueType or OpenType font, of a collection the first face.
    ///
    /// # Errors
    /// When the file cannot be read or is none.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::of(bytes).with_context(|| format!("{} is no font", path.display()))
    }

    /// The system's Noto, if it has one.
    pub fn of_the_system() -> Option<Self> {
        NOTO.iter().find_map(|path| Self::open(Path::new(path)).ok())
    }

    fn of(bytes: Vec<u8>) -> Option<Self> {
        FontRef::from_index(&bytes, 0).ok()?;
        let face = Font::new(bytes.clone().into(), 0)?;
        Some(Self { bytes, face })
    }

    /// Those of `letters` that it has.
    pub(crate) fn having(&self, letters: impl Iterator<Item = char>) -> Vec<char> {
        // It was one when it was read.
        let Ok(font) = FontRef::from_index(&self.bytes, 0) else { return Vec::new() };
        let table = font.charmap();
        letters.filter(|letter| table.map(*letter).is_some()).collect()
    }

    /// The face as it is drawn with.
    pub(crate) fn face(&self) -> Font {
        self.face.clone()
    }
}
