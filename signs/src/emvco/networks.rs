//! Which network an account belongs to: the table of tags and GUIDs in `data/networks.csv`, and the
//! rules of countries whose codes have no GUID of their own.

use std::sync::LazyLock;

use super::Tag;

/// `data/networks.csv`, which says what its columns are.
static TABLE: LazyLock<Table> =
    LazyLock::new(|| Table::read(include_str!("../../data/networks.csv")));

#[derive(Default)]
struct Table {
    /// First and last tag, network.
    by_tag: Vec<(u8, u8, &'static str)>,
    /// GUID in capital letters, and the network; `None` marks a record that is no network.
    by_guid: Vec<(&'static str, Option<&'static str>)>,
    /// Network, and its scheme id if it is a scheme of its own.
    schemes: Vec<(&'static str, Option<&'static str>)>,
}

impl Table {
    /// A line that is none is left out; a test reads the file without that mercy.
    fn read(text: &'static str) -> Self {
        let mut table = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let _ = table.add(line);
        }
        table
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
            "guid" => self.by_guid.push((said(key)?, said(network))),
            "network" => {}
            _ => return None,
        }
        if let Some(network) = said(network) {
            self.schemes.push((network, said(scheme)));
        }
        Some(())
    }
}

/// LankaQR: network 1, bank 4, sub-acquirer 3, merchant 16, terminal 4.
const LANKAQR_LEN: usize = 28;

/// The network of a primitive account object. India gives objects that EMVCo reserves a meaning of
/// its own: RuPay, and a bank code (IFSC) with an account.
pub(super) fn of_tag(tag: Tag, country: Option<&str>) -> Option<&'static str> {
    match (tag.0, country) {
        (6 | 7, Some("IN")) => Some("rupay"),
        (8, Some("IN")) => Some("in-account-ifsc"),
        (number, _) => TABLE
            .by_tag
            .iter()
            .find(|(first, last, _)| (*first..=*last).contains(&number))
            .map(|(_, _, network)| *network),
    }
}

/// The network of an account template.
pub(super) fn of_guid(tag: Tag, guid: &str, country: Option<&str>) -> Option<&'static str> {
    if let Some((_, network)) =
        TABLE.by_guid.iter().find(|(known, _)| known.eq_ignore_ascii_case(guid))
    {
        return *network;
    }
    match country {
        // Bakong puts the account itself, `name@bank`, where the GUID belongs.
        _ if matches!(tag.0, 29 | 30) && guid.contains('@') => Some("khqr"),
        // Each acquirer writes its own domain, and every wallet of QRIS can pay.
        Some("ID") => Some("qris"),
        Some("LK") if is_lankaqr(guid) => Some("lankaqr"),
        _ => None,
    }
}

/// The network of an account object whose value is no template.
pub(super) fn of_opaque(value: &str, country: Option<&str>) -> Option<&'static str> {
    (country == Some("LK") && is_lankaqr(value)).then_some("lankaqr")
}

fn is_lankaqr(value: &str) -> bool {
    value.len() == LANKAQR_LEN && value.bytes().all(|digit| digit.is_ascii_digit())
}

/// The scheme id of a network, by which payment methods are matched; `None` for networks that are
/// no scheme of their own (Argentina's interoperable QR, a bank account, LankaQR, RemoPay). JPQR
/// is one, but which services its store takes stands in a register, not in the code.
pub fn scheme(network: &str) -> Option<&'static str> {
    TABLE.schemes.iter().find(|(known, _)| *known == network)?.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read_and_no_identifier_stands_twice() {
        let mut table = Table::default();
        for line in include_str!("../../data/networks.csv").lines() {
            assert!(line.starts_with('#') || table.add(line).is_some(), "{line}");
        }
        let mut guids: Vec<_> = table.by_guid.iter().map(|(guid, _)| *guid).collect();
        guids.sort_unstable();
        guids.dedup();
        assert_eq!(guids.len(), table.by_guid.len());
        assert!(guids.iter().all(|guid| guid.to_uppercase() == *guid));
        assert!(guids.len() > 30 && table.by_tag.len() == 6);
    }
}
