//! The list of tiles, which says how the grid is cut: each has at least so many stores.
//!
//! The grid is halved again and again along its curve while both halves have enough stores; a half that
//! has too few goes with the tile next to it. So the cuts come from the numbers of stores alone, and a
//! store that opens or closes moves the cuts next to it at most.

use serde::{Deserialize, Serialize};

use super::{Cell, TileId};
use crate::order;

/// Bits of a cell's number.
const BITS: u32 = Cell::COUNT.ilog2();

/// Beyond, a tile's cells are not looked through for its neighbours: it is some hundred kilometres wide.
const MOST_CELLS: u32 = 1 << 14;

/// Neighbours that are asked for whichever cell of the tile somebody is in.
const MOST_NEIGHBOURS: usize = 24;

/// Which tiles there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct TileList {
    shared_by: u32,
    tree: String,
    /// Where each tile begins, the first at 0, with how many stores it has at most.
    tiles: Vec<(u32, u32)>,
}

/// As it is sent. The tree, from its root: `+` both halves follow, `<` only the right half follows and the
/// left goes with its first tile, `>` only the left follows and the right goes with its last tile, a letter
/// is a tile: `a` has no store, `b` one, and from there on each letter stands for a half more.
#[derive(Serialize, Deserialize)]
struct Written {
    shared_by: u32,
    tree: String,
}

/// A text that is no tree of tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no list of tiles")]
pub struct TileListError;

impl TileList {
    /// Cuts the grid so that each tile has at least `shared_by` of the stores that are counted by cell,
    /// in the order of the curve.
    pub fn of(counts: &[(Cell, u32)], shared_by: u32) -> Self {
        let mut sums = vec![0_u64];
        let mut sum = 0;
        for (_, stores) in counts {
            sum += u64::from(*stores);
            sums.push(sum);
        }
        let mut cutter =
            Cutter { counts, sums, least: u64::from(shared_by.max(1)), tree: String::new() };
        cutter.node(0..counts.len(), 0, BITS, (0, 0));
        let tiles = tiles_of(&cutter.tree).unwrap_or_default();
        Self { shared_by, tree: cutter.tree, tiles }
    }

    /// The least stores of a tile.
    pub const fn shared_by(&self) -> u32 {
        self.shared_by
    }

    /// All tiles along the curve, with how many stores each has at most.
    pub fn tiles(&self) -> impl Iterator<Item = (TileId, u32)> + '_ {
        let ends = self.tiles.iter().skip(1).map(|(first, _)| *first).chain([Cell::COUNT]);
        let tiles = self.tiles.iter().zip(ends);
        tiles.filter_map(|((first, stores), past)| Some((TileId::new(*first, past)?, *stores)))
    }

    /// The tile that has this cell.
    pub fn tile_of(&self, cell: Cell) -> TileId {
        let next = self.tiles.partition_point(|(first, _)| *first <= cell.number());
        let first = next.checked_sub(1).and_then(|at| self.tiles.get(at)).map_or(0, |tile| tile.0);
        let past = self.tiles.get(next).map_or(Cell::COUNT, |tile| tile.0);
        TileId::new(first, past).unwrap_or(TileId::ALL)
    }

    /// The tiles beside that of `cell`: all that touch it, so that they tell no more than the tile does.
    /// Of a tile that touches very many, those round the cell.
    pub fn beside(&self, cell: Cell) -> Vec<TileId> {
        let here = self.tile_of(cell);
        let touching = |cells: &mut dyn Iterator<Item = Cell>| {
            let mut tiles: Vec<_> = Vec::new();
            for beside in cells.flat_map(Cell::block).filter(|cell| !here.has(*cell)) {
                if !tiles.iter().any(|tile: &TileId| tile.has(beside)) {
                    tiles.push(self.tile_of(beside));
                }
            }
            order::sort(&mut tiles);
            tiles
        };
        let cells = here.cells();
        if cells.end - cells.start <= MOST_CELLS {
            let tiles = touching(&mut cells.filter_map(Cell::numbered));
            if tiles.len() <= MOST_NEIGHBOURS {
                return tiles;
            }
        }
        touching(&mut [cell].into_iter())
    }
}

