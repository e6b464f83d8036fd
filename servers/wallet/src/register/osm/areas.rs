use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{Position, Source, Timestamp};
use osmpbf::{Element, RelMemberType};

use super::{
    ATTRIBUTION, LICENCE, claims,
    element::{Tags, address, industry, is_building, payment_checked},
    outline::{Buildings, Outline, rings},
};
use crate::register::record::Record;

/// What three readings of a file gather: which areas matter, the ways they are made of, where those
/// run.
#[derive(Default)]
pub struct Gathered {
    areas: Vec<Area>,
    /// Corners of the ways that areas made of several ways need.
    parts: HashMap<i64, Vec<i64>>,
    wanted_parts: HashSet<i64>,
    /// Corners, by id, and where they are.
    corners: Vec<(i64, Option<Position>)>,
    points: Vec<(Subject, Position)>,
    newest: Option<Timestamp>,
    unclosed: u64,
    nowhere: u64,
    pass: u8,
}

/// What a file holds.
pub struct Found {
    /// The stores, in the order of their references.
    pub stores: Vec<Record>,
    /// Why elements that look like stores were left out, and how many.
    pub skipped: Vec<(&'static str, u64)>,
}

/// A way or a relation that is a store or a building.
struct Area {
    subject: Subject,
    is_building: bool,
    shape: Shape,
}

enum Shape {
    /// The corners of one closed way.
    Ring(Vec<i64>),
    /// The ways round it.
    Parts(Vec<i64>),
}

/// What is kept of an element.
struct Subject {
    reference: String,
    /// `None` for a mere building.
    industry: Option<String>,
    tags: Tags,
    edited: Option<Timestamp>,
}

impl Gathered {
    /// To be called before each reading.
    pub fn begin_pass(&mut self) {
        self.pass += 1;
        if self.pass == 3 {
            self.corners.sort_unstable_by_key(|corner| corner.0);
            self.corners.dedup_by_key(|corner| corner.0);
        }
    }

    fn want(&mut self, refs: &[i64]) {
        self.corners.extend(refs.iter().map(|id| (*id, None)));
    }

    fn corner(&self, id: i64) -> Option<Position> {
        let at = self.corners.binary_search_by_key(&id, |corner| corner.0).ok()?;
        self.corners.get(at)?.1
    }
}

/// The subject of an element with these tags, when it is a store or a building.
fn subject<'a, I>(
    kind: &str,
    id: i64,
    tags: impl Fn() -> I,
    edited: Option<Timestamp>,
) -> Option<(Subject, bool)>
where
    I: Iterator<Item = (&'a str, &'a str)>,
{
    let industry = industry(tags());
    let is_building = is_building(tags());
    if industry.is_none() && !is_building {
        return None;
    }
    // A mere building is only drawn: its tags would fill the memory.
    let kept = if industry.is_some() { Tags::from_iter(tags()) } else { Tags::default() };
    Some((Subject { reference: format!("{kind}/{id}"), industry, tags: kept, edited }, is_building))
}

/// First reading: areas made of several ways.
pub fn relation(gathered: &mut Gathered, element: Element<'_>) {
    let edited = edited(&element);
    gathered.newest = gathered.newest.max(edited);
    let Element::Relation(relation) = element else { return };
    if !relation.tags().any(|tag| tag == ("type", "multipolygon")) {
        return;
    }
    let found = subject("relation", relation.id(), || relation.tags(), edited);
    let Some((subject, is_building)) = found else { return };
    let parts: Vec<i64> = relation
        .members()
        .filter(|member| member.member_type == RelMemberType::Way)
        .filter(|member| !matches!(member.role(), Ok("inner")))
        .map(|member| member.member_id)
        .collect();
    gathered.wanted_parts.extend(&parts);
    gathered.areas.push(Area { subject, is_building, shape: Shape::Parts(parts) });
}

/// Second reading: closed ways, and the ways that relations are made of.
pub fn way(gathered: &mut Gathered, element: Element<'_>) {
    let edited = edited(&element);
    let Element::Way(way) = element else { return };
    if gathered.wanted_parts.contains(&way.id()) {
        let refs: Vec<i64> = way.refs().collect();
        gathered.want(&refs);
        gathered.parts.insert(way.id(), refs);
    }
    let found = subject("way", way.id(), || way.tags(), edited);
    let Some((subject, is_building)) = found else { return };
    let refs: Vec<i64> = way.refs().collect();
    if refs.len() < 4 || refs.first() != refs.last() {
        gathered.unclosed += u64::from(subject.industry.is_some());
        return;
    }
    gathered.want(&refs);
    gathered.areas.push(Area { subject, is_building, shape: Shape::Ring(refs) });
}

