//! The operators of this server, by name.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::{Context, ensure};
use ledger::OperatorName;
use secrecy::SecretString;

use super::http::{Answer, Operator};
use crate::methods::Backing;

/// What the server needs to know of an operator.
#[derive(Clone)]
pub struct OperatorConfig {
    /// Its name in the ledger, in its day files and for members: 1 to 32 of `a-z`, `0-9` and `-`.
    pub name: String,
    /// Its server, for instance `http://127.0.0.1:8081`.
    pub url: String,
    /// The key it gave to this wallet company.
    pub api_key: SecretString,
}

/// All operators. Cheap to clone.
#[derive(Clone)]
pub struct Operators(Arc<BTreeMap<String, Operator>>);

/// Why it is not clear which operator somebody means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unclear {
    /// There are several and none was named.
    NotNamed,
    /// There is none of this name.
    Unknown,
}

impl Operators {
    /// Clients for all of `configured`.
    ///
    /// # Errors
    /// When there is none, one is named twice, or a name, an address or a key cannot be used.
    pub fn new(configured: Vec<OperatorConfig>) -> anyhow::Result<Self> {
        ensure!(!configured.is_empty(), "no settlement operator is named");
        let mut named = BTreeMap::new();
        for OperatorConfig { name, url, api_key } in configured {
            OperatorName::new(&name).with_context(|| {
                format!("{name:?} is no operator's name: 1 to 32 of a-z, 0-9 and -")
            })?;
            let operator = Operator::new(&url, api_key).with_context(|| format!("operator {name}"));
            let before = named.insert(name.clone(), operator?);
            ensure!(before.is_none(), "the operator {name} is named twice");
        }
        Ok(Self(named.into()))
    }

    /// The operator of this name.
    pub fn get(&self, name: &str) -> Option<&Operator> {
        self.0.get(name)
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The operator that is `wanted`, and its name; without a name the only one there is.
    ///
    /// # Errors
    /// [`Unclear`].
    pub fn chosen(&self, wanted: Option<&str>) -> Result<(&str, &Operator), Unclear> {
        let found = match wanted {
            Some(name) => self.0.get_key_value(name).ok_or(Unclear::Unknown)?,
            None if self.0.len() > 1 => return Err(Unclear::NotNamed),
            None => self.0.first_key_value().ok_or(Unclear::Unknown)?,
        };
        Ok((found.0.as_str(), found.1))
    }

    /// From now on nothing opens the account or card to its member; known when it is so.
    pub async fn unlink(&self, backing: &Backing) -> Answer<()> {
        let Some((name, grant)) = backing.operator().zip(backing.grant()) else {
            return Answer::Gone;
        };
        match self.get(name) {
            Some(operator) => operator.unlink(grant).await,
            None => Answer::Down,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operators(named: &[(&str, &str)]) -> anyhow::Result<Operators> {
        let config = |(name, url): &(&str, &str)| OperatorConfig {
            name: (*name).to_owned(),
            url: (*url).to_owned(),
            api_key: "key".into(),
        };
        Operators::new(named.iter().map(config).collect())
    }

    fn refusal(named: &[(&str, &str)]) -> String {
        format!("{:#}", operators(named).err().expect("it was taken"))
    }

    #[test]
    fn an_operator_is_named_once_and_by_a_name_that_the_ledger_takes() {
        let url = "http://127.0.0.1:9";
        assert!(refusal(&[]).contains("no settlement operator"));
        assert!(refusal(&[("a", url), ("b", url), ("a", url)]).contains("a is named twice"));
        for wrong in ["", "A", "a_b", "a:b", "a%", &"a".repeat(33)] {
            assert!(refusal(&[(wrong, url)]).contains("no operator's name"), "{wrong}");
        }
        assert!(refusal(&[("a", url), ("b", "ftp://x")]).contains("operator b"));
    }

    #[test]
    fn without_a_name_the_only_operator_is_meant_and_never_one_of_several() {
        let url = "http://127.0.0.1:9";
        let name = |operators: &Operators, wanted: Option<&str>| {
            operators.chosen(wanted).map(|(name, _)| name.to_owned())
        };
        let one = operators(&[("a", url)]).unwrap();
        assert_eq!(name(&one, None).as_deref(), Ok("a"));
        assert_eq!(name(&one, Some("b")), Err(Unclear::Unknown));
        let two = operators(&[("a", url), ("b", url)]).unwrap();
        assert_eq!(name(&two, None), Err(Unclear::NotNamed));
        assert_eq!(name(&two, Some("b")).as_deref(), Ok("b"));
        assert_eq!(two.names().collect::<Vec<_>>(), ["a", "b"]);
    }
}
