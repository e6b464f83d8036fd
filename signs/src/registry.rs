//! The table of `data/networks.csv`: which scheme a mark in a sign stands for.

use std::sync::LazyLock;

/// The table, which says in its head what its columns are.
pub(crate) static REGISTRY: LazyLock<Registry> = LazyLock::new(|| Registry::read(TEXT));

const TEXT: &str = include_str!("../data/networks.csv");

/// The lines by kind.
#[derive(Default)]
pub(crate) struct Registry {
    /// First and last tag, network.
    pub by_tag: Vec<(u8, u8, &'static str)>,
    /// GUID in capital letters, and the network; `None` marks a record that is no network. Shorter
    /// GUIDs stand first.
    by_guid: Vec<(&'static str, Option<&'static str>)>,
    /// GUID in capital letters, a `*` at its end for any that begins so; and the national system.
    pub systems: Vec<(&'static str, &'static str)>,
    /// Network, and its scheme id if it is a scheme of its own.
    pub schemes: Vec<(&'static str, Option<&'static str>)>,
    /// Host of payment links, and its scheme id.
    pub hosts: Vec<(&'static str, &'static str)>,
    /// Beginning of the links of one app, and its scheme id.
    pub apps: Vec<(&'static str, &'static str)>,
}

impl Registry {
    /// A malformed line is left out; a test reads the file without that mercy.
    fn read(text: &'static str) -> Self {
        let mut registry = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let _ = registry.add(line);
        }
        registry
    }

    /// The network of a GUID in any case, `None` for a record that is no network; the outer `None`
    /// for a GUID that the table does not have.
    pub fn network_of(&self, guid: &str) -> Option<Option<&'static str>> {
        let from = self.by_guid.partition_point(|(known, _)| known.len() < guid.len());
        let as_long =
            self.by_guid.iter().skip(from).take_while(|(known, _)| known.len() == guid.len());
        let mut networks = as_long.filter(|(known, _)| known.eq_ignore_ascii_case(guid));
        networks.next().map(|(_, network)| *network)
    }

    fn add(&mut self, line: &'static str) -> Option<()> {
        let mut columns = line.splitn(5, ',');
        let (kind, key) = (columns.next()?, columns.next()?);
        let said = |text: &'static str| (!text.is_empty()).then_some(text);
        let (network, scheme, _) = (columns.next()?, columns.next()?, columns.next()?);
        match kind {
            "tag" => {
                let (first, last) = key.split_once('-')?;
                self.by_tag.push((first.parse().ok()?, last.parse().ok()?, said(network)?));
            }
            "guid" => {
                let guid = said(key)?;
                // The shortest first; of equal length as the table has them.
                let longer = |(known, _): &(&str, _)| known.len() <= guid.len();
                self.by_guid.insert(self.by_guid.partition_point(longer), (guid, said(network)));
            }
            "network" => {}
            "system" => self.systems.push((said(key)?, said(network)?)),
            "host" => self.hosts.push((said(key)?, said(scheme)?)),
            "app" => self.apps.push((said(key)?, said(scheme)?)),
            _ => return None,
        }
        if let ("tag" | "guid" | "network", Some(network)) = (kind, said(network)) {
            self.schemes.push((network, said(scheme)));
        }
        Some(())
    }
}

/// The scheme ids that printed codes and links can name, each once. The bits of store codes have
/// names of their own, [`crate::store_code::SCHEMES`]. A register of schemes must know them all.
pub fn schemes() -> impl Iterator<Item = &'static str> {
    let registry = &*REGISTRY;
    let networks = registry.schemes.iter().filter_map(|(_, scheme)| *scheme);
    let links = registry.hosts.iter().chain(&registry.apps).map(|(_, scheme)| *scheme);
    let named: std::collections::BTreeSet<_> = networks.chain(links).collect();
    named.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read_and_no_identifier_stands_twice() {
        let mut registry = Registry::default();
        for line in TEXT.lines() {
            assert!(line.starts_with('#') || registry.add(line).is_some(), "{line}");
        }
        let systems = registry.systems.iter().map(|(guid, _)| *guid);
        let mut guids: Vec<_> = registry.by_guid.iter().map(|(guid, _)| *guid).collect();
        guids.extend(systems);
        let lines = guids.len();
        guids.sort_unstable();
        guids.dedup();
        assert_eq!(guids.len(), lines);
        assert!(guids.iter().all(|guid| guid.to_uppercase() == *guid));
        assert!(guids.len() > 40 && registry.by_tag.len() == 6);
    }
}
