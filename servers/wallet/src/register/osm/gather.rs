//! Three readings of a file: relations, ways, nodes; and the records they make.

use std::collections::BTreeMap;

use domain::{Position, Source, Timestamp};

use super::{
    areas::{Area, Ground},
    element::{Element, Shape},
    outline::{Buildings, Outline},
};
use crate::register::{
    address::{address, phone},
    claims::claims,
    country::Country,
    kind::{Kind, is_building, kind},
    record::{NULL_ISLAND, Record, is_null_island},
    tags::{BRAND, Tags, payment_checked},
};

/// The licence of every record.
const LICENCE: &str = "ODbL-1.0";
/// What must be shown with every record.
const ATTRIBUTION: &str = "© OpenStreetMap contributors";
/// Why an element is left out whose position is no position.
const NOWHERE: &str = "its position is not on the earth";
/// Why a way is left out.
const UNCLOSED: &str = "its way is not closed";
/// What is lost with a building that cannot be drawn.
const NO_BUILDING: &str = "buildings are not drawn";

/// What the readings of a file gather.
pub struct Gathered {
    now: Timestamp,
    ground: Ground,
    areas: Vec<(Subject, Area)>,
    points: Vec<(Subject, Position)>,
    /// What was left out.
    pub left: Left,
}

/// What was left out of a file, and how often.
#[derive(Default)]
pub struct Left {
    /// Why stores were.
    pub stores: BTreeMap<String, u64>,
    /// Kinds of places that are no stores, as `key=value`.
    pub kinds: BTreeMap<String, u64>,
    /// Other losses.
    pub notes: BTreeMap<String, u64>,
}

fn count(counts: &mut BTreeMap<String, u64>, what: &str) {
    *counts.entry(what.to_owned()).or_default() += 1;
}

/// What is kept of an element.
struct Subject {
    reference: String,
    /// `None` for a mere building.
    industry: Option<String>,
    is_building: bool,
    tags: Tags,
    edited: Option<Timestamp>,
}

impl Gathered {
    pub fn new(now: Timestamp) -> Self {
        Self {
            now,
            ground: Ground::default(),
            areas: Vec::new(),
            points: Vec::new(),
            left: Left::default(),
        }
    }

    /// The subject of an element, when it is a store or a building.
    fn subject(&mut self, word: &str, element: &Element<'_>) -> Option<Subject> {
        let tags = element.tags.as_slice();
        let industry = match kind(tags, self.now) {
            Kind::Store(industry) => Some(industry),
            Kind::Closed => {
                count(&mut self.left.stores, "closed for good, not yet open or vacant");
                None
            }
            Kind::Other(kind) => {
                count(&mut self.left.kinds, &kind);
                None
            }
            Kind::None => None,
        };
        let is_building = is_building(tags);
        if industry.is_none() && !is_building {
            return None;
        }
        // A mere building is only drawn: its tags would fill the memory.
        let kept = if industry.is_some() { tags } else { &[] };
        Some(Subject {
            reference: format!("{word}/{}", element.id),
            industry,
            is_building,
            tags: kept.iter().copied().collect(),
            edited: element.edited,
        })
    }

    /// First reading: areas made of several ways.
    pub fn relation(&mut self, element: &Element<'_>) {
        let Shape::Relation(members) = &element.shape else { return };
        if !element.tags.contains(&("type", "multipolygon")) {
            return;
        }
        if let Some(subject) = self.subject("relation", element) {
            let area = self.ground.area(members);
            self.areas.push((subject, area));
        }
    }

    /// Second reading: closed ways, and the ways that relations are made of.
    pub fn way(&mut self, element: &Element<'_>) {
        let Shape::Way { refs, places } = &element.shape else { return };
        self.ground.way(element.id, refs, places);
        let Some(subject) = self.subject("way", element) else { return };
        if refs.len() >= 4 && refs.first() == refs.last() {
            self.ground.want(refs, places);
            self.areas.push((subject, Area::Ring(refs.clone())));
        } else if subject.industry.is_some() {
            count(&mut self.left.stores, UNCLOSED);
        }
    }

