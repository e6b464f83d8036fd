//! Stores out of OpenStreetMap extracts (`.osm.pbf`).

mod areas;
mod blobs;
mod drawing;
mod element;
mod format;
mod gather;
mod outline;

use std::path::Path;

use domain::Timestamp;

use super::{
    record::Trouble,
    sink::{Part, Sink},
};
pub use drawing::{Drawn, drawing};
pub use outline::Outline;

/// Reads the extract at `path`.
///
/// The file is read three times (relations, ways, nodes), so that only what stores and buildings
/// need is held in memory: about 24 bytes for each corner of a building.
///
/// What can be read is taken, whatever else is broken.
pub fn read(path: &Path, now: Timestamp, sink: &mut Sink) {
    let mut gathered = gather::Gathered::new(now);
    let mut troubles: Vec<Trouble> = Vec::new();
    let mut read = 0;
    let picks = [gather::Gathered::relation, gather::Gathered::way, gather::Gathered::node];
    for (pass, pick) in picks.into_iter().enumerate() {
        if pass == 2 {
            gathered.before_nodes();
        }
        let mut each = |element: element::Element<'_>| {
            read += u64::from(pass == 0);
            pick(&mut gathered, &element);
        };
        let mut progress = |thousandths| sink.progress((pass as u64 * 1000 + thousandths) / 3);
        for trouble in blobs::for_each(path, &mut each, &mut progress) {
            // The passes meet mostly the same broken places.
            if !troubles.iter().any(|known| known.place == trouble.place) {
                troubles.push(trouble);
            }
        }
    }
    let (stores, left) = gathered.finish();
    sink.send(Part::Read(read));
    troubles.into_iter().map(Part::Trouble).for_each(|part| sink.send(part));
    left.stores.into_iter().for_each(|(why, count)| sink.send(Part::Skipped(why, count)));
    left.kinds.into_iter().for_each(|(kind, count)| sink.send(Part::LeftOut(kind, count)));
    left.notes.into_iter().for_each(|(what, count)| sink.send(Part::Note(what, count)));
    // All at once: how many there are to save is known.
    sink.send(Part::All(stores));
}
