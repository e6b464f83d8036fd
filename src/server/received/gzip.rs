//! The body of an answer that came as gzip (RFC 1952): one member, as servers write it. Smaller by 30 KB
//! than a reader that takes it in pieces, with its tables for the check sum.

use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};

const MAGIC_AND_DEFLATE: [u8; 3] = [0x1f, 0x8b, 8];
/// Flags of the header: what of its variable parts is there.
const HEADER_SUM: u8 = 2;
const EXTRA: u8 = 4;
const NAME: u8 = 8;
const COMMENT: u8 = 16;

/// Why there is no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GzipProblem {
    /// It is damaged, cut off, or no gzip.
    Damaged,
    /// It unpacks to more than is read.
    TooLarge,
}

/// Unpacks at most `most` bytes.
pub(super) fn unpack(packed: &[u8], most: usize) -> Result<Vec<u8>, GzipProblem> {
    let (deflated, sum, length) = parts(packed).ok_or(GzipProblem::Damaged)?;
    let body =
        decompress_to_vec_with_limit(deflated, most).map_err(|error| match error.status {
            TINFLStatus::HasMoreOutput => GzipProblem::TooLarge,
            _ => GzipProblem::Damaged,
        })?;
    let whole = crc32(&body) == sum && body.len() as u32 == length;
    if whole { Ok(body) } else { Err(GzipProblem::Damaged) }
}

/// The deflated body, and the check sum and length it has unpacked.
fn parts(packed: &[u8]) -> Option<(&[u8], u32, u32)> {
    let (magic, rest) = packed.split_first_chunk()?;
    let (&[flags, _, _, _, _, _, _], mut rest) = rest.split_first_chunk()?;
    if *magic != MAGIC_AND_DEFLATE {
        return None;
    }
    if flags & EXTRA != 0 {
        let (length, after) = rest.split_first_chunk()?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            let end = rest.iter().position(|byte| *byte == 0)?;
            rest = rest.get(end + 1..)?;
        }
    }
    if flags & HEADER_SUM != 0 {
        rest = rest.get(2..)?;
    }
    let (rest, length) = rest.split_last_chunk()?;
    let (deflated, sum) = rest.split_last_chunk()?;
    Some((deflated, u32::from_le_bytes(*sum), u32::from_le_bytes(*length)))
}

/// CRC-32 by half bytes: its table has 16 rows, not 256 or a multiple of that.
fn crc32(bytes: &[u8]) -> u32 {
    let shifted = |sum: u32| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
    let table: [u32; 16] =
        std::array::from_fn(|nth| (0..4).fold(nth as u32, |sum, _| shifted(sum)));
    let half = |sum: u32, bits: u32| {
        let row = table.get(((sum ^ bits) & 15) as usize).copied();
        (sum >> 4) ^ row.unwrap_or_default()
    };
    let sum = bytes.iter().fold(u32::MAX, |sum, byte| {
        let byte = u32::from(*byte);
        half(half(sum, byte), byte >> 4)
    });
    !sum
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, GzBuilder};

    use super::*;

    fn packed(builder: GzBuilder, body: &[u8]) -> Vec<u8> {
        let mut encoder = builder.write(Vec::new(), Compression::best());
        encoder.write_all(body).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn what_another_packed_is_unpacked_whatever_its_header_holds() {
        let body: Vec<u8> = (0..100_000u32).flat_map(|n| (n / 7).to_le_bytes()).collect();
        for body in [&body[..], b"", b"{}"] {
            let named = GzBuilder::new().filename("a").comment("b").extra(vec![1, 2, 3]).mtime(9);
            for builder in [GzBuilder::new(), named] {
                assert_eq!(unpack(&packed(builder, body), body.len() + 1).as_deref(), Ok(body));
            }
        }
    }

    #[test]
    fn what_is_damaged_or_cut_off_gives_nothing() {
        let good = packed(GzBuilder::new().filename("a"), &b"one body of an answer, ".repeat(9));
        for length in 0..good.len() {
            assert_eq!(unpack(&good[..length], 1_000), Err(GzipProblem::Damaged), "{length}");
        }
        // Past the header, of which the time and the name mean nothing here.
        for at in (0..3).chain(12..good.len()) {
            let mut bad = good.clone();
            bad[at] ^= 1;
            assert!(unpack(&bad, 1_000).is_err(), "{at}");
        }
    }

    #[test]
    fn a_small_file_that_unpacks_to_gigabytes_is_given_up_at_the_bound() {
        let bomb = packed(GzBuilder::new(), &vec![0; 1 << 20]);
        assert_eq!(unpack(&bomb, 1 << 16), Err(GzipProblem::TooLarge));
    }
}
