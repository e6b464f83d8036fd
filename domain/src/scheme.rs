//! The registry of schemes: the networks and brands a store accepts and a method can ride on.
//!
//! It is the data file `domain/data/schemes.json`; adding a scheme is adding a line there. How the
//! codes that stores print name a scheme is not known here: `signs/data/networks.csv` says it.

use std::{borrow::Cow, collections::HashMap, fmt, sync::LazyLock};

use foldhash::fast::FixedState;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, Visitor},
};

/// How a payment is done at the till.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The phone is held to the till (NFC).
    Contactless,
    /// The phone scans the store's code.
    Scan,
    /// The store scans the phone's code.
    Code,
}

impl Channel {
    /// Every channel, in the order of the definition.
    pub const ALL: [Self; 3] = [Self::Contactless, Self::Scan, Self::Code];
}

/// The short name of a scheme: 1 to 32 of `a-z`, `0-9`, `_`. It need not be in the registry of
/// this build: a server may know newer ones.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemeId(Cow<'static, str>);

/// A scheme id that is empty, too long or has other characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a scheme id is 1 to 32 of a-z, 0-9 and _")]
pub struct SchemeIdError;

impl SchemeId {
    /// Checks and keeps `id`; ids of the registry cost no allocation.
    ///
    /// # Errors
    /// [`SchemeIdError`].
    pub fn new(id: &str) -> Result<Self, SchemeIdError> {
        if let Some(known) = find(id) {
            return Ok(known.id.clone());
        }
        let valid = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if (1..=32).contains(&id.len()) && id.bytes().all(valid) {
            Ok(Self(Cow::Owned(id.to_owned())))
        } else {
            Err(SchemeIdError)
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What people call it; the id itself when this build does not know the scheme.
    pub fn name(&self) -> &str {
        find(self.as_str()).map_or(self.as_str(), |scheme| scheme.name.as_str())
    }
}

impl Serialize for SchemeId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// By hand because a derived one would allocate for every claim of every store read.
impl<'de> Deserialize<'de> for SchemeId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = SchemeId;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a scheme id")
            }

            fn visit_str<E: de::Error>(self, id: &str) -> Result<SchemeId, E> {
                SchemeId::new(id).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

impl fmt::Display for SchemeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One line of the registry.
#[derive(Debug)]
pub struct Scheme {
    /// Its short name.
    pub id: SchemeId,
    /// What people call it.
    pub name: String,
    /// How widely it is taken.
    pub reach: Reach,
    /// The channels it exists on.
    pub channels: Vec<Channel>,
    /// OpenStreetMap keys that speak of this scheme alone.
    pub osm: Vec<String>,
    /// Keys of a group whose `yes` covers this scheme.
    pub osm_yes: Vec<String>,
    /// Keys of a group whose `no` covers this scheme.
    pub osm_no: Vec<String>,
    /// How a member registers a method that rides on it, by language (ISO 639-1).
    pub register: Register,
}

/// How widely a scheme is taken: what is said of it ages by that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// The cards of the world.
    Mainstream,
    /// One country's, or a few countries'.
    National,
    /// Few stores', wherever they are: local money, coins.
    Fringe,
}

/// How to register, in the languages the apps speak.
#[derive(Debug, Deserialize)]
pub struct Register {
    /// English.
    pub en: String,
    /// Japanese.
    pub ja: String,
}

/// The registry in the order of its file.
pub fn all() -> &'static [Scheme] {
    &REGISTRY.schemes
}

/// The scheme with this id, if this build knows it.
pub fn find(id: &str) -> Option<&'static Scheme> {
    REGISTRY.by_id.get(id).and_then(|&index| REGISTRY.schemes.get(index))
}

struct Registry {
    schemes: Vec<Scheme>,
    /// A quick hash serves, since the keys are fixed: a chain of equal hashes cannot be made.
    by_id: HashMap<&'static str, usize, FixedState>,
}

static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Line {
        id: &'static str,
        name: String,
        reach: Reach,
        channels: Vec<Channel>,
        osm: Vec<String>,
        osm_yes: Vec<String>,
        osm_no: Vec<String>,
        register: Register,
    }
    let lines: Vec<Line> = serde_json::from_slice(include_bytes!("../data/schemes.json"))
        .expect("the registry is part of the program and a test reads it");
    let by_id = lines.iter().enumerate().map(|(index, line)| (line.id, index)).collect();
    let schemes = lines
        .into_iter()
        .map(|line| Scheme {
            id: SchemeId(Cow::Borrowed(line.id)),
            name: line.name,
            reach: line.reach,
            channels: line.channels,
            osm: line.osm,
            osm_yes: line.osm_yes,
            osm_no: line.osm_no,
            register: line.register,
        })
        .collect();
    Registry { schemes, by_id }
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registry_reads_and_names_every_scheme_once() {
        assert_eq!(REGISTRY.by_id.len(), all().len());
        for scheme in all() {
            assert_eq!(SchemeId::new(scheme.id.as_str()).as_ref(), Ok(&scheme.id));
            assert!(!scheme.channels.is_empty(), "{} has no channel", scheme.id);
            assert!(!scheme.register.en.is_empty() && !scheme.register.ja.is_empty());
        }
    }

    #[test]
    fn a_scheme_of_a_newer_server_is_kept_and_a_malformed_one_refused() {
        assert_eq!(SchemeId::new("moon_pay").unwrap().name(), "moon_pay");
        assert_eq!(SchemeId::new("Moon Pay"), Err(SchemeIdError));
        assert_eq!(SchemeId::new(""), Err(SchemeIdError));
    }
}