    /// To be called before the third reading.
    pub fn before_nodes(&mut self) {
        self.ground.sort();
    }

    /// Third reading: where the corners are, and the stores that are points.
    pub fn node(&mut self, element: &Element<'_>) {
        let Shape::Node(place) = element.shape else { return };
        self.ground.node(element.id, place);
        if element.tags.is_empty() {
            return;
        }
        let subject = self.subject("node", element).filter(|subject| subject.industry.is_some());
        match (subject, place) {
            (Some(_), None) => count(&mut self.left.stores, NOWHERE),
            (Some(_), Some(place)) if is_null_island(place) => {
                count(&mut self.left.stores, NULL_ISLAND);
            }
            (Some(subject), Some(place)) => self.points.push((subject, place)),
            (None, _) => {}
        }
    }

    /// Makes records of what was gathered, in the order of their references.
    pub fn finish(mut self) -> (Vec<Record>, Left) {
        let mut buildings = Vec::new();
        let mut found: BTreeMap<String, (Subject, Position, Option<Outline>)> = BTreeMap::new();
        for (subject, area) in std::mem::take(&mut self.areas) {
            let drawn = self.ground.outlines(&area);
            if subject.is_building {
                match &drawn {
                    Ok(outlines) => buildings.extend(outlines.iter().cloned()),
                    Err(why) => {
                        let what = format!("{NO_BUILDING}: {}", why.why());
                        count(&mut self.left.notes, &what);
                    }
                }
            }
            if subject.industry.is_none() {
                continue;
            }
            let largest = drawn.map(|outlines| outlines.into_iter().next());
            let placed = largest.map(|outline| outline.and_then(|it| Some((it.inside()?, it))));
            match placed {
                Ok(Some((place, outline))) => {
                    found.insert(subject.reference.clone(), (subject, place, Some(outline)));
                }
                Ok(None) => count(&mut self.left.stores, super::areas::Lost::Flat.why()),
                Err(why) => count(&mut self.left.stores, why.why()),
            }
        }
        for (subject, place) in std::mem::take(&mut self.points) {
            found.insert(subject.reference.clone(), (subject, place, None));
        }
        let buildings = Buildings::new(buildings);
        let stores = found.into_values().map(|(subject, place, outline)| {
            let outline = outline.or_else(|| buildings.around(place));
            record(subject, place, outline.as_ref(), self.now, &mut self.left.notes)
        });
        (stores.collect(), self.left)
    }
}

fn record(
    subject: Subject,
    position: Position,
    outline: Option<&Outline>,
    now: Timestamp,
    notes: &mut BTreeMap<String, u64>,
) -> Record {
    let tags = &subject.tags;
    let country = Country::of(tags, position);
    let checked = payment_checked(tags, now);
    let edited = subject.edited.map(|edited| edited.min(now));
    // What bears no date is as old as can be: nothing says that it is newer.
    let as_of = edited.max(checked).unwrap_or_default();
    let mut strange = BTreeMap::new();
    let accepted = claims(tags.iter(), country.code, Source::OpenStreetMap, as_of, &mut strange);
    if as_of == Timestamp::default() && !accepted.is_unknown() {
        count(notes, "stores bear no date: what they say of payments counts as old");
    }
    Record {
        name: tags.first(&["name", "brand"]),
        industry: subject.industry.unwrap_or_default(),
        brand: tags.first(&BRAND),
        address: address(tags, &country),
        country,
        phone: phone(tags),
        position,
        footprint: outline.map(Outline::corners).unwrap_or_default(),
        level: tags.first(&["level"]),
        accepted,
        strange,
        reference: subject.reference,
        edited: edited.unwrap_or_default(),
        attribution: ATTRIBUTION.to_owned(),
        access_points: Vec::new(),
        licence: LICENCE.to_owned(),
    }
}