/// Third reading: where the corners are, and the stores that are points.
pub fn node(gathered: &mut Gathered, element: Element<'_>) {
    let edited = edited(&element);
    let (id, lat, lon, found) = match &element {
        Element::Node(node) => {
            let found = subject("node", node.id(), || node.tags(), edited);
            (node.id(), node.nano_lat(), node.nano_lon(), found)
        }
        Element::DenseNode(node) => {
            let found = subject("node", node.id(), || node.tags(), edited);
            (node.id(), node.nano_lat(), node.nano_lon(), found)
        }
        Element::Way(_) | Element::Relation(_) => return,
    };
    // Not the library's own 1e-7 degrees, which wrap round where a damaged file is out of range.
    let e7 = |nano: i64| i32::try_from(nano / 100).ok();
    let position = e7(lat).zip(e7(lon)).and_then(|(lat, lon)| Position::from_e7(lat, lon).ok());
    if let Ok(at) = gathered.corners.binary_search_by_key(&id, |corner| corner.0)
        && let Some(corner) = gathered.corners.get_mut(at)
    {
        corner.1 = position;
    }
    match (found, position) {
        (Some((subject, _)), Some(position)) if subject.industry.is_some() => {
            gathered.points.push((subject, position));
        }
        (Some((subject, _)), None) if subject.industry.is_some() => gathered.nowhere += 1,
        _ => {}
    }
}

fn edited(element: &Element<'_>) -> Option<Timestamp> {
    let milli = match element {
        Element::Node(node) => node.info().milli_timestamp(),
        Element::DenseNode(node) => node.info().map(|info| info.milli_timestamp()),
        Element::Way(way) => way.info().milli_timestamp(),
        Element::Relation(relation) => relation.info().milli_timestamp(),
    };
    // Files without dates say 0.
    milli.filter(|milli| *milli > 0).map(Timestamp)
}

impl Gathered {
    /// Makes records of what was gathered.
    pub fn finish(self, now: Timestamp) -> Found {
        let mut stores = Vec::new();
        let mut undrawable = 0;
        let mut buildings = Vec::new();
        let mut found: BTreeMap<String, (Subject, Position, Option<Outline>)> = BTreeMap::new();
        let mut areas = Vec::new();
        for area in &self.areas {
            let rings = match &area.shape {
                Shape::Ring(refs) => vec![refs.clone()],
                Shape::Parts(parts) => {
                    rings(parts.iter().filter_map(|part| self.parts.get(part)).cloned().collect())
                }
            };
            let drawn = rings.iter().filter_map(|ring| {
                Outline::new(ring.iter().map(|id| self.corner(*id)).collect::<Option<_>>()?)
            });
            let largest = drawn.max_by(|a, b| a.area().total_cmp(&b.area()));
            if let Some(outline) = &largest
                && area.is_building
            {
                buildings.push(outline.clone());
            }
            areas.push(largest);
        }
        for (area, outline) in self.areas.into_iter().zip(areas) {
            if area.subject.industry.is_none() {
                continue;
            }
            match outline.and_then(|outline| Some((outline.inside()?, outline))) {
                Some((position, outline)) => {
                    let reference = area.subject.reference.clone();
                    found.insert(reference, (area.subject, position, Some(outline)));
                }
                None => undrawable += 1,
            }
        }
        for (subject, position) in self.points {
            found.insert(subject.reference.clone(), (subject, position, None));
        }
        let buildings = Buildings::new(buildings);
        // A file without any date is taken as as old as can be.
        let newest = self.newest.unwrap_or_default();
        for (subject, position, outline) in found.into_values() {
            let outline = outline.or_else(|| buildings.around(position));
            let as_of = subject.edited.unwrap_or(newest).min(now);
            let as_of = payment_checked(&subject.tags, now).unwrap_or(as_of).max(as_of);
            let tags = &subject.tags;
            let mut strange = BTreeMap::new();
            let accepted = claims(tags.iter(), Source::OpenStreetMap, as_of, &mut strange);
            stores.push(Record {
                name: tags.first(&["name", "brand"]),
                industry: subject.industry.unwrap_or_default(),
                address: address(tags),
                phone: tags.first(&["phone", "contact:phone", "contact:mobile"]),
                position,
                footprint: outline.map(|outline| outline.corners()).unwrap_or_default(),
                level: tags.first(&["level"]),
                accepted,
                strange,
                reference: subject.reference,
                attribution: ATTRIBUTION.to_owned(),
                access_points: Vec::new(),
                licence: LICENCE.to_owned(),
            });
        }
        let mut skipped = vec![
            ("its way is not closed", self.unclosed),
            ("its outline is not whole in this file", undrawable),
            ("its position is not on the earth", self.nowhere),
        ];
        skipped.retain(|(_, count)| *count > 0);
        Found { stores, skipped }
    }
}
