//! The stores of a whole area, a city for instance, fetched in as few answers as go together.

use std::collections::{BTreeSet, VecDeque};

use domain::{
    Position, Timestamp,
    wire::{Cell, TileId, TileList},
};

use super::{
    parts::Parts,
    register::{Fetched, Keeping},
    tile_list::TILE_FRESH_MS,
};
use crate::{
    cache::NOTED_FOR_MS,
    entry::Signal,
    error::{AreaProblem, ServerProblem, SignalProblem, WalletError},
};

/// The widest area.
const MOST_RADIUS_M: u32 = 100_000;

/// The most stores that are asked for together, as the list counts them: about 100 kB on the way. What came
/// is kept, and a connection that breaks costs no more than that.
const MOST_TOGETHER: u32 = 1_500;

/// The same of stores that the phone has, of which only what changed comes.
const MOST_CHANGED_TOGETHER: u32 = 4_000;

/// Stores between two tiles that are fetched for one question less: each costs half a kilobyte, every day.
const MOST_BETWEEN: u32 = 100;

/// The least bytes that a store may take in the cache, of those that the list counts: it counts more.
const BYTES_A_STORE: u64 = 300;

/// Round a place.
#[derive(Clone, Copy, Debug, PartialEq, uniffi::Record)]
pub struct Area {
    /// Of its middle, degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// How far it reaches, metres; at most 100,000.
    pub radius_m: u32,
}

/// How much of an area is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct AreaProgress {
    /// Stores whose tiles are here and fresh; the list of tiles counts them in steps of a half.
    pub stores: u32,
    /// Stores of the area, counted so.
    pub of_stores: u32,
}

/// Is told how much of an area is here.
#[uniffi::export(rust, foreign)]
pub trait AreaListener: Send + Sync {
    /// Called on the thread of the call that fetches, before each question to the server and at the end;
    /// whether to go on.
    fn on_progress(&self, progress: AreaProgress) -> bool;
}

/// Tiles that are asked for together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    tile: TileId,
    stores: u32,
    /// Whether the phone has an older state of all of it.
    is_held: bool,
}

impl Parts {
    /// Fetches what is missing or old of the tiles round a place, and tells how far it is; until it is told
    /// to stop. What came is kept whatever happens then.
    ///
    /// # Errors
    /// [`WalletError::Signal`], [`WalletError::AreaRefused`], [`WalletError::ServerAway`], [`WalletError::Storage`].
    pub fn fetch_area(
        &self,
        Area { latitude, longitude, radius_m }: Area,
        goes_on: &dyn Fn(AreaProgress) -> bool,
    ) -> Result<AreaProgress, WalletError> {
        let centre = Position::from_degrees(latitude, longitude)
            .map_err(|_| SignalProblem::FixOutOfRange.error())?;
        if radius_m > MOST_RADIUS_M {
            return Err(AreaProblem::TooWide.error());
        }
        let began = self.now();
        let (list, fetched) = self.answers.tile_list(&self.stores, true, began);
        let Some(list) = list else {
            return Err(fetched.problem.unwrap_or_else(|| ServerProblem::Garbled.error()));
        };
        let cells = Cell::round(centre, f64::from(radius_m));
        let wanted: BTreeSet<TileId> = cells.map(|cell| list.tile_of(cell)).collect();
        let stores = of_all(list.tiles().filter(|(tile, _)| wanted.contains(tile)));
        if u64::from(stores).saturating_mul(BYTES_A_STORE) > self.stores.cache.most_bytes() {
            return Err(AreaProblem::NoRoom.error());
        }
        let state = |tile: TileId| {
            let held = self.stores.cache.held_tile(tile);
            held.map(|held| (0..TILE_FRESH_MS).contains(&began.millis_since(held.fetched_at)))
        };
        let fresh: Vec<_> =
            wanted.iter().copied().filter(|tile| state(*tile) == Some(true)).collect();
        // They are part of what is wanted, so nothing of it may go for the rest.
        let _ = self.stores.cache.visit_tiles(&fresh, began);
        let mut pieces = pieces(&list, &wanted, state);
        let missing: u32 = pieces.iter().fold(0, |sum, piece| sum.saturating_add(piece.stores));
        let mut progress =
            AreaProgress { stores: stores.saturating_sub(missing), of_stores: stores };
        self.note_tiles(&pieces.iter().map(|piece| piece.tile).collect::<Vec<_>>());
        let mut news = false;
        let ended = loop {
            if !goes_on(progress) {
                break Ok(());
            }
            let Some(piece) = pieces.pop_front() else { break Ok(()) };
            let got = self.fetch_piece(piece.tile, began);
            news |= got.news;
            match got.problem {
                None => progress.stores = (progress.stores + piece.stores).min(stores),
                Some(WalletError::ServerAway { kind: ServerProblem::Timeout, .. })
                    if list.tile_of(first(piece.tile)) != piece.tile =>
                {
                    // So slow a way brings less at a time.
                    for half in halves(&list, piece).into_iter().rev() {
                        pieces.push_front(half);
                    }
                }
                Some(problem) => break Err(problem),
            }
        };
        if news {
            self.sense(self.now(), &Signal::StoresChanged);
            self.show();
        }
        self.look_at_plan();
        ended.map(|()| progress)
    }

