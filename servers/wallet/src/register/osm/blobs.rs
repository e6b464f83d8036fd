//! Reads the sequence of blobs that a PBF file is.

use std::{
    fs::File,
    io::{BufReader, ErrorKind, Read},
    path::Path,
};

use flate2::read::ZlibDecoder;
use prost::Message;

use super::{
    element::{self, Element},
    format::{Blob, BlobHeader, Block, Header},
};
use crate::register::record::Trouble;

/// The features of a file that this reader understands; a file that requires another says things
/// that would be read wrongly.
const UNDERSTOOD: [&str; 3] = ["OsmSchema-V0.6", "DenseNodes", "LocationsOnWays"];
/// Most bytes of a blob's header, as the format has it.
const MAX_HEADER: u32 = 64 * 1024;
/// Most bytes of a blob, before and after it is unpacked, as the format has it.
const MAX_BLOB: u64 = 32 * 1024 * 1024;

/// Calls `each` for every element of the file, in its order. A blob that is broken is left out and
/// named by its place; where the sequence of blobs itself breaks off, the reading ends. `progress`
/// hears how much of the file is read, in thousandths.
pub fn for_each(
    path: &Path,
    each: &mut dyn FnMut(Element<'_>),
    progress: &mut dyn FnMut(u64),
) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) => return vec![Trouble::unopened(&error)],
    };
    let size = file.metadata().map_or(0, |about| about.len());
    let mut file = BufReader::new(file);
    let mut at = 0;
    loop {
        let place = || format!("byte {at}");
        let Next { kind, packed, end } = match next(&mut file, at) {
            Ok(Some(blob)) => blob,
            Ok(None) if at > 0 => break,
            Ok(None) => {
                troubles.push(Trouble::new(place(), "the file is empty"));
                break;
            }
            Err(what) => {
                troubles.push(Trouble::new(place(), what));
                break;
            }
        };
        match understand(&kind, &packed, each) {
            Ok(()) => {}
            Err(Broken::Blob(what)) => troubles.push(Trouble::new(place(), what)),
            Err(Broken::File(what)) => {
                troubles.push(Trouble::new(place(), what));
                break;
            }
        }
        at = end;
        progress(at.saturating_mul(1000) / size.max(1));
    }
    troubles
}

/// A blob as it stands in the file.
struct Next {
    kind: String,
    packed: Vec<u8>,
    /// Where it ends.
    end: u64,
}

/// The blob at `at`; `None` at the end of the file.
fn next(file: &mut impl Read, at: u64) -> Result<Option<Next>, &'static str> {
    const CUT: &str = "the file is cut short";
    const NONE: &str = "no blob follows";
    let size = taken(file, 4)?;
    let Ok(size) = <[u8; 4]>::try_from(size.as_slice()) else {
        return if size.is_empty() { Ok(None) } else { Err(CUT) };
    };
    let size = u32::from_be_bytes(size);
    if size > MAX_HEADER {
        return Err(NONE);
    }
    let header = taken(file, size.into())?;
    if header.len() as u64 != u64::from(size) {
        return Err(CUT);
    }
    let header = BlobHeader::decode(header.as_slice()).map_err(|_| NONE)?;
    let length = u64::try_from(header.size).map_err(|_| NONE)?;
    if length > MAX_BLOB {
        return Err(NONE);
    }
    let packed = taken(file, length)?;
    if packed.len() as u64 != length {
        return Err(CUT);
    }
    Ok(Some(Next { kind: header.kind, packed, end: at + 4 + u64::from(size) + length }))
}

/// So many bytes, or as many as there are.
fn taken(file: &mut impl Read, count: u64) -> Result<Vec<u8>, &'static str> {
    let mut bytes = Vec::new();
    match file.take(count).read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) if error.kind() == ErrorKind::IsADirectory => Err("this is a folder"),
        Err(_) => Err("the disk could not be read"),
    }
}

enum Broken {
    /// This blob cannot be read; the next one may.
    Blob(String),
    /// The file is not of a kind that is read here.
    File(String),
}

fn understand(kind: &str, packed: &[u8], each: &mut dyn FnMut(Element<'_>)) -> Result<(), Broken> {
    let damaged = |_| Broken::Blob("the blob is damaged".to_owned());
    match kind {
        "OSMHeader" => {
            let bytes = unpacked(packed).map_err(Broken::Blob)?;
            let header = Header::decode(bytes.as_slice()).map_err(damaged)?;
            let known = |feature: &&String| !UNDERSTOOD.contains(&feature.as_str());
            header.required_features.iter().find(known).map_or(Ok(()), |feature| {
                Err(Broken::File(format!(
                    "the file requires {feature:.40}, which is not read here"
                )))
            })
        }
        "OSMData" => {
            let bytes = unpacked(packed).map_err(Broken::Blob)?;
            let block = Block::decode(bytes.as_slice()).map_err(damaged)?;
            element::for_each(&block, each);
            Ok(())
        }
        // A blob of another kind says nothing of the map.
        _ => Ok(()),
    }
}

fn unpacked(packed: &[u8]) -> Result<Vec<u8>, String> {
    let blob = Blob::decode(packed).map_err(|_| "the blob is damaged")?;
    let foreign =
        [("lzma", &blob.lzma), ("bzip2", &blob.bzip2), ("lz4", &blob.lz4), ("zstd", &blob.zstd)];
    if let Some((name, _)) = foreign.iter().find(|(_, bytes)| bytes.is_some()) {
        return Err(format!(
            "the blob is packed with {name}, which is not read here: write the file with zlib"
        ));
    }
    if let Some(raw) = blob.raw {
        return Ok(raw);
    }
    let zlib = blob.zlib.ok_or("the blob is empty")?;
    let mut bytes = Vec::new();
    let unpacking = ZlibDecoder::new(zlib.as_slice()).take(MAX_BLOB + 1).read_to_end(&mut bytes);
    match unpacking {
        Ok(_) if bytes.len() as u64 > MAX_BLOB => Err("the blob is too large".to_owned()),
        Ok(_) => Ok(bytes),
        Err(_) => Err("the blob is damaged".to_owned()),
    }
}
