//! Writes hostile planes as seeds of the fuzz target: `cargo run --example plane_corpus -- fuzz/corpus`

use std::{fs, path::PathBuf};

#[expect(dead_code, reason = "the tests read the planes, here they are only drawn")]
#[path = "../tests/hostile/mod.rs"]
mod hostile;

use hostile::Hostile;

const PLANES: u64 = 100;
/// Longest side: a plane must fit the 64 KB that the fuzzer gives.
const SIDE: u32 = 200;

fn main() -> std::io::Result<()> {
    let corpus = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "fuzz/corpus".into()));
    let folder = corpus.join("plane");
    fs::create_dir_all(&folder)?;
    for number in 0..PLANES {
        let hostile = Hostile::draw(1, number, SIDE);
        fs::write(folder.join(number.to_string()), seed(&hostile))?;
    }
    println!("{PLANES} seeds in {}", folder.display());
    Ok(())
}

/// Width, height and stride as two little-endian bytes each, no turn, then the pixels.
fn seed(hostile: &Hostile) -> Vec<u8> {
    let numbers = [hostile.width, hostile.height, hostile.row_stride];
    let header = numbers.iter().flat_map(|number| (*number as u16).to_le_bytes());
    header.chain([0, 0]).chain(hostile.luma.iter().copied()).collect()
}
