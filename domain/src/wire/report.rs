//! What a phone reports of a store, without saying whose phone it is.
//!
//! Once a week the phone draws a secret, and the server evaluates it blindly (VOPRF over ristretto255 with
//! SHA-512, RFC 9497): it counts that this member was given a credential, and never sees the secret. A report
//! shows the secret and, by a MAC that is keyed with the evaluation, that a member holds it.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::{Presence, Reported};
use crate::{Channel, StoreId, Timestamp, Week};

/// Where the keys of this week and of weeks to come are served, signed by the root key.
pub const REPORT_KEY_PATH: &str = "/v1/report-key";

/// How long after its Sunday reports of a week are taken, ms: a phone sends them up to a day after, and may have no
/// connection for another.
pub const REPORTS_LAST_MS: i64 = 2 * 86_400_000;

/// The most reports taken of one credential a day.
pub const REPORTS_A_DAY: i64 = 5;

/// The key that credentials of a week are evaluated with: the same for everyone who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportKey {
    /// The present week.
    pub week: Week,
    /// The public key, 32 bytes in hexadecimal.
    pub public_key: String,
}

/// The keys of this week and of weeks to come: one list for all members, since whoever had a key of their own could be
/// known by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportKeys {
    /// The earliest week first.
    pub keys: Vec<ReportKey>,
}

impl ReportKeys {
    /// The key of a week; `None` where the list has none, or more than one.
    pub fn of(&self, week: Week) -> Option<&ReportKey> {
        let mut found = self.keys.iter().filter(|key| key.week == week);
        let key = found.next()?;
        found.next().is_none().then_some(key)
    }
}

/// Asks for the credential of a week. The same again is answered again; another one of the week is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CredentialRequest {
    /// The present week.
    pub week: Week,
    /// The blinded secret, 32 bytes in hexadecimal.
    pub blinded: String,
}

/// The blinded secret, evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvaluatedCredential {
    /// 32 bytes in hexadecimal.
    pub evaluated: String,
    /// That the week's key did it: 64 bytes in hexadecimal.
    pub proof: String,
}

/// One report: no time but the week, no amount, no position, no member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The store.
    pub store: StoreId,
    /// The week in which it happened, that of the credential.
    pub week: Week,
    /// What happened.
    pub said: Reported,
}

impl Report {
    /// That whoever holds the `evaluation` of a credential's secret says this.
    pub fn proof(&self, evaluation: &[u8; 64]) -> [u8; 32] {
        let (kind, pair) = match &self.said {
            Reported::Worked { scheme, channel } => ("worked", Some((scheme, channel))),
            Reported::Refused { scheme, channel } => ("refused", Some((scheme, channel))),
            Reported::CashOnly {} => ("cash_only", None),
            Reported::Code { scheme } => ("code", Some((scheme, &Channel::Scan))),
        };
        let pair = pair.map_or_else(String::new, |(scheme, channel)| {
            let channel = match channel {
                Channel::Contactless => "contactless",
                Channel::Scan => "scan",
                Channel::Code => "code",
            };
            format!(" {scheme} {channel}")
        });
        let message = format!("{} {} {kind}{pair}", self.store, self.week);
        let mut mac = Hmac::<Sha256>::new(&(*evaluation).into());
        mac.update(b"tillsight report ");
        mac.update(message.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

/// A report with what entitles to it, sent by nobody in particular.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportRequest {
    /// The report.
    pub report: Report,
    /// The secret of the week's credential, 32 bytes in hexadecimal.
    pub secret: String,
    /// [`Report::proof`], 32 bytes in hexadecimal.
    pub proof: String,
    /// That the phone was there; without it a report counts three tenths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence: Option<Presence>,
}

/// Leaves out what only its holder knows.
impl fmt::Debug for ReportRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReportRequest").field("report", &self.report).finish_non_exhaustive()
    }
}

impl Week {
    /// From when on no report of this week is taken.
    pub const fn reports_close(self) -> Timestamp {
        Timestamp(self.ends().0 + REPORTS_LAST_MS)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::SchemeId;

    #[test]
    fn the_proof_of_a_report_holds_for_nothing_else() {
        let visa = || SchemeId::new("visa").unwrap();
        let report = |store, week: &str, said| Report {
            store: StoreId(Uuid::from_u128(store)),
            week: week.parse().unwrap(),
            said,
        };
        let tap = Channel::Contactless;
        let others = [
            report(1, "2026-W48", Reported::Worked { scheme: visa(), channel: tap }),
            report(2, "2026-W48", Reported::Worked { scheme: visa(), channel: tap }),
            report(1, "2026-W47", Reported::Worked { scheme: visa(), channel: tap }),
            report(1, "2026-W48", Reported::Refused { scheme: visa(), channel: tap }),
            report(1, "2026-W48", Reported::Worked { scheme: visa(), channel: Channel::Code }),
            report(1, "2026-W48", Reported::CashOnly {}),
            report(1, "2026-W48", Reported::Worked { scheme: visa(), channel: Channel::Scan }),
            report(1, "2026-W48", Reported::Code { scheme: visa() }),
        ];
        for (at, one) in others.iter().enumerate() {
            for (also_at, other) in others.iter().enumerate() {
                let same = one.proof(&[7; 64]) == other.proof(&[7; 64]);
                assert_eq!(same, at == also_at, "{one:?} {other:?}");
            }
        }
        assert_ne!(others[0].proof(&[7; 64]), others[0].proof(&[8; 64]));
    }
}
