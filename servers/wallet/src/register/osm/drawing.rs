//! The streets and buildings of an extract, for a map drawn from it.

use std::{collections::HashMap, path::Path};

use domain::Position;

use super::{
    blobs,
    element::{Element, Shape},
};

/// What is drawn as a line or an area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// `building`, or the value of the key `highway`.
    pub kind: String,
    /// The name of a street; empty when it has none.
    pub name: String,
    /// Its corners. Of a building the first is the last, too.
    pub places: Vec<Position>,
}

/// Streets and buildings of the extract at `path`, in the order of the file. What cannot be read is
/// left out: a map with a hole is a map.
pub fn drawing(path: &Path) -> Vec<Drawn> {
    let mut ways: Vec<(String, String, Vec<i64>)> = Vec::new();
    let mut take_way = |element: Element<'_>| {
        let Shape::Way { refs, .. } = &element.shape else { return };
        let tag = |key: &str| element.tags.iter().find(|(it, _)| *it == key).map(|(_, is)| *is);
        let kind = match (tag("highway"), tag("building")) {
            (Some(street), _) => street,
            (None, Some(_)) => "building",
            (None, None) => return,
        };
        ways.push((kind.to_owned(), tag("name").unwrap_or_default().to_owned(), refs.clone()));
    };
    blobs::for_each(path, &mut take_way, &mut |_| ());
    let wanted = ways.iter().flat_map(|(.., refs)| refs.iter().map(|id| (*id, None)));
    let mut places: HashMap<i64, Option<Position>> = wanted.collect();
    let mut take_node = |element: Element<'_>| {
        if let (Shape::Node(place), Some(wanted)) = (&element.shape, places.get_mut(&element.id)) {
            *wanted = *place;
        }
    };
    blobs::for_each(path, &mut take_node, &mut |_| ());
    let drawn = |(kind, name, refs): (String, String, Vec<i64>)| Drawn {
        kind,
        name,
        places: refs.iter().filter_map(|id| places.get(id).copied().flatten()).collect(),
    };
    ways.into_iter().map(drawn).filter(|drawn| drawn.places.len() > 1).collect()
}
