//! The modules of one crate as the compiler would find them, each with what it defines and names.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use syn::{Attribute, Item, ItemMod};

use super::{
    names::{self, Names},
    sources::Sources,
};

/// One module.
#[derive(Default)]
pub struct Module {
    /// The file it stands in; several inline modules share one.
    pub file: String,
    pub parent: Option<usize>,
    pub children: BTreeMap<String, usize>,
    pub names: Names,
}

/// All modules of one crate; the first is its root.
pub struct Tree {
    pub modules: Vec<Module>,
}

impl Tree {
    /// Reads the crate whose root file is `root`; what only tests compile is left out.
    ///
    /// # Errors
    /// When a file is missing or is no Rust.
    pub fn read(sources: &Sources, root: &str) -> Result<Self> {
        let mut tree = Self { modules: Vec::new() };
        let folder = parent_folder(root);
        tree.file(sources, root, &folder, None)?;
        Ok(tree)
    }

    fn file(
        &mut self,
        sources: &Sources,
        file: &str,
        folder: &str,
        parent: Option<usize>,
    ) -> Result<usize> {
        let text = sources.get(file).with_context(|| format!("no file {file}"))?;
        let parsed = syn::parse_file(text).with_context(|| file.to_owned())?;
        let module_file = ModuleFile { sources, file, folder };
        self.module(&module_file, &parsed.items, parent)
    }

    fn module(
        &mut self,
        module_file: &ModuleFile,
        items: &[Item],
        parent: Option<usize>,
    ) -> Result<usize> {
        let index = self.modules.len();
        let mut module = Module { file: module_file.file.to_owned(), parent, ..Module::default() };
        let compiled =
            || items.iter().filter(|item| !names::only_for_tests(names::attributes(item)));
        for item in compiled() {
            module.names.collect(item);
        }
        self.modules.push(module);
        for item in compiled() {
            if let Item::Mod(child) = item {
                let made = self.child(module_file, child, index)?;
                self.modules[index].children.insert(child.ident.to_string(), made);
            }
        }
        Ok(index)
    }

    fn child(&mut self, module_file: &ModuleFile, child: &ItemMod, parent: usize) -> Result<usize> {
        let name = child.ident.to_string();
        let folder = format!("{}{name}/", module_file.folder);
        if let Some((_, items)) = &child.content {
            let inside = ModuleFile { folder: &folder, ..*module_file };
            return self.module(&inside, items, Some(parent));
        }
        if let Some(path) = path_attribute(&child.attrs) {
            let file = joined(&parent_folder(module_file.file), &path);
            return self.file(module_file.sources, &file, &parent_folder(&file), Some(parent));
        }
        let (flat, nested) =
            (format!("{}{name}.rs", module_file.folder), format!("{folder}mod.rs"));
        match [flat, nested].iter().find(|file| module_file.sources.contains_key(*file)) {
            Some(file) => self.file(module_file.sources, file, &folder, Some(parent)),
            None => bail!("{}: no file for `mod {name}`", module_file.file),
        }
    }
}

/// Where a module is being read.
#[derive(Clone, Copy)]
struct ModuleFile<'a> {
    sources: &'a Sources,
    file: &'a str,
    /// Where its children's files lie, with a `/` at the end.
    folder: &'a str,
}

fn parent_folder(file: &str) -> String {
    file.rsplit_once('/').map_or_else(String::new, |(folder, _)| format!("{folder}/"))
}

fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| {
        let value = attribute.meta.require_name_value().ok()?;
        let syn::Expr::Lit(literal) = &value.value else { return None };
        let syn::Lit::Str(text) = &literal.lit else { return None };
        value.path.is_ident("path").then(|| text.value())
    })
}
