//! A flat map of the ground round one point.

use domain::Position;

/// Metres per 1e-7 degree of latitude on the mean sphere (radius 6,371,008.8 m, IUGG).
const METRES_PER_E7: f64 = 6_371_008.8 * std::f64::consts::PI / 180.0 / 1e7;

/// Degrees round the earth, in units of 1e-7 degree.
const FULL_TURN: i64 = 3_600_000_000;

/// A flat map round one point: good to 0.1 % within a kilometre outside the polar circles, where
/// a judgement between neighbouring stores lives.
#[derive(Clone, Copy, Debug)]
pub struct Projection {
    origin: Position,
    east_scale: f64,
}

/// A point on a [`Projection`], metres east and north of its origin.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    /// Where the map was laid.
    pub const ORIGIN: Self = Self { x: 0.0, y: 0.0 };

    pub fn distance(self, other: Self) -> f64 {
        self.distance_squared(other).sqrt()
    }

    pub fn distance_squared(self, other: Self) -> f64 {
        let (x, y) = (self.x - other.x, self.y - other.y);
        x * x + y * y
    }
}

impl Projection {
    pub fn at(origin: Position) -> Self {
        let east_scale = METRES_PER_E7 * libm::cos(origin.lat().to_radians());
        Self { origin, east_scale }
    }

    /// Where `position` lies; the short way round when the antimeridian is in between.
    pub fn point(&self, position: Position) -> Point {
        let mut east = i64::from(position.lon_e7()) - i64::from(self.origin.lon_e7());
        if east > FULL_TURN / 2 {
            east -= FULL_TURN;
        } else if east < -FULL_TURN / 2 {
            east += FULL_TURN;
        }
        let north = i64::from(position.lat_e7()) - i64::from(self.origin.lat_e7());
        Point { x: east as f64 * self.east_scale, y: north as f64 * METRES_PER_E7 }
    }

    /// The position of `point`; the origin for a point that is not on the earth.
    pub fn position(&self, point: Point) -> Position {
        let lat = self.origin.lat() + point.y / METRES_PER_E7 / 1e7;
        let mut lon = self.origin.lon() + point.x / self.east_scale / 1e7;
        if lon > 180.0 {
            lon -= 360.0;
        } else if lon < -180.0 {
            lon += 360.0;
        }
        Position::from_degrees(lat, lon).unwrap_or(self.origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_maps_back_to_its_position() {
        let projection = Projection::at(Position::from_degrees(41.9, 12.5).unwrap());
        let place = Position::from_degrees(41.9005, 12.4989).unwrap();
        assert_eq!(projection.position(projection.point(place)), place);
    }

    #[test]
    fn a_degree_north_is_111_kilometres() {
        let projection = Projection::at(Position::from_degrees(0.0, 0.0).unwrap());
        let point = projection.point(Position::from_degrees(1.0, 0.0).unwrap());
        assert!((point.y - 111_195.08).abs() < 0.01, "{}", point.y);
    }

    #[test]
    fn two_shores_of_the_antimeridian_are_neighbours() {
        let projection = Projection::at(Position::from_degrees(-17.0, 179.9999).unwrap());
        let other = Position::from_degrees(-17.0, -179.9999).unwrap();
        let point = projection.point(other);
        assert!((0.0..50.0).contains(&point.x), "{}", point.x);
        assert_eq!(projection.position(point), other);
    }
}
