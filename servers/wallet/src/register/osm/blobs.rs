use std::{
    fs::File,
    io::BufReader,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use osmpbf::{BlobDecode, BlobReader, Element};

use crate::register::{record::Trouble, sink::Counted};

/// The features of a file that this reader understands; a file that requires another says things
/// that would be read wrongly.
const UNDERSTOOD: [&str; 2] = ["OsmSchema-V0.6", "DenseNodes"];

/// Calls `each` for every element of the file, in its order. A blob that is broken is left out and
/// named by its place; where the sequence of blobs itself breaks off, the reading ends.
pub fn for_each(
    path: &Path,
    each: &mut dyn FnMut(Element<'_>),
    told: &mut dyn FnMut(u64),
) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) => {
            troubles.push(Trouble::new("the file", format!("cannot be opened: {}", error.kind())));
            return troubles;
        }
    };
    let size = file.metadata().map_or(0, |about| about.len());
    let read = Arc::new(AtomicU64::new(0));
    let counted = Counted::new(BufReader::new(file), Arc::clone(&read));
    let mut blobs = BlobReader::new(counted);
    let mut at = 0;
    loop {
        let blob = blobs.next();
        let end = read.load(Ordering::Relaxed);
        let place = || format!("byte {at}");
        match blob {
            None if end == at && at > 0 => break,
            None => {
                let what = if at == 0 && end == 0 { "is empty" } else { "is cut short" };
                troubles.push(Trouble::new(place(), format!("the file {what}")));
                break;
            }
            Some(Err(error)) => {
                let what = if end >= size { "the file is cut short" } else { "no blob follows" };
                troubles.push(Trouble::new(place(), format!("{what}: {error}")));
                break;
            }
            Some(Ok(blob)) => match understand(&blob, each) {
                Ok(()) => {}
                Err(Broken::Blob(text)) => troubles.push(Trouble::new(place(), text)),
                Err(Broken::File(text)) => {
                    troubles.push(Trouble::new(place(), text));
                    break;
                }
            },
        }
        at = end;
        told(at.saturating_mul(1000) / size.max(1));
    }
    troubles
}

enum Broken {
    /// This blob cannot be read; the next one may.
    Blob(String),
    /// The file is not of a kind that is read here.
    File(String),
}

fn understand(blob: &osmpbf::Blob, each: &mut dyn FnMut(Element<'_>)) -> Result<(), Broken> {
    // The library panics on some damaged blobs (an unknown kind of relation member, an overflowing
    // difference), which must cost one blob and not the import.
    let read = catch_unwind(AssertUnwindSafe(|| match blob.decode() {
        Ok(BlobDecode::OsmHeader(header)) => {
            let foreign = header
                .required_features()
                .iter()
                .find(|feature| !UNDERSTOOD.contains(&feature.as_str()));
            foreign.map_or(Ok(()), |feature| {
                Err(Broken::File(format!(
                    "the file requires {feature:.40}, which is not read here"
                )))
            })
        }
        Ok(BlobDecode::OsmData(block)) => {
            block.for_each_element(&mut *each);
            Ok(())
        }
        Ok(BlobDecode::Unknown(_)) => Ok(()),
        Err(error) => Err(Broken::Blob(format!("the blob cannot be read: {error}"))),
    }));
    read.unwrap_or_else(|_| Err(Broken::Blob("the blob is damaged".to_owned())))
}
