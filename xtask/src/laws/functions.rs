//! How long the functions are: from the signature to the closing brace, all with a body.

use anyhow::{Context, Result};
use serde::Serialize;
use syn::{
    Block, ImplItemFn, ItemFn, Signature, TraitItemFn,
    spanned::Spanned as _,
    visit::{self, Visit},
};

use super::sources::Sources;

/// How many there are, and the length of the one in the middle.
#[derive(Debug, PartialEq, Serialize)]
pub struct Functions {
    pub count: usize,
    pub median_lines: usize,
}

/// Measures every function of every Rust file, tests among them.
///
/// # Errors
/// When a file is no Rust.
pub fn measure(sources: &Sources) -> Result<Functions> {
    let mut lengths = Lengths(Vec::new());
    for (path, text) in sources.iter().filter(|(path, _)| path.ends_with(".rs")) {
        lengths.visit_file(&syn::parse_file(text).with_context(|| path.clone())?);
    }
    let Lengths(mut lengths) = lengths;
    lengths.sort_unstable();
    let median_lines = lengths.get(lengths.len() / 2).copied().unwrap_or(0);
    Ok(Functions { count: lengths.len(), median_lines })
}

struct Lengths(Vec<usize>);

impl Lengths {
    fn add(&mut self, signature: &Signature, block: &Block) {
        let (start, end) = (signature.span().start().line, block.span().end().line);
        self.0.push(end + 1 - start);
    }
}

impl<'ast> Visit<'ast> for Lengths {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, method: &'ast ImplItemFn) {
        self.add(&method.sig, &method.block);
        visit::visit_impl_item_fn(self, method);
    }

    fn visit_trait_item_fn(&mut self, method: &'ast TraitItemFn) {
        if let Some(block) = &method.default {
            self.add(&method.sig, block);
        }
        visit::visit_trait_item_fn(self, method);
    }
}
