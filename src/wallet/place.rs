//! What the phone fetches where it is new: the tile of the position first, with a screen as soon as that is
//! here, and the rest together. Balances come beside it. What that tells of the place is written down.

use std::thread;

use domain::{
    Position, order,
    wire::{Cell, SensedSign, TileId, TileList},
};

use super::{parts::Parts, register::Fetched, sensed_lately::JudgedBy, tile_list::TILE_FRESH_MS};
use crate::{
    entry::Signal,
    error::{SignalProblem, WalletError},
    phone::{PositionUse, PositionUseKind},
    screen::SettlementScreen,
    sensed::BeaconReport,
};

/// A tile that lacks the store of a sign is fetched again after this time.
const SIGN_FRESH_MS: i64 = 600_000;

/// Most tiles fetched for one judgement: its stores lie within a kilometre.
const MOST_JUDGED: usize = 9;

/// The tile of a place and those beside it.
fn round(place: Position) -> impl FnOnce(&TileList) -> Vec<TileId> {
    let here = Cell::of(place);
    move |list| list.beside(here).into_iter().chain([list.tile_of(here)]).collect()
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
        let here = Cell::of(position);
        let of_here = |list: &TileList| vec![list.tile_of(here)];
        let first = self.answers.tiles(&self.stores, of_here, TILE_FRESH_MS, now);
        if first.news {
            self.sense(self.now(), &Signal::StoresChanged);
            self.show();
        }
        // A portal's page in place of a tile is no tile either.
        self.unreached.tried(position, first.problem.is_some());
        let mut asked = first.asked;
        let mut news = false;
        if !first.away {
            let beside = |list: &TileList| list.beside(here);
            let rest = self.answers.tiles(&self.stores, beside, TILE_FRESH_MS, now);
            asked.extend(rest.asked);
            news = rest.news;
        }
        self.note_tiles(&asked);
        if news {
            self.sense(self.now(), &Signal::StoresChanged);
        }
        news || first.news
    }

    /// Fetches the stores round `place`.
    ///
    /// # Errors
    /// [`WalletError::ServerAway`], [`WalletError::Storage`].
    pub fn prefetch(&self, place: Position) -> Result<(), WalletError> {
        let now = self.now();
        self.keys(now);
        let fetched = self.fetch_tiles(round(place), TILE_FRESH_MS);
        self.look_at_plan();
        fetched.problem.map_or(Ok(()), Err)
    }

    fn fetch_tiles(
        &self,
        which: impl FnOnce(&TileList) -> Vec<TileId>,
        fresh_for_ms: i64,
    ) -> Fetched {
        let fetched = self.answers.tiles(&self.stores, which, fresh_for_ms, self.now());
        self.note_tiles(&fetched.asked);
        fetched
    }

    /// Fetches the tile of the store of a sign, and judges the sign again; whether there is anything to show.
    pub fn fetch_sign(&self, place: Position, signal: &Signal) -> bool {
        let fetched = self.fetch_tiles(round(place), SIGN_FRESH_MS);
        if fetched.news {
            let now = self.now();
            self.sense(now, &Signal::StoresChanged);
            self.sense(now, signal);
        }
        fetched.news
    }

    /// Asks whose rotating id was heard, and judges the report again; whether there is anything to show.
    pub fn fetch_rotating(&self, id: [u8; 8], report: &BeaconReport) -> bool {
        let now = self.now();
        let shared_by = self.answers.rotating(&self.stores, id, now);
        if let Some(shared_by) = shared_by {
            self.member.note_position_use(PositionUse {
                at_ms: now.0,
                kind: PositionUseKind::RotatingBeacon,
                as_member: false,
                about_m: None,
                shared_by: Some(u32::try_from(shared_by).unwrap_or(u32::MAX)),
            });
        }
        let Ok(sighting) = self.stores.sighting(report) else { return false };
        let wanted = self.hear(sighting, now);
        if let Some((place, signal)) = wanted.sign {
            self.fetch_sign(place, &signal);
        }
        true
    }

    pub(super) fn note_tiles(&self, asked: &[TileId]) {
        if let Some(used) = PositionUse::of_tiles(asked, self.now().0) {
            self.member.note_position_use(used);
        }
    }

    /// Has the server judge by what was sensed last, as the app asked.
    ///
    /// # Errors
    /// [`WalletError`].
    pub fn ask_server(&self, by: JudgedBy) -> Result<SettlementScreen, WalletError> {
        let now = self.now();
        let sign = match by {
            JudgedBy::Position => self.judge.position_sign().map(|sign| (sign, Signal::Tick)),
            by => self.lately.sign(by, self.stores.network.get().as_deref(), now),
        };
        let (sign, signal) = sign.ok_or_else(|| SignalProblem::NothingSensed.error())?;
        let about_m = match &sign {
            // Saturates.
            SensedSign::Position { accuracy_m, .. } => Some((2.0 * accuracy_m).ceil() as u32),
            _ => None,
        };
        let token = self.member.token()?;
        self.answers.server()?;
        let kind = by.kind();
        let used = PositionUse { at_ms: now.0, kind, as_member: true, about_m, shared_by: None };
        self.member.note_position_use(used);
        let question = self.asked.about(sign);
        let cells = self.answers.judged(&self.member, &token, &question)?;
        let of_cells = |list: &TileList| {
            let mut tiles: Vec<_> = cells.iter().map(|cell| list.tile_of(*cell)).collect();
            order::sort(&mut tiles);
            tiles.dedup();
            tiles.truncate(MOST_JUDGED);
            tiles
        };
        // A tile that was heard of a moment ago may lack a store that is newer still.
        let fetched = self.fetch_tiles(of_cells, 0);
        let now = self.now();
        self.sense(now, &Signal::StoresChanged);
        self.sense(now, &signal);
        fetched.problem.map_or_else(|| Ok(self.screen(now)), Err)
    }
}
