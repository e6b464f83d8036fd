//! What all stores of a wallet company's network have in common, as its server describes it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where the description is served, signed by the root key.
pub const NETWORK_PATH: &str = "/v1/network";

/// Characters of the longest name.
const LONGEST_NAME: usize = 60;
/// Octets of the longest host name (RFC 1035, section 2.3.4, without the root's).
const LONGEST_HOST: usize = 253;

/// The network of one wallet company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Described")]
pub struct Network {
    name: String,
    beacon_uuid: Uuid,
    link_host: String,
    colour: String,
}

/// Why a description is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetworkProblem {
    /// Empty, too long or with control characters.
    #[error("the network's name has 1 to 60 characters and no control characters")]
    Name,
    /// The nil UUID, which a beacon that was not set up sends.
    #[error("the proximity UUID of the beacons is nil")]
    BeaconUuid,
    /// No host name in ASCII.
    #[error("the host of links is a host name like pay.example, in ASCII, without port and path")]
    LinkHost,
    /// No colour.
    #[error("a colour is # and six hexadecimal digits")]
    Colour,
}

impl Network {
    /// The network of this name, whose beacons send `beacon_uuid`, whose links lead to `link_host` and
    /// whose sheets have this `colour` (`#rrggbb`).
    ///
    /// # Errors
    /// [`NetworkProblem`].
    pub fn new(
        name: &str,
        beacon_uuid: Uuid,
        link_host: &str,
        colour: &str,
    ) -> Result<Self, NetworkProblem> {
        let letters = name.chars().count();
        if !(1..=LONGEST_NAME).contains(&letters) || name.chars().any(char::is_control) {
            return Err(NetworkProblem::Name);
        }
        if beacon_uuid.is_nil() {
            return Err(NetworkProblem::BeaconUuid);
        }
        if !is_host(link_host) {
            return Err(NetworkProblem::LinkHost);
        }
        if !is_colour(colour) {
            return Err(NetworkProblem::Colour);
        }
        let (link_host, colour) = (link_host.to_ascii_lowercase(), colour.to_ascii_lowercase());
        Ok(Self { name: name.to_owned(), beacon_uuid, link_host, colour })
    }

    /// What members know it by.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The proximity UUID that all its beacons send: one, so that one region of iOS wakes for every
    /// store.
    pub fn beacon_uuid(&self) -> Uuid {
        self.beacon_uuid
    }

    /// The host of its store codes' links, in small letters.
    pub fn link_host(&self) -> &str {
        &self.link_host
    }

    /// The colour of its name on a sheet, `#rrggbb`.
    pub fn colour(&self) -> &str {
        &self.colour
    }
}

/// The description as it came, not yet looked at.
#[derive(Deserialize)]
struct Described {
    name: String,
    beacon_uuid: Uuid,
    link_host: String,
    colour: String,
}

impl TryFrom<Described> for Network {
    type Error = NetworkProblem;

    fn try_from(it: Described) -> Result<Self, NetworkProblem> {
        Self::new(&it.name, it.beacon_uuid, &it.link_host, &it.colour)
    }
}

fn is_host(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.len() <= LONGEST_HOST && text.split('.').all(is_label)
}

fn is_colour(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or_default();
    digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: Uuid = Uuid::from_u128(1);

    #[test]
    fn a_description_is_taken_only_if_every_part_of_it_can_be_used() {
        use NetworkProblem::{BeaconUuid, Colour, LinkHost, Name};
        let long = "a".repeat(254);
        for (name, uuid, host, colour, expected) in [
            ("Corner", UUID, "pay.corner.example", "#0A7", Some(Colour)),
            ("Corner", UUID, "pay.corner.example", "#00aa77", None),
            ("", UUID, "pay.example", "#00aa77", Some(Name)),
            ("a\u{7}", UUID, "pay.example", "#00aa77", Some(Name)),
            ("a", Uuid::nil(), "pay.example", "#00aa77", Some(BeaconUuid)),
            ("a", UUID, "", "#00aa77", Some(LinkHost)),
            ("a", UUID, "pay..example", "#00aa77", Some(LinkHost)),
            ("a", UUID, "pay.example/s", "#00aa77", Some(LinkHost)),
            ("a", UUID, &long, "#00aa77", Some(LinkHost)),
            ("a", UUID, "pay.example", "00aa77", Some(Colour)),
            ("a", UUID, "pay.example", "#00aa7\"", Some(Colour)),
        ] {
            assert_eq!(Network::new(name, uuid, host, colour).err(), expected, "{name} {host}");
        }
    }

    #[test]
    fn what_comes_as_json_is_looked_at_too() {
        let network = Network::new("Corner", UUID, "Pay.Example", "#00AA77").unwrap();
        let json = serde_json::to_string(&network).unwrap();
        assert_eq!(serde_json::from_str::<Network>(&json).unwrap(), network);
        assert_eq!((network.link_host(), network.colour()), ("pay.example", "#00aa77"));
        let foreign = json.replace("pay.example", "pay.example/x");
        assert!(serde_json::from_str::<Network>(&foreign).is_err());
    }
}