    fn fetch_piece(&self, tile: TileId, began: Timestamp) -> Fetched {
        let mut fetched = Fetched::default();
        let spared_from = Some(Timestamp(began.0.saturating_sub(NOTED_FOR_MS)));
        let keeping = Keeping { spared_from, now: self.now() };
        self.answers.tiles_due(&self.stores, vec![tile], keeping, &mut fetched);
        fetched
    }
}

fn first(tile: TileId) -> Cell {
    Cell::numbered(tile.cells().start).unwrap_or(Cell::at(0, 0))
}

fn of_all(tiles: impl Iterator<Item = (TileId, u32)>) -> u32 {
    tiles.fold(0, |sum, (_, stores)| sum.saturating_add(stores))
}

/// The tiles that are `wanted` and not fresh, those beside each other together. `state` says whether what the
/// phone has of a tile is fresh; `None` where it has not all of it.
fn pieces(
    list: &TileList,
    wanted: &BTreeSet<TileId>,
    state: impl Fn(TileId) -> Option<bool>,
) -> VecDeque<Piece> {
    let mut pieces: VecDeque<Piece> = VecDeque::new();
    // Tiles since the last piece, which are not wanted.
    let mut between = Some(0);
    for (tile, stores) in list.tiles() {
        if !wanted.contains(&tile) {
            let is_held = pieces.back().is_some_and(|piece| piece.is_held);
            between = between.filter(|_| !is_held || state(tile).is_some());
            between = between.map(|sum: u32| sum.saturating_add(stores));
            continue;
        }
        let is_held = match state(tile) {
            Some(true) => {
                between = None;
                continue;
            }
            state => state.is_some(),
        };
        let most = if is_held { MOST_CHANGED_TOGETHER } else { MOST_TOGETHER };
        let joined = pieces.back().zip(between.filter(|between| *between <= MOST_BETWEEN));
        let joined = joined.and_then(|(piece, between)| {
            let stores = piece.stores.saturating_add(between).saturating_add(stores);
            let tile = TileId::new(piece.tile.cells().start, tile.cells().end)?;
            (piece.is_held == is_held && stores <= most).then_some(Piece { tile, stores, is_held })
        });
        between = Some(0);
        match (joined, pieces.back_mut()) {
            (Some(joined), Some(last)) => *last = joined,
            _ => pieces.push_back(Piece { tile, stores, is_held }),
        }
    }
    pieces
}

/// A piece in two, at a tile's end.
fn halves(list: &TileList, piece: Piece) -> Vec<Piece> {
    let cells = piece.tile.cells();
    let of_piece = list
        .tiles()
        .filter(|(tile, _)| tile.cells().start >= cells.start && tile.cells().end <= cells.end);
    let mut halves: Vec<Piece> = Vec::new();
    for (tile, stores) in of_piece {
        let joined = halves.last().and_then(|half| {
            let sum = half.stores.saturating_add(stores);
            let is_first = halves.len() == 1 && sum <= piece.stores / 2;
            let tile = TileId::new(half.tile.cells().start, tile.cells().end)?;
            (is_first || halves.len() == 2).then_some(Piece { tile, stores: sum, ..piece })
        });
        match (joined, halves.last_mut()) {
            (Some(joined), Some(last)) => *last = joined,
            _ => halves.push(Piece { tile, stores, ..piece }),
        }
    }
    halves
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Villages of 70 stores in a row, each a tile.
    fn list() -> TileList {
        let counts: Vec<_> = (0..64).map(|x| (Cell::numbered(1_000 + x).unwrap(), 70)).collect();
        TileList::of(&counts, 64)
    }

    #[test]
    fn tiles_beside_each_other_are_asked_for_together_and_fresh_ones_not_at_all() {
        let list = list();
        let all: BTreeSet<_> = list.tiles().map(|(tile, _)| tile).collect();
        let none = pieces(&list, &all, |_| Some(true));
        assert_eq!(none.len(), 0);
        let missing = pieces(&list, &all, |_| None);
        assert!(missing.len() >= 4 && missing.iter().all(|piece| piece.stores <= MOST_TOGETHER));
        let ends: Vec<_> = missing.iter().map(|piece| piece.tile.cells()).collect();
        assert!(ends.windows(2).all(|pair| pair[0].end == pair[1].start), "each cell once");
        let old = pieces(&list, &all, |_| Some(false));
        assert!(old.len() < missing.len() && old.iter().all(|piece| piece.is_held));
        // What is fresh parts those round it: it is not fetched again.
        let fresh = *all.iter().nth(3).unwrap();
        let round = pieces(&list, &all, |tile| (tile == fresh).then_some(true));
        assert!(round.iter().all(|piece| !piece.tile.has(first(fresh))), "{round:?}");
        // One that is not wanted lies between and has few stores.
        let wanted: BTreeSet<_> = all.iter().copied().filter(|tile| *tile != fresh).collect();
        let over = pieces(&list, &wanted, |_| None);
        assert!(over.iter().any(|piece| piece.tile.has(first(fresh))));
    }

    #[test]
    fn a_piece_in_two_is_the_same_cells() {
        let list = list();
        let all: BTreeSet<_> = list.tiles().map(|(tile, _)| tile).collect();
        let piece = pieces(&list, &all, |_| None)[0];
        let halves = halves(&list, piece);
        assert_eq!(halves.len(), 2);
        let [left, right] = [halves[0].tile.cells(), halves[1].tile.cells()];
        let cells = piece.tile.cells();
        assert_eq!((left.start, left.end, right.end), (cells.start, right.start, cells.end));
        assert!(halves.iter().all(|half| half.stores < piece.stores));
    }
}
