//! Which file uses which: every path of a module, followed to the file that defines what it names.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::{Item, UseTree, visit::Visit};

use super::sources::{Crate, Module};

/// A chain of names as it is written, `crate::entry::Engine`.
type Names = Vec<String>;

/// What a name of a module stands for.
enum Meaning {
    /// Something that the module itself defines.
    Defined,
    /// What an import calls by this name.
    Imported(Names),
}

/// A crate's names, ready to be looked up.
pub struct Lookup<'a> {
    modules: BTreeMap<&'a [String], &'a Module>,
    names: BTreeMap<(&'a [String], String), Meaning>,
    globs: BTreeMap<&'a [String], Vec<Names>>,
}

impl<'a> Lookup<'a> {
    /// Reads every definition and import of `from`.
    pub fn new(from: &'a Crate) -> Self {
        let mut lookup =
            Self { modules: BTreeMap::new(), names: BTreeMap::new(), globs: BTreeMap::new() };
        for module in &from.modules {
            lookup.modules.insert(&module.path, module);
            for item in &module.items {
                lookup.take_in(module, item);
            }
        }
        lookup
    }

    fn take_in(&mut self, module: &'a Module, item: &Item) {
        if let Item::Use(import) = item {
            let mut uses = Vec::new();
            flatten(&import.tree, &mut Vec::new(), &mut uses);
            for (path, name) in uses {
                match name {
                    Some(name) => {
                        self.names.insert((&module.path, name), Meaning::Imported(path));
                    }
                    None => self.globs.entry(&module.path).or_default().push(path),
                }
            }
        } else if let Some(name) = defined(item) {
            self.names.insert((&module.path, name), Meaning::Defined);
        }
    }

    /// The files that `module` uses, itself left out.
    pub fn uses(&self, module: &Module) -> BTreeSet<&'a str> {
        let mut paths = Paths::default();
        for item in &module.items {
            paths.visit_item(item);
        }
        let found = paths.0.iter().filter_map(|path| self.file(&module.path, path, 0));
        found.filter(|file| *file != module.file).collect()
    }

    /// The file that defines what `path`, written in the module `here`, names; `None` for what is
    /// not of this crate.
    fn file(&self, here: &[String], path: &[String], depth: u8) -> Option<&'a str> {
        // A path that imports itself ends here.
        if depth > 20 {
            return None;
        }
        let mut place = here.to_vec();
        let mut rest = path;
        while let Some((first, after)) = rest.split_first() {
            match first.as_str() {
                "crate" => place.clear(),
                "self" => {}
                "super" => drop(place.pop()),
                _ => break,
            }
            rest = after;
        }
        let relative = rest.len() == path.len();
        let mut known = !relative;
        while let Some((first, after)) = rest.split_first() {
            let below = [place.as_slice(), std::slice::from_ref(first)].concat();
            if self.modules.contains_key(below.as_slice()) {
                (place, rest, known) = (below, after, true);
                continue;
            }
            return self.named(&place, first, after, depth).or_else(|| {
                // Something a macro made, or a method: of the module it was asked of.
                known.then(|| self.modules.get(place.as_slice()).map(|m| m.file.as_str()))?
            });
        }
        self.modules.get(place.as_slice()).map(|module| module.file.as_str())
    }

    fn named(&self, place: &[String], name: &str, after: &[String], depth: u8) -> Option<&'a str> {
        match self.names.get(&(place, name.to_owned())) {
            Some(Meaning::Defined) => self.modules.get(place).map(|module| module.file.as_str()),
            Some(Meaning::Imported(path)) => {
                let path = [path.as_slice(), after].concat();
                self.file(place, &path, depth + 1)
            }
            None => self.globs.get(place)?.iter().find_map(|glob| {
                let target = self.module_of(place, glob)?;
                self.named(&target, name, after, depth + 1)
            }),
        }
    }

    /// The module that a glob import names.
    fn module_of(&self, here: &[String], path: &[String]) -> Option<Names> {
        let mut place = here.to_vec();
        for name in path {
            match name.as_str() {
                "crate" => place.clear(),
                "self" => {}
                "super" => drop(place.pop()),
                _ => place.push(name.clone()),
            }
        }
        self.modules.contains_key(place.as_slice()).then_some(place)
    }
}

/// Each leaf of a `use`: its path, and the name it gets here; none for a glob.
fn flatten(tree: &UseTree, before: &mut Names, into: &mut Vec<(Names, Option<String>)>) {
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, into);
            before.pop();
        }
        UseTree::Name(name) if name.ident == "self" => {
            into.push((before.clone(), before.last().cloned()));
        }
        UseTree::Name(name) => {
            let name = name.ident.to_string();
            let path = [before.as_slice(), std::slice::from_ref(&name)].concat();
            into.push((path, Some(name)));
        }
        UseTree::Rename(rename) => {
            let path = match rename.ident.to_string() {
                own if own == "self" => before.clone(),
                name => [before.as_slice(), &[name]].concat(),
            };
            into.push((path, Some(rename.rename.to_string())));
        }
        UseTree::Glob(_) => into.push((before.clone(), None)),
        UseTree::Group(group) => {
            for tree in &group.items {
                flatten(tree, before, into);
            }
        }
    }
}

fn defined(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

/// Every path that a module writes.
#[derive(Default)]
struct Paths(Vec<Names>);

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_use(&mut self, import: &'ast syn::ItemUse) {
        let mut uses = Vec::new();
        flatten(&import.tree, &mut Vec::new(), &mut uses);
        self.0.extend(uses.into_iter().map(|(path, _)| path));
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.0.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        syn::visit::visit_path(self, path);
    }

    /// `pub(super)` says who may use a thing and uses nothing.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.tokens(call.tokens.clone());
    }
}

impl Paths {
    /// The paths inside a macro's arguments, which are no Rust yet.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Names = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.0.push(std::mem::take(&mut path));
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => {
                    self.tokens(group.stream());
                    colons = 0;
                }
                _ => colons = 0,
            }
        }
        self.0.push(path);
    }
}
