//! What happened at a till, and what proves that the phone was there.
//!
//! Both are read by the fields of all kinds at once: what is derived for an enum told apart by a field keeps
//! everything it reads in between, 11 KB of a phone's library for these two.

use serde::{Deserialize, Deserializer, Serialize};

use crate::{Channel, SchemeId};

/// What happened at the till.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", try_from = "ReportedFields")]
pub enum Reported {
    /// It was paid so, or they take it.
    Worked {
        /// The network or brand.
        scheme: SchemeId,
        /// How it is done at the till.
        channel: Channel,
    },
    /// They do not take it. What an operator declines is no such thing.
    Refused {
        /// The network or brand.
        scheme: SchemeId,
        /// How it is done at the till.
        channel: Channel,
    },
    /// They take cash alone.
    CashOnly {},
    /// A code that hangs on the counter names it, for the channel `scan`.
    Code {
        /// The network or brand.
        scheme: SchemeId,
    },
}

/// What proves that the phone was there.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", try_from = "PresenceFields")]
pub enum Presence {
    /// The text of the store's own code, which was scanned there.
    StoreCode {
        /// As scanned.
        text: String,
    },
    /// The rotating id of its terminal, which was heard there.
    Rotating {
        /// 8 bytes in hexadecimal.
        id: String,
    },
}

/// The fields are not those of the kind.
const OF_ANOTHER_KIND: &str = "a field is missing, or belongs to another kind";

/// A field that is there has a value: `null` is none.
fn there<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// A [`Reported`] as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportedFields {
    kind: ReportedKind,
    #[serde(default, deserialize_with = "there")]
    scheme: Option<SchemeId>,
    #[serde(default, deserialize_with = "there")]
    channel: Option<Channel>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ReportedKind {
    Worked,
    Refused,
    CashOnly,
    Code,
}

impl TryFrom<ReportedFields> for Reported {
    type Error = &'static str;

    fn try_from(fields: ReportedFields) -> Result<Self, Self::Error> {
        use ReportedKind::{CashOnly, Code, Refused, Worked};
        match (fields.kind, fields.scheme, fields.channel) {
            (Worked, Some(scheme), Some(channel)) => Ok(Self::Worked { scheme, channel }),
            (Refused, Some(scheme), Some(channel)) => Ok(Self::Refused { scheme, channel }),
            (CashOnly, None, None) => Ok(Self::CashOnly {}),
            (Code, Some(scheme), None) => Ok(Self::Code { scheme }),
            _ => Err(OF_ANOTHER_KIND),
        }
    }
}

/// A [`Presence`] as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PresenceFields {
    kind: PresenceKind,
    #[serde(default, deserialize_with = "there")]
    text: Option<String>,
    #[serde(default, deserialize_with = "there")]
    id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum PresenceKind {
    StoreCode,
    Rotating,
}

impl TryFrom<PresenceFields> for Presence {
    type Error = &'static str;

    fn try_from(fields: PresenceFields) -> Result<Self, Self::Error> {
        match (fields.kind, fields.text, fields.id) {
            (PresenceKind::StoreCode, Some(text), None) => Ok(Self::StoreCode { text }),
            (PresenceKind::Rotating, None, Some(id)) => Ok(Self::Rotating { id }),
            _ => Err(OF_ANOTHER_KIND),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Presence, Reported};

    #[test]
    fn what_is_written_is_read_and_a_field_of_another_kind_is_refused() {
        for written in [
            r#"{"kind":"worked","scheme":"visa","channel":"contactless"}"#,
            r#"{"kind":"refused","scheme":"alipay","channel":"scan"}"#,
            r#"{"kind":"cash_only"}"#,
            r#"{"kind":"code","scheme":"alipay"}"#,
        ] {
            let said: Reported = serde_json::from_str(written).unwrap();
            assert_eq!(serde_json::to_string(&said).unwrap(), written);
        }
        for wrong in [
            r#"{"kind":"worked","scheme":"visa"}"#,
            r#"{"kind":"cash_only","scheme":"visa"}"#,
            r#"{"kind":"cash_only","scheme":null}"#,
            r#"{"kind":"code","scheme":"visa","channel":"scan"}"#,
            r#"{"kind":"code","scheme":"visa","store":1}"#,
            r#"{"kind":"other"}"#,
            r#"{"scheme":"visa"}"#,
        ] {
            assert!(serde_json::from_str::<Reported>(wrong).is_err(), "{wrong}");
        }
        for written in [r#"{"kind":"store_code","text":"a"}"#, r#"{"kind":"rotating","id":"b"}"#] {
            let presence: Presence = serde_json::from_str(written).unwrap();
            assert_eq!(serde_json::to_string(&presence).unwrap(), written);
        }
        for wrong in [
            r#"{"kind":"rotating","text":"a"}"#,
            r#"{"kind":"rotating","id":"b","text":null}"#,
            r#"{"kind":"store_code"}"#,
        ] {
            assert!(serde_json::from_str::<Presence>(wrong).is_err(), "{wrong}");
        }
    }
}
