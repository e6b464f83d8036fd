//! What one item defines, and every path it names: in code, in macros and in attributes.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Attribute, ImplItem, Item, ItemUse, Macro, Meta, Path, UseTree, Visibility,
    visit::{self, Visit},
};

/// A path as written, without what stands in angle brackets.
pub type Segments = Vec<String>;

/// The names of one module.
#[derive(Default)]
pub struct Names {
    /// What it defines itself.
    pub items: BTreeSet<String>,
    /// What `use` brings in: the local name and the path.
    pub uses: Vec<(String, Segments)>,
    /// The modules and enums whose whole content `use` brings in.
    pub globs: Vec<Segments>,
    /// Paths of two segments or more in code, macros and attributes.
    pub paths: BTreeSet<Segments>,
}

impl Names {
    /// Adds what `item` defines and names. Of a child module it takes only attributes.
    pub fn collect(&mut self, item: &Item) {
        self.items.extend(defined(item));
        let mut collector = Collector { names: self };
        match item {
            Item::Mod(child) => child.attrs.iter().for_each(|each| collector.visit_attribute(each)),
            item => collector.visit_item(item),
        }
    }
}

/// The attributes above an item.
pub fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn defined(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

struct Collector<'a> {
    names: &'a mut Names,
}

impl Collector<'_> {
    fn used(&mut self, tree: &UseTree, mut path: Segments) {
        match tree {
            UseTree::Path(step) => {
                path.push(step.ident.to_string());
                self.used(&step.tree, path);
            }
            UseTree::Name(name) if name.ident == "self" => {
                let local = path.last().cloned().unwrap_or_default();
                self.names.uses.push((local, path));
            }
            UseTree::Name(name) => {
                path.push(name.ident.to_string());
                self.names.uses.push((name.ident.to_string(), path));
            }
            UseTree::Rename(renamed) => {
                if renamed.ident != "self" {
                    path.push(renamed.ident.to_string());
                }
                self.names.uses.push((renamed.rename.to_string(), path));
            }
            UseTree::Glob(_) => self.names.globs.push(path),
            UseTree::Group(group) => {
                for each in &group.items {
                    self.used(each, path.clone());
                }
            }
        }
    }

    /// Reads `a::b::c` out of what only a macro understands; a text that is a path is one too
    /// (`#[serde(with = "super::hex")]`).
    fn tokens(&mut self, tokens: TokenStream, texts: bool) {
        let mut path = Segments::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.end(&mut path);
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' && colons < 2 => colons += 1,
                other => {
                    self.end(&mut path);
                    colons = 0;
                    self.inside(other, texts);
                }
            }
        }
        self.end(&mut path);
    }

    fn inside(&mut self, token: TokenTree, texts: bool) {
        match token {
            TokenTree::Group(group) => self.tokens(group.stream(), texts),
            TokenTree::Literal(literal) if texts => {
                let text: Option<syn::LitStr> = syn::parse_str(&literal.to_string()).ok();
                if let Some(path) = text.and_then(|text| text.parse::<Path>().ok()) {
                    self.visit_path(&path);
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, path: &mut Segments) {
        let path = std::mem::take(path);
        if path.len() > 1 {
            self.names.paths.insert(path);
        }
    }
}

impl<'ast> Visit<'ast> for Collector<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !only_for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        if !matches!(item, ImplItem::Fn(method) if only_for_tests(&method.attrs)) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if item.leading_colon.is_none() {
            self.used(&item.tree, Segments::new());
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let mut segments: Segments =
            path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if path.leading_colon.is_none() {
            self.end(&mut segments);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.visit_path(&call.path);
        self.tokens(call.tokens.clone(), false);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        self.visit_path(attribute.path());
        if let Meta::List(list) = &attribute.meta {
            self.tokens(list.tokens.clone(), true);
        }
    }

    /// `pub(in crate::a)` narrows what is seen; it imports nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

/// Whether `#[cfg(test)]`, alone or among other conditions, stands above an item.
pub fn only_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let Ok(list) = attribute.meta.require_list() else { return false };
        let condition = list.tokens.to_string();
        let words = condition.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let words: Vec<&str> = words.collect();
        list.path.is_ident("cfg") && words.contains(&"test") && !words.contains(&"not")
    })
}
