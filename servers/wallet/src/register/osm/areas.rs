//! The areas of a file: the ways they are made of, where their corners are, and their outlines.

use std::collections::{HashMap, HashSet};

use domain::Position;

use super::outline::{Outline, rings};

/// What an area is made of.
pub enum Area {
    /// The corners of one closed way.
    Ring(Vec<i64>),
    /// The ways round it, and those round its holes.
    Ways { outer: Vec<i64>, inner: Vec<i64> },
}

/// Why an area has no outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lost {
    Way,
    Corner,
    Open,
    Flat,
}

impl Lost {
    /// As it is told.
    pub fn why(self) -> &'static str {
        match self {
            Self::Way => "a way of its outline is not in this file",
            Self::Corner => "a corner of its outline is not in this file",
            Self::Open => "the ways of its outline do not close",
            Self::Flat => "its outline has no area",
        }
    }
}

/// The ways and corners that areas need, found one reading of the file after the other.
#[derive(Default)]
pub struct Ground {
    /// Corners of the ways that areas made of several ways need.
    ways: HashMap<i64, Vec<i64>>,
    wanted: HashSet<i64>,
    /// Corners, by id, and where they are.
    corners: Vec<(i64, Option<Position>)>,
}

impl Ground {
    /// The area of a relation with these ways and roles; what is not `inner` is taken as outer.
    pub fn area(&mut self, members: &[(i64, &str)]) -> Area {
        let mut seen = HashSet::new();
        // A way that is a member twice runs there once.
        let members = members.iter().filter(|(way, _)| seen.insert(*way));
        let (inner, outer): (Vec<_>, Vec<_>) = members.partition(|(_, role)| *role == "inner");
        let ids = |members: Vec<&(i64, &str)>| members.iter().map(|(way, _)| *way).collect();
        let (outer, inner): (Vec<i64>, Vec<i64>) = (ids(outer), ids(inner));
        self.wanted.extend(outer.iter().chain(&inner));
        Area::Ways { outer, inner }
    }

    /// Keeps a way where an area needs it.
    pub fn way(&mut self, id: i64, refs: &[i64], places: &[Option<Position>]) {
        if self.wanted.contains(&id) {
            self.want(refs, places);
            self.ways.insert(id, refs.to_vec());
        }
    }

    /// Asks for these corners. `places` says where they are, or is empty.
    pub fn want(&mut self, refs: &[i64], places: &[Option<Position>]) {
        let place = |at: usize| if places.len() == refs.len() { *places.get(at)? } else { None };
        self.corners.extend(refs.iter().enumerate().map(|(at, id)| (*id, place(at))));
    }

    /// To be called when all corners were asked for and before they are told.
    pub fn sort(&mut self) {
        self.corners.sort_unstable_by_key(|(id, place)| (*id, place.is_none()));
        self.corners.dedup_by_key(|corner| corner.0);
    }

    /// Where a node is.
    pub fn node(&mut self, id: i64, place: Option<Position>) {
        if let Ok(at) = self.corners.binary_search_by_key(&id, |corner| corner.0)
            && let Some(corner) = self.corners.get_mut(at)
        {
            corner.1 = place;
        }
    }

    fn corner(&self, id: i64) -> Option<Position> {
        let at = self.corners.binary_search_by_key(&id, |corner| corner.0).ok()?;
        self.corners.get(at)?.1
    }

    fn ring(&self, refs: &[i64]) -> Option<Vec<Position>> {
        refs.iter().map(|id| self.corner(*id)).collect()
    }

    /// The rings that these ways close, or what they lack.
    fn rings(&self, ways: &[i64]) -> Result<Vec<Vec<Position>>, Lost> {
        let known: Vec<Vec<i64>> =
            ways.iter().filter_map(|way| self.ways.get(way)).cloned().collect();
        let missing = known.len() < ways.len();
        let closed = rings(known);
        if closed.is_empty() {
            return Err(if missing { Lost::Way } else { Lost::Open });
        }
        let drawn: Vec<_> = closed.iter().filter_map(|ring| self.ring(ring)).collect();
        if drawn.is_empty() { Err(Lost::Corner) } else { Ok(drawn) }
    }

    /// The outlines of an area, the largest first; never none.
    pub fn outlines(&self, area: &Area) -> Result<Vec<Outline>, Lost> {
        let (outer, holes) = match area {
            Area::Ring(refs) => (vec![self.ring(refs).ok_or(Lost::Corner)?], Vec::new()),
            // A hole that cannot be drawn is left out: what it is cut from can.
            Area::Ways { outer, inner } => {
                (self.rings(outer)?, self.rings(inner).unwrap_or_default())
            }
        };
        let mut outlines: Vec<Outline> =
            outer.iter().filter_map(|ring| Outline::new(ring, &holes)).collect();
        outlines.sort_by(|a, b| b.area().total_cmp(&a.area()));
        if outlines.is_empty() { Err(Lost::Flat) } else { Ok(outlines) }
    }
}
