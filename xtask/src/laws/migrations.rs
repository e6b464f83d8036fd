//! A server's migrations are done in the order of their numbers, so each has one of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::sources::Sources;

/// Sentences for each number that several migrations of one folder have: two branches that are merged may each
/// have added one, and git sees no conflict in that.
pub fn of_one_number(sources: &Sources) -> BTreeSet<String> {
    let mut numbered: BTreeMap<(&str, u64), Vec<&str>> = BTreeMap::new();
    for (folder, number, name) in sources.keys().filter_map(|path| migration(path)) {
        numbered.entry((folder, number)).or_default().push(name);
    }
    let several = numbered.into_iter().filter(|(_, names)| names.len() > 1);
    several
        .map(|((folder, number), names)| {
            format!("{folder}: {} are all migration {number}", names.join(" and "))
        })
        .collect()
}

/// Its folder, its number and its name.
fn migration(path: &str) -> Option<(&str, u64, &str)> {
    let (folder, name) = path.rsplit_once('/')?;
    let is_one = folder.split('/').any(|part| part == "migrations") && name.ends_with(".sql");
    let number = name.split('_').next()?.parse().ok()?;
    is_one.then_some((folder, number, name))
}
