//! How many functions there are, and how long.

use serde::Serialize;
use syn::{Block, spanned::Spanned as _, visit::Visit};

use super::sources::{Crate, only_for_tests};

/// The functions outside tests.
#[derive(Debug, Serialize)]
pub struct Functions {
    pub count: usize,
    /// From the signature to the closing brace, both counted.
    pub median_lines: usize,
}

/// Counts the functions of `crates` that have a body.
pub fn count(crates: &[Crate]) -> Functions {
    let mut lengths = Lengths::default();
    for item in crates.iter().flat_map(|one| &one.modules).flat_map(|module| &module.items) {
        lengths.visit_item(item);
    }
    let mut lengths = lengths.0;
    lengths.sort_unstable();
    let median_lines = lengths.get(lengths.len() / 2).copied().unwrap_or(0);
    Functions { count: lengths.len(), median_lines }
}

#[derive(Default)]
struct Lengths(Vec<usize>);

impl Lengths {
    fn add(&mut self, signature: &syn::Signature, body: &Block) {
        let first = signature.span().start().line;
        self.0.push(body.span().end().line + 1 - first);
    }
}

impl<'ast> Visit<'ast> for Lengths {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !only_for_tests(item) {
            syn::visit::visit_item(self, item);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.add(&function.sig, &function.block);
        syn::visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.add(&function.sig, &function.block);
        syn::visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(body) = &function.default {
            self.add(&function.sig, body);
        }
        syn::visit::visit_trait_item_fn(self, function);
    }
}
