//! A made-up city.

use domain::{Position, StoreId};

use crate::{
    entry::{Details, Nearby, Point, Projection, StoreKey, StorePosition},
    sensed::Beacon,
};

/// Stores on a grid of 60 m over four square kilometres.
pub struct City;

impl Nearby for City {
    fn within(&self, centre: Position, radius_m: f64, out: &mut Vec<StorePosition>) {
        let map = Projection::at(centre);
        let places = (0..34 * 34).filter_map(|key: i64| {
            let (row, column) = ((key / 34) as f64, (key % 34) as f64);
            let position =
                Position::from_degrees(41.9 + row * 0.000_54, 12.5 + column * 0.000_72).ok()?;
            Some(StorePosition { key: StoreKey(key), position })
        });
        out.extend(places.filter(|p| map.point(p.position).distance(Point::ORIGIN) <= radius_m));
    }
    fn by_beacon(&self, _beacon: Beacon) -> Option<StorePosition> {
        None
    }
    fn by_id(&self, _id: StoreId) -> Option<StorePosition> {
        None
    }
    fn details(&self, _keys: &[StoreKey], _out: &mut Vec<Details>) {}
}
