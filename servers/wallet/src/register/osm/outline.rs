//! Outlines on the ground, and which building a point is in.

use domain::Position;
use geo::{
    Area, BoundingRect, Contains, Coord, InteriorPoint, LineString, Point, Polygon, Simplify,
};
use rstar::{AABB, RTree, RTreeObject};

/// Most corners a footprint keeps: it travels in every tile.
const MAX_CORNERS: usize = 100;
/// First tolerance of thinning out, degrees: about 10 cm.
const TOLERANCE: f64 = 1e-6;

/// The outline of an area on the ground, in degrees. One over the 180th meridian goes on beyond
/// 180 or -180, so that it stays one piece.
#[derive(Clone, Debug)]
pub struct Outline {
    polygon: Polygon<f64>,
}

impl Outline {
    /// From the corners of its outer ring and of the holes in it; `None` without an area.
    pub fn new(outer: &[Position], holes: &[Vec<Position>]) -> Option<Self> {
        let outer = ring(outer, outer.first()?.lon());
        let near = outer.0.first()?.x;
        let shell = Polygon::new(outer, Vec::new());
        let holes = holes.iter().map(|hole| ring(hole, near));
        let inside = |hole: &LineString<f64>| hole.points().any(|at| shell.contains(&at));
        let holes = holes.filter(inside).collect();
        let outline = Self { polygon: Polygon::new(shell.exterior().clone(), holes) };
        (outline.area() > 0.0).then_some(outline)
    }

    /// Its area in square degrees, to compare neighbours by.
    pub fn area(&self) -> f64 {
        self.polygon.unsigned_area()
    }

    /// A point within it, and in none of its holes.
    pub fn inside(&self) -> Option<Position> {
        let point = self.polygon.interior_point()?;
        position(point.into())
    }

    /// The corners of its outer ring, the first not repeated, thinned out where they are very many.
    pub fn corners(&self) -> Vec<Position> {
        let mut ring = self.polygon.exterior().clone();
        let mut tolerance = TOLERANCE;
        while ring.0.len() > MAX_CORNERS + 1 && tolerance < 1.0 {
            ring = ring.simplify(tolerance);
            tolerance *= 2.0;
        }
        let open = ring.0.len().saturating_sub(1);
        ring.0.iter().take(open.min(MAX_CORNERS)).filter_map(|at| position(*at)).collect()
    }
}

/// A ring whose every edge goes the short way round the earth, begun next to `near`.
fn ring(corners: &[Position], near: f64) -> LineString<f64> {
    let mut before = near;
    let corner = |at: &Position| {
        before = at.lon() + 360.0 * ((before - at.lon()) / 360.0).round();
        Coord { x: before, y: at.lat() }
    };
    corners.iter().map(corner).collect()
}

/// Back from beyond the 180th meridian.
fn position(at: Coord<f64>) -> Option<Position> {
    let turns = if at.x.abs() > 180.0 { 360.0 * (at.x / 360.0).round() } else { 0.0 };
    Position::from_degrees(at.y, at.x - turns).ok()
}

/// Most ways that are joined to one area; the joining takes the square of their number.
const MAX_WAYS: usize = 2_000;

/// Joins ways by their ends to closed rings; what does not close is left out.
pub fn rings(mut ways: Vec<Vec<i64>>) -> Vec<Vec<i64>> {
    ways.truncate(MAX_WAYS);
    let mut rings = Vec::new();
    while let Some(mut ring) = ways.pop() {
        while ring.first() != ring.last() {
            let end = ring.last().copied();
            let next = ways
                .iter()
                .position(|way| way.first() == end.as_ref() || way.last() == end.as_ref());
            let Some(next) = next else { break };
            let mut way = ways.swap_remove(next);
            if way.first() != end.as_ref() {
                way.reverse();
            }
            ring.extend(way.into_iter().skip(1));
        }
        if ring.len() >= 4 && ring.first() == ring.last() {
            rings.push(ring);
        }
    }
    rings
}

/// The buildings of a file, by where they are.
pub struct Buildings {
    tree: RTree<Building>,
}

struct Building(Outline);

impl RTreeObject for Building {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        self.0.polygon.bounding_rect().map_or_else(
            || AABB::from_point([f64::MAX, f64::MAX]),
            |rect| AABB::from_corners([rect.min().x, rect.min().y], [rect.max().x, rect.max().y]),
        )
    }
}

impl Buildings {
    pub fn new(outlines: Vec<Outline>) -> Self {
        Self { tree: RTree::bulk_load(outlines.into_iter().map(Building).collect()) }
    }