struct Cutter<'a> {
    counts: &'a [(Cell, u32)],
    /// Stores before each of them.
    sums: Vec<u64>,
    least: u64,
    tree: String,
}

impl Cutter<'_> {
    /// Writes the node that begins at `first` and has those of `counts`; `beside` so many stores go with
    /// its first and with its last tile.
    fn node(&mut self, counts: std::ops::Range<usize>, first: u32, bits: u32, beside: (u64, u64)) {
        let stores = |of: &std::ops::Range<usize>| {
            let sum = |at: usize| self.sums.get(at).copied().unwrap_or_default();
            sum(of.end) - sum(of.start)
        };
        let all = stores(&counts);
        let Some(half) = bits.checked_sub(1).filter(|_| all >= 2 * self.least) else {
            self.tree.push(letter(all + beside.0 + beside.1));
            return;
        };
        let middle = first + (1 << half);
        let of_node = self.counts.get(counts.clone()).unwrap_or_default();
        let cut = counts.start + of_node.partition_point(|(cell, _)| cell.number() < middle);
        let (left, right) = (counts.start..cut, cut..counts.end);
        let (of_left, of_right) = (stores(&left), stores(&right));
        if of_left < self.least {
            self.tree.push('<');
            self.node(right, middle, half, (beside.0 + of_left, beside.1));
        } else if of_right < self.least {
            self.tree.push('>');
            self.node(left, first, half, (beside.0, beside.1 + of_right));
        } else {
            self.tree.push('+');
            self.node(left, first, half, (beside.0, 0));
            self.node(right, middle, half, (0, beside.1));
        }
    }
}

/// What stands for so many stores.
fn letter(stores: u64) -> char {
    let Some(whole) = stores.checked_ilog2() else { return 'a' };
    // Over the square root of two times the power of two.
    let half = u128::from(stores).pow(2) >= 1 << (2 * whole + 1);
    let step = (2 * whole + u32::from(half)).min(24);
    char::from(b'b' + u8::try_from(step).unwrap_or(24))
}

/// The most stores that a letter stands for; but for the last, which stands for all beyond, too.
fn at_most(letter: u8) -> Option<u32> {
    match letter {
        b'a' => Some(0),
        b'b'..=b'z' => {
            let next = u32::from(letter - b'b') + 1;
            let power = 1_u32 << (next / 2);
            // 181 / 128 is the square root of two, from below.
            let most = if next % 2 == 0 { power } else { power * 181 / 128 + 1 };
            Some(most.saturating_sub(1).max(1))
        }
        _ => None,
    }
}

/// Where the tiles of a tree begin, and how many stores each has at most; `None` for what is no tree.
fn tiles_of(tree: &str) -> Option<Vec<(u32, u32)>> {
    let mut tiles = Vec::new();
    // Nodes that are still to come, the next one last: where it begins, its bits, and the cut before it.
    let mut awaited = vec![(0_u32, BITS, 0_u32)];
    for byte in tree.bytes() {
        let (first, bits, cut) = awaited.pop()?;
        if let Some(stores) = at_most(byte) {
            tiles.push((cut, stores));
            continue;
        }
        let half = bits.checked_sub(1)?;
        let middle = first + (1 << half);
        match byte {
            b'+' => awaited.extend([(middle, half, middle), (first, half, cut)]),
            b'<' => awaited.push((middle, half, cut)),
            b'>' => awaited.push((first, half, cut)),
            _ => return None,
        }
    }
    awaited.is_empty().then_some(tiles)
}

impl TryFrom<Written> for TileList {
    type Error = TileListError;

    fn try_from(Written { shared_by, tree }: Written) -> Result<Self, TileListError> {
        let tiles = tiles_of(&tree).ok_or(TileListError)?;
        Ok(Self { shared_by, tree, tiles })
    }
}

impl From<TileList> for Written {
    fn from(TileList { shared_by, tree, .. }: TileList) -> Self {
        Self { shared_by, tree }
    }
}
