//! The elements of a block, with differences summed and texts looked up.

use domain::{Position, Timestamp};

use super::format::{Block, DenseNodes, Info, Node, Relation, Way};

/// A node, way or relation.
pub struct Element<'a> {
    pub id: i64,
    pub tags: Vec<(&'a str, &'a str)>,
    /// When it was last edited, where the file says so.
    pub edited: Option<Timestamp>,
    pub shape: Shape<'a>,
}

/// What an element is made of.
pub enum Shape<'a> {
    /// Where it is; `None` when that is not on the earth.
    Node(Option<Position>),
    /// Its nodes, and where they are if the way itself says so.
    Way { refs: Vec<i64>, places: Vec<Option<Position>> },
    /// The ways among its members, with their roles.
    Relation(Vec<(i64, &'a str)>),
}

/// The kind of a member that is a way.
const WAY: i32 = 1;

/// Calls `each` for every element of the block, in its order.
pub fn for_each(block: &Block, each: &mut dyn FnMut(Element<'_>)) {
    let texts = block.strings.iter().flat_map(|strings| &strings.texts);
    // A malformed text is read as an empty one, so that only its own tag is lost.
    let texts = texts.map(|text| str::from_utf8(text).unwrap_or_default()).collect();
    let reading = Reading { block, texts };
    for group in &block.groups {
        group.nodes.iter().for_each(|node| each(reading.node(node)));
        group.dense.iter().for_each(|nodes| reading.dense(nodes, each));
        group.ways.iter().for_each(|way| each(reading.way(way)));
        group.relations.iter().for_each(|relation| each(reading.relation(relation)));
    }
}

struct Reading<'a> {
    block: &'a Block,
    texts: Vec<&'a str>,
}

impl<'a> Reading<'a> {
    fn text<N>(&self, at: N) -> &'a str
    where
        usize: TryFrom<N>,
    {
        usize::try_from(at).ok().and_then(|at| self.texts.get(at)).copied().unwrap_or_default()
    }

    fn tags(&self, keys: &[u32], values: &[u32]) -> Vec<(&'a str, &'a str)> {
        keys.iter().zip(values).map(|(key, value)| (self.text(*key), self.text(*value))).collect()
    }

    fn position(&self, lat: i64, lon: i64) -> Option<Position> {
        let granularity = i64::from(self.block.granularity.unwrap_or(100));
        let e7 = |offset: i64, units: i64| {
            let nano = units.checked_mul(granularity)?.checked_add(offset)?;
            i32::try_from(nano / 100).ok()
        };
        let (lat, lon) = (e7(self.block.lat_offset, lat)?, e7(self.block.lon_offset, lon)?);
        Position::from_e7(lat, lon).ok()
    }

    /// Files without dates say 0.
    fn date(&self, units: i64) -> Option<Timestamp> {
        let granularity = i64::from(self.block.date_granularity.unwrap_or(1000));
        units.checked_mul(granularity).filter(|milli| *milli > 0).map(Timestamp)
    }

    fn edited(&self, info: Option<&Info>) -> Option<Timestamp> {
        self.date(info?.timestamp)
    }

    fn node(&self, node: &Node) -> Element<'a> {
        Element {
            id: node.id,
            tags: self.tags(&node.keys, &node.values),
            edited: self.edited(node.info.as_ref()),
            shape: Shape::Node(self.position(node.lat, node.lon)),
        }
    }

    fn dense(&self, nodes: &DenseNodes, each: &mut dyn FnMut(Element<'_>)) {
        let dates = nodes.info.as_ref().map_or(&[][..], |info| &info.timestamps);
        let mut dates = sums(dates).map(|date| self.date(date));
        let mut tags = nodes.tags.split(|text| *text == 0);
        let places = sums(&nodes.lats).zip(sums(&nodes.lons));
        for (id, (lat, lon)) in sums(&nodes.ids).zip(places) {
            let pairs = tags.next().unwrap_or_default().chunks_exact(2);
            let pair = |pair: &[i32]| match pair {
                [key, value] => Some((self.text(*key), self.text(*value))),
                _ => None,
            };
            each(Element {
                id,
                tags: pairs.filter_map(pair).collect(),
                edited: dates.next().flatten(),
                shape: Shape::Node(self.position(lat, lon)),
            });
        }
    }

    fn way(&self, way: &Way) -> Element<'a> {
        let places = sums(&way.lats).zip(sums(&way.lons));
        Element {
            id: way.id,
            tags: self.tags(&way.keys, &way.values),
            edited: self.edited(way.info.as_ref()),
            shape: Shape::Way {
                refs: sums(&way.refs).collect(),
                places: places.map(|(lat, lon)| self.position(lat, lon)).collect(),
            },
        }
    }

    fn relation(&self, relation: &Relation) -> Element<'a> {
        let members = sums(&relation.members).zip(&relation.kinds).zip(&relation.roles);
        let ways = members.filter(|((_, kind), _)| **kind == WAY);
        Element {
            id: relation.id,
            tags: self.tags(&relation.keys, &relation.values),
            edited: self.edited(relation.info.as_ref()),
            shape: Shape::Relation(ways.map(|((id, _), role)| (id, self.text(*role))).collect()),
        }
    }
}

/// What differences add up to. A damaged file may go round; the numbers are only ids and places.
fn sums(differences: &[i64]) -> impl Iterator<Item = i64> {
    differences.iter().scan(0_i64, |sum, difference| {
        *sum = sum.wrapping_add(*difference);
        Some(*sum)
    })
}