    /// The smallest building that a point is in.
    pub fn around(&self, position: Position) -> Option<Outline> {
        // A building over the 180th meridian may lie a turn further.
        let turns = [0.0, 360.0, -360.0];
        let points = turns.map(|turn| Point::new(position.lon() + turn, position.lat()));
        points
            .iter()
            .flat_map(|point| {
                self.tree
                    .locate_in_envelope_intersecting(AABB::from_point([point.x(), point.y()]))
                    .filter(|building| building.0.polygon.contains(point))
            })
            .min_by(|a, b| a.0.area().total_cmp(&b.0.area()))
            .map(|building| building.0.clone())
    }
}
#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn place() -> impl Strategy<Value = Position> {
        let anywhere = (-900_000_000..=900_000_000_i32, -1_800_000_000..=1_800_000_000_i32);
        let here = (418_950_000..418_950_020_i32, 125_040_000..125_040_020_i32);
        prop_oneof![anywhere, here]
            .prop_map(|(lat, lon)| Position::from_e7(lat, lon).unwrap_or(ORIGIN))
    }

    const ORIGIN: Position = match Position::from_e7(0, 0) {
        Ok(origin) => origin,
        Err(_) => unreachable!(),
    };

    #[test]
    fn ways_are_joined_in_any_direction_and_open_ones_left_out() {
        let ways = vec![vec![1, 2, 3], vec![1, 4, 3], vec![8, 9], vec![5, 6, 7, 5]];
        let mut rings = rings(ways);
        rings.iter_mut().for_each(|ring| ring.sort_unstable());
        rings.sort();
        assert_eq!(rings, [vec![1, 1, 2, 3, 4], vec![5, 5, 6, 7]]);
    }

    #[test]
    fn a_point_in_two_buildings_is_in_the_smaller() {
        let square = |half: i32| {
            let at = |(lat, lon)| Position::from_e7(lat * half, lon * half).unwrap();
            Outline::new(&[(-1, -1), (-1, 1), (1, 1), (1, -1)].map(at), &[]).unwrap()
        };
        let buildings = Buildings::new(vec![square(9_000), square(100), square(500)]);
        assert_eq!(buildings.around(ORIGIN).unwrap().corners(), square(100).corners());
        let beside = Position::from_e7(0, 10_000).unwrap();
        assert!(buildings.around(beside).is_none());
    }

    fn at(lat: i32, lon: i32) -> Position {
        Position::from_e7(lat, lon).unwrap()
    }

    #[test]
    fn a_building_over_the_180th_meridian_holds_its_own_and_not_the_rest_of_the_earth() {
        let (west, east) = (1_799_995_000, -1_799_995_000);
        let corners = [at(-10_000, west), at(-10_000, east), at(10_000, east), at(10_000, west)];
        let outline = Outline::new(&corners, &[]).unwrap();
        assert!(outline.inside().unwrap().lon().abs() > 179.999);
        assert_eq!(outline.corners(), corners);
        let buildings = Buildings::new(vec![outline]);
        for lon in [1_799_999_000, -1_799_999_000, 1_800_000_000, -1_800_000_000] {
            assert!(buildings.around(at(0, lon)).is_some(), "{lon}");
        }
        assert!(buildings.around(at(0, -490_000_000)).is_none());
    }

    #[test]
    fn a_hole_is_outside_and_a_ring_beside_is_no_hole() {
        let square = |lat: i32, half: i32| {
            [(-half, -half), (-half, half), (half, half), (half, -half)]
                .map(|(north, east)| at(lat + north, east))
                .to_vec()
        };
        let holes = [square(0, 4_000), square(100_000, 4_000)];
        let outline = Outline::new(&square(0, 5_000), &holes).unwrap();
        assert!(
            outline.inside().unwrap().lat_e7().abs().max(outline.inside().unwrap().lon_e7().abs())
                > 4_000
        );
        let buildings = Buildings::new(vec![outline]);
        assert!(buildings.around(at(0, 0)).is_none());
        assert!(buildings.around(at(4_500, 0)).is_some());
    }

    proptest! {
        #[test]
        fn no_outline_makes_the_drawing_fail(
            corners in proptest::collection::vec(place(), 0..300),
            hole in proptest::collection::vec(place(), 0..30),
        ) {
            if let Some(outline) = Outline::new(&corners, &[hole]) {
                prop_assert!(outline.corners().len() <= MAX_CORNERS);
                let _ = outline.inside();
                let _ = Buildings::new(vec![outline]).around(ORIGIN);
            }
        }
    }
}
