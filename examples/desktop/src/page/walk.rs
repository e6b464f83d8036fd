//! A walk along a street to a store's door and in, by the second.

use super::city::{Spot, Street, apart};

/// As people walk, metres a second.
const PACE: f64 = 1.3;
/// How far before the door it begins, metres.
const APPROACH_M: f64 = 90.0;
/// How long it stays in the store, seconds.
const INSIDE_S: f64 = 25.0;
/// The speeds that can be asked for, in seconds of the walk a second.
pub const SPEEDS: [f64; 4] = [1.0, 2.0, 5.0, 10.0];

/// A walk, and how far it has gone.
pub struct Walk {
    /// From its beginning to the store.
    pub path: Vec<Spot>,
    /// Where it stands, seconds.
    pub at_s: f64,
    /// When the store is reached, seconds.
    pub door_s: f64,
    /// Whether it goes on by itself.
    pub plays: bool,
    /// Seconds of the walk a second.
    pub speed: f64,
}

impl Walk {
    /// To the store at `goal`, along the street next to it.
    pub fn to(goal: Spot, streets: &[Street]) -> Self {
        let path = approach(goal, streets);
        let door_s = length(&path) / PACE;
        Self { path, at_s: 0.0, door_s, plays: false, speed: 2.0 }
    }

    /// How long all of it takes, seconds.
    pub fn whole_s(&self) -> f64 {
        self.door_s + INSIDE_S
    }

    /// Where it is.
    pub fn spot(&self) -> Spot {
        let mut left = self.at_s.min(self.door_s) * PACE;
        for pair in self.path.windows(2) {
            let [from, to] = pair else { continue };
            let long = apart(*from, *to);
            if left <= long && long > 0.0 {
                let part = left / long;
                return (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
            }
            left -= long;
        }
        self.path.last().copied().unwrap_or_default()
    }

    /// Whether it has come into the store.
    pub fn is_inside(&self) -> bool {
        self.at_s >= self.door_s
    }
}

fn length(path: &[Spot]) -> f64 {
    path.windows(2).map(|pair| apart(pair[0], pair[1])).sum()
}

/// From some way down the street next to `goal` to it.
fn approach(goal: Spot, streets: &[Street]) -> Vec<Spot> {
    let corners = |street: &&Street| street.line.windows(2).count() > 0;
    let nearest = streets.iter().filter(corners).filter_map(|street| {
        let feet = street.line.windows(2).enumerate();
        let feet = feet.map(|(nth, pair)| (nth, foot(goal, pair[0], pair[1])));
        let (nth, at) = feet.min_by(|a, b| apart(goal, a.1).total_cmp(&apart(goal, b.1)))?;
        Some((street, nth, at, apart(goal, at)))
    });
    let Some((street, nth, door, _)) = nearest.min_by(|a, b| a.3.total_cmp(&b.3)) else {
        return vec![(goal.0 - APPROACH_M, goal.1), goal];
    };
    // The longer side of the street, walked towards the door.
    let (before, after) = street.line.split_at(nth + 1);
    let ways: [Vec<Spot>; 2] = [before.iter().rev().copied().collect(), after.to_vec()];
    let side = ways.into_iter().map(|way| cut(door, &way));
    let mut path = side.max_by(|a, b| length(a).total_cmp(&length(b))).unwrap_or_default();
    path.reverse();
    path.push(goal);
    path
}

/// The line from `from` along `way`, ended after [`APPROACH_M`].
fn cut(from: Spot, way: &[Spot]) -> Vec<Spot> {
    let (mut line, mut left) = (vec![from], APPROACH_M);
    for &to in way {
        let at = line[line.len() - 1];
        let long = apart(at, to);
        if long >= left {
            let part = left / long;
            line.push((at.0 + (to.0 - at.0) * part, at.1 + (to.1 - at.1) * part));
            break;
        }
        left -= long;
        line.push(to);
    }
    line
}

/// The point of the line from `a` to `b` next to `p`.
fn foot(p: Spot, a: Spot, b: Spot) -> Spot {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let square = dx * dx + dy * dy;
    if square == 0.0 {
        return a;
    }
    let part = (((p.0 - a.0) * dx + (p.1 - a.1) * dy) / square).clamp(0.0, 1.0);
    (a.0 + dx * part, a.1 + dy * part)
}
