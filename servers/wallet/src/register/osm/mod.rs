//! Stores out of OpenStreetMap extracts (`.osm.pbf`).

mod areas;
mod blobs;
mod claims;
mod element;
mod outline;

use std::path::Path;

use domain::Timestamp;

use super::{Record, Trouble};
pub(crate) use claims::claims;

/// The licence of every record and what must be shown with it.
pub const LICENCE: &str = "ODbL-1.0";
/// What must be shown with every record.
pub const ATTRIBUTION: &str = "© OpenStreetMap contributors";

/// What one extract holds.
#[derive(Debug, Default)]
pub(crate) struct Extract {
    /// The stores, in the order of their references.
    pub stores: Vec<Record>,
    /// Elements looked at: nodes, ways and relations.
    pub read: u64,
    /// Buildings that could be drawn.
    pub buildings: u64,
    /// Why elements that look like stores were left out, and how many.
    pub skipped: Vec<(&'static str, u64)>,
    /// Parts that could not be read, in the order of the file.
    pub troubles: Vec<Trouble>,
}

/// Reads the extract at `path`. `told` hears how much of the work is done, in thousandths.
///
/// The file is read three times (relations, ways, nodes), so that only what stores and buildings
/// need is held in memory: about 16 bytes for each corner of a building.
///
/// What can be read is taken, whatever else is broken.
pub(crate) fn read(path: &Path, now: Timestamp, told: &mut dyn FnMut(u64)) -> Extract {
    let mut extract = Extract::default();
    let mut gathered = areas::Gathered::default();
    for (pass, pick) in [areas::relation, areas::way, areas::node].into_iter().enumerate() {
        gathered.begin_pass();
        let first = pass == 0;
        let troubles = blobs::for_each(
            path,
            &mut |element| {
                if first {
                    extract.read += 1;
                }
                pick(&mut gathered, element);
            },
            &mut |thousandths| told((pass as u64 * 1000 + thousandths) / 3),
        );
        // The passes meet mostly the same broken places.
        for trouble in troubles {
            if !extract.troubles.iter().any(|known| known.place == trouble.place) {
                extract.troubles.push(trouble);
            }
        }
    }
    gathered.finish(now, &mut extract);
    extract
}
