//! Reads the exported interface out of the built library.

use anyhow::{Context, Result};
use camino::Utf8Path;
use uniffi_bindgen::{BindgenLoader, BindgenPaths, ComponentInterface, GlobalConfig};

/// The interface of the phone core, as `library` carries it.
pub fn read(library: &Utf8Path) -> Result<ComponentInterface> {
    let loader = BindgenLoader::new(BindgenPaths::default(), GlobalConfig::default());
    let metadata = loader
        .load_metadata(library)
        .with_context(|| format!("{library} carries no interface: is it stripped?"))?;
    let mut components = loader.load_cis(metadata)?;
    components.pop().with_context(|| format!("{library} exports nothing"))
}
