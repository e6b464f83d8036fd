//! The laws, on small crates that break one each, and on this repository.

use super::{
    Broken, circles, imports, migrations, modules::Tree, rooms, sources, sources::Sources, touches,
};
use crate::step::root;

fn crate_of(files: &[(&str, &str)]) -> Sources {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

fn arrows(files: &[(&str, &str)]) -> Vec<String> {
    let tree = Tree::read(&crate_of(files), files[0].0).unwrap();
    let imports = imports::imports(&tree);
    let shown = |import: imports::Import| {
        let above = if import.of_parent { " (parent)" } else { "" };
        format!("{} -> {}{above}", import.from, import.to)
    };
    let mut shown: Vec<String> = imports.into_iter().map(shown).collect();
    shown.dedup();
    shown
}

#[test]
fn an_import_of_a_sibling_through_the_parents_re_export_is_one_of_the_sibling() {
    let files = [
        ("src/lib.rs", "mod a; mod b; pub use a::A;"),
        ("src/a.rs", "pub struct A;"),
        ("src/b.rs", "use super::A; use crate::A as Other;"),
    ];
    assert_eq!(arrows(&files), ["src/b.rs -> src/a.rs", "src/lib.rs -> src/a.rs"]);
}

#[test]
fn a_path_is_found_wherever_it_stands() {
    let here = [
        "fn f() { super::a::f() }",
        "fn f() { use crate::a::f as g; g() }",
        "fn f() { assert!(matches!(x, crate::a::A { .. })) }",
        "struct S { #[serde(with = \"crate::a\", default = \"super::a::f\")] x: u8 }",
        "impl super::a::A { }",
        "type T = Vec<crate::a::A>;",
        "mod inner { fn f() { super::super::a::f() } }",
        "use crate::a; fn f() { a::f() }",
        "use crate::*; fn f() { a::f() }",
    ];
    for code in here {
        let files = [
            ("src/lib.rs", "mod a; mod b;"),
            ("src/a.rs", "pub struct A; pub fn f() {}"),
            ("src/b.rs", code),
        ];
        assert_eq!(arrows(&files), ["src/b.rs -> src/a.rs"], "{code}");
    }
}

#[test]
fn a_child_that_imports_its_parent_is_seen_also_through_inline_modules() {
    let files = [
        ("src/lib.rs", "mod room;"),
        ("src/room/mod.rs", "mod child; pub struct Owner;"),
        ("src/room/child.rs", "mod inner { use super::super::Owner; }"),
    ];
    assert_eq!(arrows(&files), ["src/room/child.rs -> src/room/mod.rs (parent)"]);
}

#[test]
fn what_only_tests_compile_imports_what_it_likes() {
    let files = [
        ("src/lib.rs", "mod a; pub struct Owner; #[cfg(test)] mod tests;"),
        ("src/a.rs", "#[cfg(test)] mod tests { use crate::Owner; } #[cfg(not(test))] fn f() {}"),
    ];
    assert!(arrows(&files).is_empty());
}

#[test]
fn a_circle_of_three_is_told_once_in_the_order_of_its_imports() {
    let files = [
        ("src/lib.rs", "mod a; mod b; mod c; mod d;"),
        ("src/a.rs", "use crate::b::B; pub struct A;"),
        ("src/b.rs", "use crate::c::C; pub struct B;"),
        ("src/c.rs", "use crate::a::A; pub struct C;"),
        ("src/d.rs", "use crate::a::A;"),
    ];
    let imports = imports::imports(&Tree::read(&crate_of(&files), "src/lib.rs").unwrap());
    assert_eq!(circles::circles(&imports), [["src/a.rs", "src/b.rs", "src/c.rs"]]);
}

#[test]
fn a_room_that_knows_what_only_another_knows_is_named_with_the_law() {
    let cases = [
        ("src/lib.rs", "src/entry.rs", "use rusqlite::Connection;", "SQLite"),
        ("src/lib.rs", "src/entry.rs", "#[derive(uniffi::Record)] struct S;", "UniFFI"),
        ("src/lib.rs", "src/entry.rs", "fn f() { std::time::Instant::now(); }", "pure"),
        ("servers/w/src/lib.rs", "servers/w/src/entry.rs", "use sqlx::SqlitePool;", "database"),
        ("servers/w/src/lib.rs", "servers/w/src/entry.rs", "use axum::Router;", "HTTP"),
    ];
    for (root, file, code, law) in cases {
        let tree = Tree::read(&crate_of(&[(root, "mod entry;"), (file, code)]), root).unwrap();
        let broken = rooms::of_crate(root, &imports::imports(&tree), &imports::foreign(&tree));
        assert!(broken.iter().any(|broken| broken.contains(law)), "{code}: {broken:?}");
    }
}

#[test]
fn a_step_that_uses_the_one_after_is_named() {
    let files = [
        ("src/lib.rs", "mod entry; mod screen;"),
        ("src/entry.rs", "use crate::screen::Row; pub struct Judgement;"),
        ("src/screen.rs", "use crate::entry::Judgement; pub struct Row;"),
    ];
    let tree = Tree::read(&crate_of(&files), "src/lib.rs").unwrap();
    let broken = rooms::of_crate("src/lib.rs", &imports::imports(&tree), &imports::foreign(&tree));
    assert_eq!(broken.len(), 1, "{broken:?}");
    assert!(broken.first().unwrap().starts_with("src/entry.rs: a step may use"));
}

#[test]
fn a_reason_is_counted_in_every_language_and_not_in_tests() {
    let sources = crate_of(&[
        ("domain/src/rule.rs", "pub enum Reason { Expired, LimitReached }"),
        ("Words.kt", "EXPIRED LIMIT_REACHED"),
        ("Words.swift", ".expired .limitReached"),
        ("docs/keys.md", "`expired`, `limit_reached`"),
        ("Only.kt", "EXPIRED"),
        ("domain/tests/rule.rs", "Reason::Expired Reason::LimitReached"),
    ]);
    let touched = touches::of_a_reason(&sources).unwrap();
    let expected = ["Words.kt", "Words.swift", "docs/keys.md", "domain/src/rule.rs"];
    assert!(touched.iter().eq(expected.iter()), "{touched:?}");
}

#[test]
fn the_first_line_and_the_length_of_every_file_of_this_repository_are_read() {
    let sources = sources::read(&root()).unwrap();
    let broken = Broken::read(&sources, &root()).unwrap();
    assert!(sources.len() > 250, "the sources were not found");
    assert!(sources.contains_key("xtask/src/laws/tests.rs"));
    assert!(!broken.no_first_line.contains(&"xtask/src/laws/tests.rs".to_owned()));
}

#[test]
fn domain_and_signs_stay_below_everything_else() {
    let sources = sources::read(&root()).unwrap();
    assert_eq!(rooms::manifests(&sources), std::collections::BTreeSet::new());
}

/// The files that a recipe of CONTRIBUTING.md lists.
fn recipe(title: &str) -> std::collections::BTreeSet<String> {
    let text = std::fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let recipe = text.split("\n## ").find(|part| part.starts_with(title)).expect(title);
    let files = recipe.lines().filter_map(|line| line.strip_prefix("- `")?.split('`').next());
    files.map(str::to_owned).collect()
}

#[test]
fn the_recipes_for_a_reason_and_a_screen_list_the_files_that_name_todays() {
    let sources = sources::read(&root()).unwrap();
    assert_eq!(recipe("Add a reason"), touches::of_a_reason(&sources).unwrap());
    assert_eq!(recipe("Add a screen"), touches::of_a_screen(&sources).unwrap());
}

#[test]
fn every_file_that_a_recipe_lists_is_there() {
    for title in ["Add a scheme", "Add a reason", "Add a signal", "Add a screen", "Add a database"]
    {
        let files = recipe(title);
        assert!(files.len() > 1, "{title} lists no files");
        for file in files {
            assert!(root().join(&file).exists(), "{title}: no {file}");
        }
    }
}

#[test]
fn what_is_generated_beside_the_sources_is_not_held_to_the_laws() {
    let folder = tempfile::TempDir::new().unwrap();
    let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    put(".gitignore", "/generated.kt\n");
    put("generated.kt", "");
    put("written.kt", "");
    let read: Vec<String> = sources::read(folder.path()).unwrap().into_keys().collect();
    assert_eq!(read, ["written.kt"]);
}

#[test]
fn two_migrations_of_one_server_with_one_number_are_refused() {
    let files = [
        ("servers/a/migrations/sqlite/1_first.sql", ""),
        ("servers/a/migrations/sqlite/2_cards.sql", ""),
        ("servers/a/migrations/sqlite/02_cash.sql", ""),
        ("servers/b/migrations/sqlite/1_first.sql", ""),
        ("servers/b/migrations/README.md", ""),
        ("servers/b/queries/1_one.sql", ""),
        ("servers/b/queries/1_two.sql", ""),
    ];
    let told: Vec<String> = migrations::of_one_number(&crate_of(&files)).into_iter().collect();
    let folder = "servers/a/migrations/sqlite";
    assert_eq!(told, [format!("{folder}: 02_cash.sql and 2_cards.sql are all migration 2")]);
    // The law sees the migrations there are.
    let ours = sources::read(&root()).unwrap();
    assert!(ours.keys().any(|path| path.starts_with("servers/wallet/migrations/")));
}
