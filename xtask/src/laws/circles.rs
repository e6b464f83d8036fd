//! Circles: files that import each other, and children that import a parent.

use std::collections::{BTreeMap, BTreeSet};

use super::{imports::Lookup, sources::Crate};

type Arrows<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// Every circle of every crate, as the files it goes through.
pub fn all(crates: &[Crate]) -> Vec<String> {
    crates.iter().flat_map(of_crate).collect()
}

fn of_crate(of: &Crate) -> Vec<String> {
    let lookup = Lookup::new(of);
    let mut arrows = Arrows::new();
    // A file's own place: that of the first module in it, which comes before those inside it.
    let mut places: BTreeMap<&str, &[String]> = BTreeMap::new();
    for module in &of.modules {
        places.entry(&module.file).or_insert(&module.path);
        arrows.entry(&module.file).or_default().extend(lookup.uses(module));
    }
    let mut found = upwards(&arrows, &places);
    found.extend(round(&arrows));
    found
}

/// Children that import a parent: `child -> parent`.
fn upwards(arrows: &Arrows<'_>, places: &BTreeMap<&str, &[String]>) -> Vec<String> {
    let mut found = Vec::new();
    for (file, uses) in arrows {
        for used in uses {
            let (Some(child), Some(parent)) = (places.get(file), places.get(used)) else {
                continue;
            };
            if child.len() > parent.len() && child.starts_with(parent) {
                found.push(format!("{file} -> {used}"));
            }
        }
    }
    found
}

/// Groups of files of which each reaches each.
fn round(arrows: &Arrows<'_>) -> Vec<String> {
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        arrows.keys().map(|file| (*file, reachable(file, arrows))).collect();
    let mut groups: BTreeSet<Vec<&str>> = BTreeSet::new();
    for (file, ahead) in &reached {
        let back = |other: &&&str| reached.get(**other).is_some_and(|from| from.contains(file));
        let group: Vec<&str> = ahead.iter().filter(back).copied().collect();
        if group.len() > 1 {
            groups.insert(group);
        }
    }
    groups.into_iter().map(|group| group.join(" <-> ")).collect()
}

fn reachable<'a>(from: &str, arrows: &Arrows<'a>) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = vec![from];
    while let Some(file) = open.pop() {
        for next in arrows.get(file).into_iter().flatten() {
            if seen.insert(*next) {
                open.push(next);
            }
        }
    }
    seen
}
