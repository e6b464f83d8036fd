use domain::Position;
use geo::{
    Area, BoundingRect, Contains, Coord, InteriorPoint, LineString, Point, Polygon, Simplify,
};
use rstar::{AABB, RTree, RTreeObject};

/// Most corners a footprint keeps: it travels in every tile.
const MAX_CORNERS: usize = 100;
/// First tolerance of thinning out, degrees: about 10 cm.
const TOLERANCE: f64 = 1e-6;

/// The outline of an area on the ground, in degrees.
#[derive(Clone, Debug)]
pub struct Outline {
    polygon: Polygon<f64>,
}

impl Outline {
    /// From its corners; `None` with fewer than three different ones or no area.
    pub fn new(corners: Vec<Position>) -> Option<Self> {
        let ring: LineString<f64> =
            corners.iter().map(|at| Coord { x: at.lon(), y: at.lat() }).collect();
        let polygon = Polygon::new(ring, Vec::new());
        let outline = Self { polygon };
        (outline.area() > 0.0).then_some(outline)
    }

    /// Its area in square degrees, to compare neighbours by.
    pub fn area(&self) -> f64 {
        self.polygon.unsigned_area()
    }

    /// A point within it.
    pub fn inside(&self) -> Option<Position> {
        let point = self.polygon.interior_point()?;
        Position::from_degrees(point.y(), point.x()).ok()
    }

    /// Its corners, the first not repeated, thinned out where they are very many.
    pub fn corners(&self) -> Vec<Position> {
        let mut ring = self.polygon.exterior().clone();
        let mut tolerance = TOLERANCE;
        while ring.0.len() > MAX_CORNERS + 1 && tolerance < 1.0 {
            ring = ring.simplify(tolerance);
            tolerance *= 2.0;
        }
        let open = ring.0.len().saturating_sub(1);
        let position = |at: &Coord<f64>| Position::from_degrees(at.y, at.x).ok();
        ring.0.iter().take(open.min(MAX_CORNERS)).filter_map(position).collect()
    }
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
        let point = Point::new(position.lon(), position.lat());
        self.tree
            .locate_in_envelope_intersecting(AABB::from_point([point.x(), point.y()]))
            .filter(|building| building.0.polygon.contains(&point))
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
            Outline::new([(-1, -1), (-1, 1), (1, 1), (1, -1)].map(at).to_vec()).unwrap()
        };
        let buildings = Buildings::new(vec![square(9_000), square(100), square(500)]);
        assert_eq!(buildings.around(ORIGIN).unwrap().corners(), square(100).corners());
        let beside = Position::from_e7(0, 10_000).unwrap();
        assert!(buildings.around(beside).is_none());
    }

    proptest! {
        #[test]
        fn no_outline_makes_the_drawing_fail(corners in proptest::collection::vec(place(), 0..300)) {
            if let Some(outline) = Outline::new(corners) {
                prop_assert!(outline.corners().len() <= MAX_CORNERS);
                let _ = outline.inside();
                let _ = Buildings::new(vec![outline]).around(ORIGIN);
            }
        }
    }
}
