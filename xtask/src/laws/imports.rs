//! Which file imports which, by the file that defines the name: a re-export is looked through.

use std::collections::BTreeSet;

use super::{
    modules::{Module, Tree},
    names::Segments,
};

/// One file names what another defines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Import {
    pub from: String,
    pub to: String,
    /// The path as written.
    pub path: String,
    /// `to` holds a module that `from` lies in.
    pub of_parent: bool,
}

/// A crate of others that a file names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Foreign {
    pub file: String,
    pub path: Segments,
}

enum Found {
    Module(usize),
    /// Defined in this module.
    Item(usize),
    Foreign,
}

/// A `use` that is being followed: a second visit would go round for ever.
type Followed = BTreeSet<(usize, String)>;

/// Every import between the files of one crate.
pub fn imports(tree: &Tree) -> BTreeSet<Import> {
    let mut found = BTreeSet::new();
    for (index, module) in tree.modules.iter().enumerate() {
        for path in named(module) {
            if let Found::Item(definer) = resolve(tree, index, path, &mut Followed::new()) {
                found.extend(import(tree, index, definer, path));
            }
        }
        for path in &module.names.globs {
            for definer in of_glob(tree, index, path) {
                found.extend(import(tree, index, definer, path));
            }
        }
    }
    found
}

/// Every path that leads out of the crate.
pub fn foreign(tree: &Tree) -> BTreeSet<Foreign> {
    let mut found = BTreeSet::new();
    for (index, module) in tree.modules.iter().enumerate() {
        for path in named(module).chain(&module.names.globs) {
            if matches!(resolve(tree, index, path, &mut Followed::new()), Found::Foreign) {
                found.insert(Foreign { file: module.file.clone(), path: path.clone() });
            }
        }
    }
    found
}

fn named(module: &Module) -> impl Iterator<Item = &Segments> {
    module.names.uses.iter().map(|(_, path)| path).chain(&module.names.paths)
}

fn import(tree: &Tree, from: usize, to: usize, path: &Segments) -> Option<Import> {
    let (importer, definer) = (&tree.modules[from].file, &tree.modules[to].file);
    let of_parent = parents(tree, from).any(|parent| tree.modules[parent].file == *definer);
    let import =
        Import { from: importer.clone(), to: definer.clone(), path: path.join("::"), of_parent };
    (importer != definer).then_some(import)
}

fn parents(tree: &Tree, module: usize) -> impl Iterator<Item = usize> {
    std::iter::successors(tree.modules[module].parent, |parent| tree.modules[*parent].parent)
}

/// The modules whose definitions a glob brings in: the named one's own, and what it re-exports.
fn of_glob(tree: &Tree, at: usize, path: &Segments) -> BTreeSet<usize> {
    let mut definers = BTreeSet::new();
    match resolve(tree, at, path, &mut Followed::new()) {
        Found::Item(definer) => drop(definers.insert(definer)),
        Found::Module(named) => {
            let module = &tree.modules[named];
            if !module.names.items.is_empty() {
                definers.insert(named);
            }
            for (_, path) in &module.names.uses {
                if let Found::Item(definer) = resolve(tree, named, path, &mut Followed::new()) {
                    definers.insert(definer);
                }
            }
        }
        Found::Foreign => {}
    }
    definers
}

fn resolve(tree: &Tree, from: usize, path: &[String], followed: &mut Followed) -> Found {
    let Some((first, rest)) = path.split_first() else { return Found::Module(from) };
    let mut found = match first.as_str() {
        "crate" => Found::Module(0),
        "self" => Found::Module(from),
        "super" => Found::Module(tree.modules[from].parent.unwrap_or(0)),
        name => match lookup(tree, from, name, rest.is_empty(), followed) {
            Some(found) => found,
            None => return Found::Foreign,
        },
    };
    for (index, name) in rest.iter().enumerate() {
        let Found::Module(at) = found else { return found };
        found = match name.as_str() {
            "super" => Found::Module(tree.modules[at].parent.unwrap_or(0)),
            // What no reading finds there, a macro defines there.
            name => {
                lookup(tree, at, name, index + 1 == rest.len(), followed).unwrap_or(Found::Item(at))
            }
        };
    }
    found
}

fn lookup(
    tree: &Tree,
    at: usize,
    name: &str,
    is_last: bool,
    followed: &mut Followed,
) -> Option<Found> {
    let module = &tree.modules[at];
    if is_last && module.names.items.contains(name) {
        return Some(Found::Item(at));
    }
    if let Some(child) = module.children.get(name) {
        return Some(Found::Module(*child));
    }
    if module.names.items.contains(name) {
        return Some(Found::Item(at));
    }
    if !followed.insert((at, name.to_owned())) {
        return None;
    }
    if let Some((_, path)) = module.names.uses.iter().find(|(local, _)| local == name) {
        return Some(resolve(tree, at, path, followed));
    }
    module.names.globs.iter().find_map(|path| match resolve(tree, at, path, followed) {
        Found::Module(named) => lookup(tree, named, name, is_last, followed),
        Found::Item(_) | Found::Foreign => None,
    })
}
