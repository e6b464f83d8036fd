//! Lays the circles whose crossing wakes the app.

use domain::{Position, order};

use super::model::{Fence, Platform};
use crate::entry::{Nearby, Point, Projection, StorePosition};

/// Monitored regions iOS allows an app; one of them is the network's beacon region.
pub const IOS_REGIONS: usize = 20;

/// Geofences Android allows an app and user.
pub const ANDROID_FENCES: usize = 100;

/// The smallest fence the platforms deliver reliably, metres: Android names 100 m, "for the
/// accuracy of typical Wi-Fi".
const RADIUS_M: f64 = 100.0;

/// Fences are laid anew when the phone is this far from where they were laid, metres: most stores
/// within the nearest fences are then still fenced.
const RELAY_M: f64 = 300.0;

/// How far round the phone stores are fenced, metres.
const WITHIN_M: f64 = 1_000.0;

/// Where the fences were laid.
#[derive(Debug, Default)]
pub struct Fences {
    laid_at: Option<Position>,
}

impl Fences {
    /// The fences round `here`, nearest first; `None` while those laid before still do.
    pub fn lay(
        &mut self,
        here: Position,
        platform: Platform,
        nearby: &dyn Nearby,
    ) -> Option<Vec<Fence>> {
        let map = Projection::at(here);
        let far = |position: Position| map.point(position).distance_squared(Point::ORIGIN);
        if self.laid_at.is_some_and(|laid_at| far(laid_at) < RELAY_M * RELAY_M) {
            return None;
        }
        self.laid_at = Some(here);
        let mut stores = Vec::new();
        nearby.within(here, WITHIN_M, &mut stores);
        order::sort_by(&mut stores, |one, other| {
            far(one.position).total_cmp(&far(other.position)).then(one.key.cmp(&other.key))
        });
        let most = match platform {
            Platform::Ios => IOS_REGIONS - 1,
            Platform::Android => ANDROID_FENCES,
        };
        let apart = stores_apart(&stores, &map);
        Some(apart.into_iter().take(most).map(fence_round).collect())
    }
}

/// The stores that are not well inside the fence of one before: that one wakes for them.
fn stores_apart(stores: &[StorePosition], map: &Projection) -> Vec<Position> {
    let mut points: Vec<Point> = Vec::new();
    let mut apart = Vec::new();
    for store in stores {
        let point = map.point(store.position);
        if points.iter().all(|other| other.distance(point) >= RADIUS_M / 2.0) {
            points.push(point);
            apart.push(store.position);
        }
    }
    apart
}

fn fence_round(store: Position) -> Fence {
    Fence { latitude: store.lat(), longitude: store.lon(), radius_m: RADIUS_M }
}
