//! Files of one crate that import each other in a circle, and children that import a parent.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::imports::Import;

/// Each circle as the files in it, in the order of their imports.
pub fn circles(imports: &BTreeSet<Import>) -> Vec<Vec<String>> {
    let mut arrows: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for import in imports {
        arrows.entry(&import.from).or_default().insert(&import.to);
    }
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut found = Vec::new();
    for start in arrows.keys() {
        if seen.contains(start) {
            continue;
        }
        if let Some(circle) = shortest_way_back(&arrows, start) {
            seen.extend(circle.iter().copied());
            found.push(circle.into_iter().map(str::to_owned).collect());
        }
    }
    found
}

fn shortest_way_back<'a>(
    arrows: &BTreeMap<&'a str, BTreeSet<&'a str>>,
    start: &'a str,
) -> Option<Vec<&'a str>> {
    let mut from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(file) = waiting.pop_front() {
        for next in arrows.get(file).into_iter().flatten() {
            if *next == start {
                let way = std::iter::successors(Some(file), |at| from.get(at).copied());
                let mut circle: Vec<&str> = way.collect();
                circle.reverse();
                return Some(circle);
            }
            if !from.contains_key(next) {
                from.insert(next, file);
                waiting.push_back(next);
            }
        }
    }
    None
}
