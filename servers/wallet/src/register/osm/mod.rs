//! Stores out of OpenStreetMap extracts (`.osm.pbf`).

mod areas;
mod blobs;
mod claims;
mod element;
mod licence;
mod outline;

use std::path::Path;

use domain::Timestamp;
use osmpbf::Element;

use super::{
    record::Trouble,
    sink::{Part, Sink},
};
pub use claims::claims;
pub use element::{Tags, address, industry, payment_checked};
pub use licence::{ATTRIBUTION, LICENCE};
pub use outline::Outline;

/// Reads the extract at `path`.
///
/// The file is read three times (relations, ways, nodes), so that only what stores and buildings
/// need is held in memory: about 24 bytes for each corner of a building.
///
/// What can be read is taken, whatever else is broken.
pub fn read(path: &Path, now: Timestamp, sink: &mut Sink<'_>) {
    let mut gathered = areas::Gathered::default();
    let mut troubles: Vec<Trouble> = Vec::new();
    let mut read = 0;
    for (pass, pick) in [areas::relation, areas::way, areas::node].into_iter().enumerate() {
        gathered.begin_pass();
        let mut each = |element: Element<'_>| {
            read += u64::from(pass == 0);
            pick(&mut gathered, element);
        };
        let mut told = |thousandths| sink.told((pass as u64 * 1000 + thousandths) / 3);
        for trouble in blobs::for_each(path, &mut each, &mut told) {
            // The passes meet mostly the same broken places.
            if !troubles.iter().any(|known| known.place == trouble.place) {
                troubles.push(trouble);
            }
        }
    }
    sink.send(Part::Read(read));
    troubles.into_iter().map(Part::Trouble).for_each(|part| sink.send(part));
    let areas::Found { stores, skipped } = gathered.finish(now);
    skipped.into_iter().for_each(|(why, count)| sink.send(Part::Skipped(why, count)));
    // All at once: the usual currency is that of the whole file.
    sink.send(Part::Records(stores));
}
