//! The keys that credentials are evaluated with, one a week, and the proof that a report is of a credential.

use std::path::Path;

use domain::{
    Week,
    wire::{EvaluatedCredential, ReportRequest},
};
use rand_core_06::OsRng;
use server_kit::{hex, secret};
use subtle::ConstantTimeEq;
use voprf::{BlindedElement, Group, Ristretto255, VoprfServer};

/// Makes the key of each week from one secret of this server.
pub struct ReportKeys {
    seed: [u8; 32],
}

/// The length of a secret, a public key, an element of the group and a proof of a report, bytes.
const LENGTH: usize = 32;

impl ReportKeys {
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
        let keys = ReportKeys { seed: [3; 32] };
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
        assert_eq!(ReportKeys { seed: [4; 32] }.genuine(&request), None);
    }

    #[test]
    fn what_is_no_element_of_the_group_is_not_evaluated() {
        let keys = ReportKeys { seed: [3; 32] };
        let zero = "00".repeat(32);
        for blinded in ["", "zz", &zero, &"ff".repeat(32), &"00".repeat(33)] {
            assert_eq!(keys.evaluate(week("2026-W48"), blinded), None, "{blinded:?}");
        }
    }
}
