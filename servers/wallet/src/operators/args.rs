//! The flags of operators.

use std::path::Path;

use anyhow::{Context, ensure};
use secrecy::SecretString;

use super::named::OperatorConfig;

/// The settlement operators.
#[derive(Clone, Debug, clap::Args)]
pub struct OperatorArgs {
    /// A settlement operator: its name in the ledger and in its day files (1 to 32 of `a-z`, `0-9`
    /// and `-`), and its server. Once for each operator.
    #[arg(
        long = "operator", env = "TILLSIGHT_OPERATORS", value_name = "NAME=URL", required = true,
        value_delimiter = ',', value_parser = named
    )]
    operators: Vec<(String, String)>,
    /// A file with the key that this operator gave. Once for each operator; never given as a flag,
    /// which others on the machine could read.
    #[arg(
        long = "operator-key-file", env = "TILLSIGHT_OPERATOR_KEY_FILES", value_name = "NAME=FILE",
        required = true, value_delimiter = ',', value_parser = named
    )]
    key_files: Vec<(String, String)>,
}

fn named(text: &str) -> Result<(String, String), String> {
    let both = text.split_once('=').filter(|(name, value)| !name.is_empty() && !value.is_empty());
    let (name, value) = both.ok_or("a name and a value are needed, with `=` between them")?;
    Ok((name.to_owned(), value.to_owned()))
}

impl OperatorArgs {
    /// The operators, each with its key.
    ///
    /// # Errors
    /// When one has no key file or two, a file is for an operator that is not named, or cannot be
    /// read.
    pub fn config(&self) -> anyhow::Result<Vec<OperatorConfig>> {
        let is_named = |name: &str| self.operators.iter().any(|(known, _)| known == name);
        for (name, _) in &self.key_files {
            ensure!(is_named(name), "a key file is for {name}: add --operator {name}=URL");
        }
        self.operators.iter().map(|(name, url)| self.one(name, url)).collect()
    }

    fn one(&self, name: &str, url: &str) -> anyhow::Result<OperatorConfig> {
        let mut files = self.key_files.iter().filter(|(of, _)| of == name);
        let (_, file) = files.next().with_context(|| {
            format!("operator {name} has no key: add --operator-key-file {name}=FILE")
        })?;
        ensure!(files.next().is_none(), "operator {name} has two key files");
        let api_key = SecretString::from(server_kit::read_key(Path::new(file))?);
        Ok(OperatorConfig { name: name.to_owned(), url: url.to_owned(), api_key })
    }
}
