//! The ground a store covers, and how far it is to it.

use domain::Position;
use geo::{Area, Coord, Intersects, LineString, Polygon};

use super::projection::{Point, Projection};

/// Most corners taken: a register thins to as many. One with more is not weighed by.
const MAX_CORNERS: usize = 100;

/// The ground a store covers, on the map it is weighed on.
#[derive(Debug)]
pub struct Outline {
    polygon: Polygon<f64>,
}

impl Outline {
    /// From a register's corners, the first not repeated; `None` when they enclose nothing, or are
    /// more than [`MAX_CORNERS`].
    pub fn new(corners: &[Position], projection: &Projection) -> Option<Self> {
        if corners.len() > MAX_CORNERS {
            return None;
        }
        let coordinate = |&corner: &Position| {
            let Point { x, y } = projection.point(corner);
            Coord { x, y }
        };
        let ring: LineString<f64> = corners.iter().map(coordinate).collect();
        let outline = Self { polygon: Polygon::new(ring, Vec::new()) };
        (outline.area_m2() > 0.0).then_some(outline)
    }

    /// Square metres.
    pub fn area_m2(&self) -> f64 {
        self.polygon.unsigned_area()
    }

    /// Squared metres from `point` to the nearest point of the outline; 0 inside.
    pub fn distance_squared(&self, point: Point) -> f64 {
        if self.polygon.intersects(&Coord { x: point.x, y: point.y }) {
            return 0.0;
        }
        // The library's own distance calls the platform's `hypot`, which does not round alike
        // everywhere; a recording must replay to the last bit.
        let to_side = |side: geo::Line<f64>| {
            let (along, from) = (side.delta(), Point { x: side.start.x, y: side.start.y });
            let length_squared = along.x * along.x + along.y * along.y;
            let dot = (point.x - from.x) * along.x + (point.y - from.y) * along.y;
            let part =
                if length_squared > 0.0 { (dot / length_squared).clamp(0.0, 1.0) } else { 0.0 };
            point.distance_squared(Point { x: from.x + part * along.x, y: from.y + part * along.y })
        };
        self.polygon.exterior().lines().map(to_side).fold(f64::INFINITY, f64::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 30 m east, 20 m north of the origin, with a bite of 10 m by 10 m out of its far corner.
    fn hall() -> (Outline, Projection) {
        let projection = Projection::at(Position::from_degrees(41.9, 12.5).unwrap());
        let corners =
            [(0.0, 0.0), (30.0, 0.0), (30.0, 10.0), (20.0, 10.0), (20.0, 20.0), (0.0, 20.0)];
        let corners = corners.map(|(x, y)| projection.position(Point { x, y }));
        (Outline::new(&corners, &projection).unwrap(), projection)
    }

    #[test]
    fn inside_is_no_distance_and_outside_is_that_to_the_nearest_side_or_corner() {
        let (hall, _) = hall();
        let rows = [
            ((10.0, 15.0), 0.0),
            ((29.0, 1.0), 0.0),
            ((25.0, 15.0), 5.0),
            ((40.0, 5.0), 10.0),
            ((-3.0, -4.0), 5.0),
        ];
        for ((x, y), distance) in rows {
            let off = hall.distance_squared(Point { x, y }).sqrt();
            assert!((off - distance).abs() < 0.02, "{x} {y}: {off}");
        }
        assert!((hall.area_m2() - 500.0).abs() < 1.0);
    }

    #[test]
    fn more_corners_than_a_register_sends_are_not_weighed_by() {
        let (_, projection) = hall();
        let round = |corners: usize| {
            let corner = |index| {
                let (y, x) = (std::f64::consts::TAU * index as f64 / corners as f64).sin_cos();
                projection.position(Point { x: 50.0 * x, y: 50.0 * y })
            };
            Outline::new(&(0..corners).map(corner).collect::<Vec<_>>(), &projection)
        };
        assert!(round(MAX_CORNERS).is_some());
        assert!(round(MAX_CORNERS + 1).is_none());
    }

    #[test]
    fn what_encloses_nothing_is_no_outline() {
        let (_, projection) = hall();
        let line = [(0.0, 0.0), (10.0, 0.0), (20.0, 0.0)];
        let line = line.map(|(x, y)| projection.position(Point { x, y }));
        for corners in [&line[..0], &line[..1], &line[..2], &line[..]] {
            assert!(Outline::new(corners, &projection).is_none(), "{corners:?}");
        }
    }
}
