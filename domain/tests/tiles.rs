//! Cells, tiles and the list of tiles.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Position,
    wire::{Cell, TileId, TileList},
};
use proptest::prelude::*;

fn place(lat: f64, lon: f64) -> Position {
    Position::from_degrees(lat, lon).unwrap()
}

#[test]
fn a_cell_is_that_of_the_slippy_map() {
    for (lat, lon, expected) in [
        // Termini, as every map has it.
        (41.9010, 12.5018, (17_521, 12_176)),
        (90.0, -180.0, (0, 0)),
        (-90.0, 180.0, (32_767, 32_767)),
        (0.0, 0.0, (16_384, 16_384)),
    ] {
        let cell = Cell::of(place(lat, lon));
        assert_eq!(cell.column_and_row(), expected, "{lat} {lon}");
        assert_eq!(Cell::at(expected.0, expected.1), cell);
        assert_eq!(Cell::numbered(cell.number()), Some(cell));
    }
    assert_eq!(Cell::numbered(Cell::COUNT), None);
}

#[test]
fn neighbours_wrap_round_the_antimeridian_and_end_at_the_poles() {
    let block = |x, y| Cell::at(x, y).block().map(Cell::column_and_row).collect::<BTreeSet<_>>();
    assert_eq!(block(5, 5).len(), 9);
    assert!(block(0, 5).contains(&(32_767, 4)));
    assert_eq!(block(7, 0).len(), 6);
    let wide: BTreeSet<_> = Cell::round(place(0.0, 0.0), 3_000.0).collect();
    assert_eq!(wide.len(), 49, "three cells of 1,223 m on each side");
    assert_eq!(Cell::round(place(0.0, -180.0), 1.0).count(), 9);
    let pole = Cell::round(place(90.0, 0.0), 1e9).count();
    assert!(pole > 0);
}

#[test]
fn tiles_tell_of_an_area_as_wide_as_all_of_them() {
    let rome = Cell::of(place(41.9, 12.5));
    let one = |cell: Cell| TileId::new(cell.number(), cell.number() + 1).unwrap();
    // 40,075 km over 2^15, by the cosine of 41.9 degrees.
    let width = TileId::width_m(&[one(rome)]).unwrap();
    assert!((905.0..915.0).contains(&width), "{width}");
    let block: Vec<_> = rome.block().map(one).collect();
    let width = TileId::width_m(&block).unwrap();
    assert!((2_715.0..2_745.0).contains(&width), "{width}");
    assert_eq!(TileId::width_m(&[]), None);
    assert_eq!(TileId::ALL.columns_and_rows(), (0..32_768, 0..32_768));
}

#[test]
fn a_text_that_is_no_tree_is_no_list() {
    let read = |tree: &str| {
        serde_json::from_value::<TileList>(serde_json::json!({ "shared_by": 64, "tree": tree }))
            .ok()
    };
    for tree in ["", "+", "+a", "aa", "+aaa", "?", "<", "é", "A", &format!("{}a", "<".repeat(31))]
    {
        assert_eq!(read(tree), None, "{tree}");
    }
    let deepest = read(&format!("{}a", ">".repeat(30))).unwrap();
    assert_eq!(deepest.tiles().count(), 1);
    let two = read("<+bc").unwrap();
    let tiles: Vec<_> = two.tiles().collect();
    let cut = Cell::COUNT / 4 * 3;
    let expected = [(TileId::new(0, cut).unwrap(), 1), (TileId::new(cut, Cell::COUNT).unwrap(), 1)];
    assert_eq!(tiles, expected);
}

#[test]
fn what_is_asked_beside_a_tile_is_the_same_from_wherever_in_it() {
    // Three villages and a field between them.
    let villages = [(100, 100), (104, 100), (100, 106)];
    let mut counts: Vec<_> = villages.into_iter().map(|(x, y)| (Cell::at(x, y), 70)).collect();
    counts.extend([(Cell::at(101, 101), 3), (Cell::at(102, 103), 2)]);
    counts.sort_unstable();
    let list = TileList::of(&counts, 64);
    let far = Cell::at(20_000, 20_000);
    for (tile, _) in list.tiles().filter(|(tile, _)| tile.cells().len() <= 64) {
        let cells = || tile.cells().filter_map(Cell::numbered);
        let beside: BTreeSet<_> = cells().map(|cell| list.beside(cell)).collect();
        assert_eq!(beside.len(), 1, "{tile}");
        assert!(!beside.iter().flatten().any(|one| *one == tile));
    }
    assert!(!list.beside(far).contains(&list.tile_of(far)));
}

proptest! {
    #[test]
    fn every_tile_has_enough_stores_and_every_cell_one_tile(
        cells in prop::collection::vec(((0_u32..40, 0_u32..40), 1_u32..200), 0..200),
        shared_by in 1_u32..100,
    ) {
        let mut counts = BTreeMap::new();
        for ((x, y), stores) in cells {
            *counts.entry(Cell::at(9_000 + x, 12_000 + y)).or_insert(0) += stores;
        }
        let counts: Vec<_> = counts.into_iter().collect();
        let list = TileList::of(&counts, shared_by);
        let all: u32 = counts.iter().map(|(_, stores)| stores).sum();
        let (mut next, mut tiles) = (0, 0);
        for (tile, at_most) in list.tiles() {
            prop_assert_eq!(tile.cells().start, next);
            next = tile.cells().end;
            tiles += 1;
            let has: u32 =
                counts.iter().filter(|(cell, _)| tile.has(*cell)).map(|(_, stores)| stores).sum();
            prop_assert!(has >= shared_by.min(all), "{} has {}", tile, has);
            prop_assert!(has <= at_most && (has < 5_000), "{} has {} of {}", tile, has, at_most);
            prop_assert!(at_most <= has + has / 2 + 1, "{} has {} of {}", tile, has, at_most);
        }
        prop_assert_eq!(next, Cell::COUNT);
        for (cell, _) in &counts {
            prop_assert!(list.tile_of(*cell).has(*cell));
        }
        let sent = serde_json::to_string(&list).unwrap();
        prop_assert_eq!(serde_json::from_str::<TileList>(&sent).unwrap(), list);
        prop_assert!(tiles <= 1 + all / shared_by);
    }

    #[test]
    fn no_text_makes_reading_a_list_panic(tree in "[-+<>a-z]{0,80}") {
        let body = serde_json::json!({ "shared_by": 1, "tree": tree });
        if let Ok(list) = serde_json::from_value::<TileList>(body) {
            prop_assert!(list.tiles().count() >= 1);
            let _ = list.beside(Cell::at(1, 1));
        }
    }
}
