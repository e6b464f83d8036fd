//! What the phone fetches where it is new: the tile of the position first, with a screen as soon as that is
//! here, and the rest together. Balances come beside it.

use std::thread;

use domain::{Position, wire::TileId};

use super::{parts::Parts, register::TILE_FRESH_MS, together::together};
use crate::entry::Signal;

/// What is fetched once the tile of the position is here.
enum Rest {
    Tiles,
    Rotating,
}

impl Parts {
    /// Fetches what the phone should know of a place, and live balances if they are `due`; whether
    /// anything is to be shown.
    pub fn fetch(&self, place: Option<Position>, due: bool) -> bool {
        let Some(place) = place else {
            if due {
                let _ = self.balances();
            }
            return due;
        };
        if !due {
            return self.fetch_place(place);
        }
        thread::scope(|scope| {
            let named = thread::Builder::new().name("tillsight-call".to_owned());
            let beside = named.spawn_scoped(scope, || {
                let _ = self.balances();
            });
            self.fetch_place(place);
            if beside.is_err() {
                let _ = self.balances();
            }
        });
        true
    }

    /// Fetches the stores of a place in two round trips, and shows them after the first.
    fn fetch_place(&self, position: Position) -> bool {
        let now = self.now();
        let here = TileId::of(position);
        let first = self.answers.tiles(&self.stores, [here], TILE_FRESH_MS, now);
        if first.news {
            self.sense(self.now(), &Signal::StoresChanged);
            self.show();
        }
        // A portal's page in place of a tile is no tile either.
        self.unreached.tried(position, first.problem.is_some());
        if first.away {
            return first.news;
        }
        let news = together(&[Rest::Rotating, Rest::Tiles], |rest| match rest {
            Rest::Rotating => {
                self.answers.rotating(&self.stores, &self.member, here, now);
                false
            }
            Rest::Tiles => {
                let round = here.block().into_iter().filter(|tile| *tile != here);
                self.answers.tiles(&self.stores, round, TILE_FRESH_MS, now).news
            }
        });
        let news = news.contains(&true);
        if news {
            self.sense(self.now(), &Signal::StoresChanged);
        }
        news || first.news
    }
}
