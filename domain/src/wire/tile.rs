//! The map of stores: cells of a grid, tiles of so many stores that asking for one says little of where
//! somebody is, and the list of the tiles.

use std::{fmt, ops::Range};

use serde::{Deserialize, Serialize};

use crate::{Position, Store, StoreId};

/// Where the list of tiles is.
pub const TILES_PATH: &str = "/v1/tiles";

/// Zoom of the cells: the slippy-map grid, about 900 m wide in Rome.
const ZOOM: u32 = 15;

/// Cells in a row and in a column.
const SIDE: u32 = 1 << ZOOM;

/// One cell of the slippy-map grid at zoom 15, numbered along the Z-order curve: the bits of its column
/// and of its row in turn, so that the numbers of each square of the grid are a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell(u32);

impl Cell {
    /// Cells of the grid.
    pub const COUNT: u32 = SIDE * SIDE;

    /// The cell that holds `position`; beyond the grid's 85.05 degrees, one of its outermost row.
    pub fn of(position: Position) -> Self {
        let (count, last) = (f64::from(SIDE), SIDE - 1);
        let x = (position.lon() + 180.0) / 360.0 * count;
        let mercator = position.lat().to_radians().tan().asinh();
        let y = (1.0 - mercator / std::f64::consts::PI) / 2.0 * count;
        // A float to integer cast saturates, so the poles land in the outermost rows.
        Self::at((x as u32).min(last), (y as u32).min(last))
    }

    /// The cell of a column, from the antimeridian eastward, and a row, from the north southward. Both
    /// wrap round.
    pub const fn at(x: u32, y: u32) -> Self {
        Self(spread(x % SIDE) | spread(y % SIDE) << 1)
    }

    /// The cell of a number; `None` off the grid.
    pub const fn numbered(number: u32) -> Option<Self> {
        if number < Self::COUNT { Some(Self(number)) } else { None }
    }

    /// Its place on the curve.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// Its column and its row.
    pub const fn column_and_row(self) -> (u32, u32) {
        (gathered(self.0), gathered(self.0 >> 1))
    }

    /// The cell and its up to eight neighbours; columns wrap round the antimeridian.
    pub fn block(self) -> impl Iterator<Item = Self> {
        let (x, y) = self.column_and_row();
        let columns = [SIDE - 1, 0, 1].map(|step| x + step);
        let rows = y.saturating_sub(1)..=(y + 1).min(SIDE - 1);
        rows.flat_map(move |y| columns.map(|x| Self::at(x, y)))
    }

    /// The cells of the square round a circle; none of them beyond the poles.
    pub fn round(centre: Position, radius_m: f64) -> impl Iterator<Item = Self> {
        let (x, y) = Self::of(centre).column_and_row();
        // Metres of a cell: those of the equator by the cosine of the latitude.
        let wide = EQUATOR_M / f64::from(SIDE) * centre.lat().to_radians().cos().max(0.01);
        // Saturates.
        let steps = ((radius_m / wide).ceil() as u32).min(SIDE / 2 - 1);
        let rows = y.saturating_sub(steps)..=(y + steps).min(SIDE - 1);
        rows.flat_map(move |y| {
            (0..=2 * steps).map(move |step| Self::at(x + SIDE + step - steps, y))
        })
    }
}

/// Length of the equator, metres (WGS 84).
const EQUATOR_M: f64 = 40_075_017.0;

/// Puts a gap before each of sixteen bits.
const fn spread(bits: u32) -> u32 {
    let bits = (bits | bits << 8) & 0x00ff_00ff;
    let bits = (bits | bits << 4) & 0x0f0f_0f0f;
    let bits = (bits | bits << 2) & 0x3333_3333;
    (bits | bits << 1) & 0x5555_5555
}

/// Takes the gaps out again.
const fn gathered(bits: u32) -> u32 {
    let bits = bits & 0x5555_5555;
    let bits = (bits | bits >> 1) & 0x3333_3333;
    let bits = (bits | bits >> 2) & 0x0f0f_0f0f;
    let bits = (bits | bits >> 4) & 0x00ff_00ff;
    (bits | bits >> 8) & 0x0000_ffff
}

/// A run of cells along the curve, whose stores are asked for together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileId {
    first: u32,
    past: u32,
}

impl TileId {
    /// The whole earth.
    pub const ALL: Self = Self { first: 0, past: Cell::COUNT };

    /// The cells from `first` to the one before `past`; `None` for none, and off the grid.
    pub const fn new(first: u32, past: u32) -> Option<Self> {
        if first < past && past <= Cell::COUNT { Some(Self { first, past }) } else { None }
    }

    /// The number of its first cell, and the one after its last.
    pub const fn cells(self) -> Range<u32> {
        self.first..self.past
    }

    /// Whether the cell is one of it.
    pub const fn has(self, cell: Cell) -> bool {
        self.first <= cell.0 && cell.0 < self.past
    }

    /// The columns and the rows between which all of it lies.
    pub fn columns_and_rows(self) -> (Range<u32>, Range<u32>) {
        let (column, row) = Cell(self.first).column_and_row();
        let (mut x, mut y) = (column..column, row..row);
        let mut first = self.first;
        while first < self.past {
            // The largest run from here on that is a square, or two beside each other.
            let bits = first.trailing_zeros().min((self.past - first).ilog2());
            let (column, row) = Cell(first).column_and_row();
            x = x.start.min(column)..x.end.max(column + (1 << bits.div_ceil(2)));
            y = y.start.min(row)..y.end.max(row + (1 << (bits / 2)));
            first += 1 << bits;
        }
        (x, y)
    }

    /// How wide the square is that holds all of these tiles, metres; `None` for none.
    pub fn width_m(tiles: &[Self]) -> Option<f64> {
        let both = |(x, y): (Range<u32>, Range<u32>), tile: &Self| {
            let (columns, rows) = tile.columns_and_rows();
            let joined = |a: Range<u32>, b: Range<u32>| a.start.min(b.start)..a.end.max(b.end);
            (joined(x, columns), joined(y, rows))
        };
        let (first, others) = tiles.split_first()?;
        let (x, y) = others.iter().fold(first.columns_and_rows(), both);
        let middle = f64::from(y.start + y.end) / 2.0 / f64::from(SIDE);
        let north = std::f64::consts::PI * (1.0 - 2.0 * middle);
        // A degree of longitude shrinks with the cosine of the latitude, which is 1 / cosh here.
        let cell_m = EQUATOR_M / f64::from(SIDE) / north.cosh();
        let cells = (x.end - x.start).max(y.end - y.start);
        Some(f64::from(cells) * cell_m)
    }
}

/// Prints the path under which its stores are.
impl fmt::Display for TileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{TILES_PATH}/{}/{}", self.first, self.past)
    }
}

/// The stores of one tile: the same bytes for everyone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tile {
    /// What follows is all that has changed since this revision of the register; without it, all that
    /// there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<i64>,
    /// Along the curve, those of one building together.
    pub stores: Vec<Store>,
    /// Those that were in the tile at that revision and are not any more: closed, or elsewhere now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<StoreId>,
}
