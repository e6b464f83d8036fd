//! The keys that credentials are evaluated with, one a week, and the proof that a report is of a credential.

use std::path::Path;

use domain::{
    Week,
    wire::{EvaluatedCredential, ReportKey, ReportKeys, ReportRequest},
};
use rand_core_06::OsRng;
use server_kit::{hex, secret};
use subtle::ConstantTimeEq;
use voprf::{BlindedElement, Group, Ristretto255, VoprfServer};

use crate::signing::Stands;

/// Makes the key of each week from one secret of this server.
pub struct WeekKeys {
    seed: [u8; 32],
}

/// Weeks whose keys are told at once: a server whose root key is kept elsewhere needs it once a month.
const WEEKS_TOLD: i64 = 13;
/// A list with fewer weeks to come is signed anew where the root key is here.
const WEEKS_LEFT: i64 = 6;

/// The length of a secret, a public key, an element of the group and a proof of a report, bytes.
const LENGTH: usize = 32;

impl WeekKeys {
    /// Reads `reports.key` of the data folder, or makes it.
    ///
    /// # Errors
    /// When it cannot be read or made, or does not hold 32 bytes in hexadecimal.
    pub fn open(data: &Path) -> anyhow::Result<Self> {
        Ok(Self { seed: secret(data, "reports.key")? })
    }

    /// The key of a week; `None` for a secret of which none can be made, which is one of 2^250.
    fn of_week(&self, week: Week) -> Option<VoprfServer<Ristretto255>> {
        VoprfServer::new_from_seed(&self.seed, format!("tillsight reports {week}").as_bytes()).ok()
    }

    /// The public key of a week, in hexadecimal.
    pub fn public_key(&self, week: Week) -> Option<String> {
        let element = self.of_week(week)?.get_public_key();
        Some(hex(&Ristretto255::serialize_elem(element)))
    }

    /// The list of the keys of this week and of those that follow it, as everyone is told it.
    pub fn list(&self, this: Week) -> Option<ReportKeys> {
        let weeks = (0..WEEKS_TOLD).map(|ahead| Week::of_number(this.number() + ahead));
        let key = |week: Week| Some(ReportKey { week, public_key: self.public_key(week)? });
        let keys: Option<Vec<ReportKey>> = weeks.map(|week| key(week?)).collect();
        keys.map(|keys| ReportKeys { keys })
    }

    /// How far a list that was signed before will do in this week.
    pub fn stands(&self, list: &ReportKeys, this: Week) -> Stands {
        let own = self.public_key(this);
        let is_own = list.of(this).is_some_and(|told| Some(&told.public_key) == own.as_ref());
        let last = list.keys.iter().map(|key| key.week.number()).max();
        match last {
            Some(last) if is_own && last - this.number() >= WEEKS_LEFT => Stands::Well,
            Some(_) if is_own => Stands::NotForLong,
            _ => Stands::Not,
        }
    }

    /// A blinded secret, evaluated with the key of a week; `None` where it is none.
    pub fn evaluate(&self, week: Week, blinded: &str) -> Option<EvaluatedCredential> {
        let blinded = BlindedElement::deserialize(&bytes::<LENGTH>(blinded)?).ok()?;
        let evaluated = self.of_week(week)?.blind_evaluate(&mut OsRng, &blinded);
        Some(EvaluatedCredential {
            evaluated: hex(&evaluated.message.serialize()),
            proof: hex(&evaluated.proof.serialize()),
        })
    }

    /// The secret of a report that its credential's holder made; `None` for any other.
    pub fn genuine(&self, request: &ReportRequest) -> Option<[u8; LENGTH]> {
        let (secret, proof) = (bytes(&request.secret)?, bytes::<LENGTH>(&request.proof)?);
        let evaluation = self.of_week(request.report.week)?.evaluate(&secret).ok()?;
        let expected = request.report.proof(&evaluation.into());
        bool::from(expected.ct_eq(&proof)).then_some(secret)
    }
}

/// The bytes of a text in lower-case hexadecimal: one text for each.
fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use domain::{
        Channel, SchemeId, StoreId,
        wire::{Report, Reported},
    };
    use voprf::{EvaluationElement, Proof, VoprfClient};

    use super::*;

    fn week(text: &str) -> Week {
        text.parse().unwrap()
    }

    #[test]
    fn a_report_is_genuine_for_the_secret_evaluated_and_the_week_of_its_key_alone() {
        let keys = WeekKeys { seed: [3; 32] };
        let (this, next) = (week("2026-W48"), week("2026-W49"));
        let blinded = VoprfClient::<Ristretto255>::blind(&[9; 32], &mut OsRng).unwrap();
        let answer = keys.evaluate(this, &hex(&blinded.message.serialize())).unwrap();
        let key = bytes::<32>(&keys.public_key(this).unwrap()).unwrap();
        let evaluated = EvaluationElement::deserialize(&bytes::<32>(&answer.evaluated).unwrap());
        let proof = Proof::deserialize(&bytes::<64>(&answer.proof).unwrap()).unwrap();
        let key = Ristretto255::deserialize_elem(&key).unwrap();
        let output = blinded.state.finalize(&[9; 32], &evaluated.unwrap(), &proof, key).unwrap();
        let visa = SchemeId::new("visa").unwrap();
        let said = Reported::Refused { scheme: visa, channel: Channel::Contactless };
        let report = Report { store: StoreId::of_record("osm", "node/1"), week: this, said };
        let proof = hex(&report.proof(&output.into()));
        let request = ReportRequest { report, secret: hex(&[9; 32]), proof, presence: None };
        assert_eq!(keys.genuine(&request), Some([9; 32]));
        let mut other = request.clone();
        other.report.week = next;
        assert_eq!(keys.genuine(&other), None);
        other = ReportRequest { secret: hex(&[8; 32]), ..request.clone() };
        assert_eq!(keys.genuine(&other), None);
        other = ReportRequest { secret: request.secret.to_uppercase(), ..request.clone() };
        assert_eq!(keys.genuine(&other).is_some(), request.secret == other.secret);
        assert_eq!(WeekKeys { seed: [4; 32] }.genuine(&request), None);
    }

    #[test]
    fn a_list_stands_while_it_tells_the_true_key_of_the_week_and_is_renewed_in_time() {
        let keys = WeekKeys { seed: [3; 32] };
        let this = week("2026-W48");
        let list = keys.list(this).unwrap();
        assert_eq!(list.keys.len(), 13);
        for (ahead, expected) in [
            (-1, Stands::Not),
            (0, Stands::Well),
            (6, Stands::Well),
            (7, Stands::NotForLong),
            (12, Stands::NotForLong),
            (13, Stands::Not),
        ] {
            let then = Week::of_number(this.number() + ahead).unwrap();
            assert_eq!(keys.stands(&list, then), expected, "{ahead} weeks later");
        }
        assert_eq!(WeekKeys { seed: [4; 32] }.stands(&list, this), Stands::Not);
        let mut twice = list.clone();
        twice.keys.extend(WeekKeys { seed: [4; 32] }.list(this).unwrap().keys);
        assert_eq!(keys.stands(&twice, this), Stands::Not, "two keys of one week");
    }

    #[test]
    fn what_is_no_element_of_the_group_is_not_evaluated() {
        let keys = WeekKeys { seed: [3; 32] };
        let zero = "00".repeat(32);
        for blinded in ["", "zz", &zero, &"ff".repeat(32), &"00".repeat(33)] {
            assert_eq!(keys.evaluate(week("2026-W48"), blinded), None, "{blinded:?}");
        }
    }
}
