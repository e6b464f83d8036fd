//! Holds a library to the memory pages of new Android devices: Google Play refuses one whose segments
//! are not aligned to 16 KB.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use object::{Object as _, ObjectSegment as _};

/// Bytes of the largest page Android uses.
pub const LARGEST: u64 = 16_384;

/// Checks every loaded segment of a library.
///
/// # Errors
/// When one is aligned to less, or the file is no library.
pub fn check(library: &Path) -> Result<()> {
    let data = fs::read(library)?;
    let smallest = smallest(&data).with_context(|| library.display().to_string())?;
    ensure!(
        smallest >= LARGEST,
        "{} is aligned to pages of {smallest} bytes; Google Play asks for {LARGEST}",
        library.display()
    );
    Ok(())
}

/// The smallest alignment among the loaded segments.
fn smallest(data: &[u8]) -> Result<u64> {
    let file = object::File::parse(data).context("no library")?;
    file.segments().map(|segment| segment.align()).min().context("it loads nothing")
}

#[cfg(test)]
mod tests {
    use super::smallest;

    #[test]
    fn what_is_no_library_is_not_taken_for_an_aligned_one() {
        assert!(smallest(b"\x7fELF and nothing more").is_err());
    }

    #[test]
    fn the_alignment_is_that_of_the_segments_and_not_of_the_file() {
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let align = smallest(&own).unwrap();
        assert!(align >= 4_096 && align.is_power_of_two(), "{align}");
    }
}
