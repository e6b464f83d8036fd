//! The right to report in a week: a secret that the server evaluates without seeing it (VOPRF, RFC 9497).

use base16ct::lower;
use domain::{
    Timestamp, Week,
    wire::{CredentialRequest, EvaluatedCredential, Presence, Report, ReportKey, ReportRequest},
};
use rand_core_06::OsRng;
use serde::{Deserialize, Serialize};
use voprf::{EvaluationElement, Group, Proof, Ristretto255, VoprfClient};

/// The credential of a week. Has no `Debug`: it holds secrets.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Credential {
    pub(super) week: Week,
    secret: [u8; 32],
    /// How the secret was blinded.
    blind: Vec<u8>,
    /// When it is asked for.
    pub(super) at: Timestamp,
    /// The secret's evaluation, 64 bytes, once the server gave it.
    pub(super) evaluation: Vec<u8>,
    /// The server has given another one of this week to this member.
    refused: bool,
}

impl Credential {
    /// Draws the secret of a week, to be asked for at a time; `None` without the system's randomness.
    pub fn draw(week: Week, at: Timestamp) -> Option<Self> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).ok()?;
        let blinded = VoprfClient::<Ristretto255>::blind(&secret, &mut OsRng).ok()?;
        let blind = blinded.state.serialize().to_vec();
        Some(Self { week, secret, blind, at, evaluation: Vec::new(), refused: false })
    }

    /// The week of which it is.
    pub fn week(&self) -> Week {
        self.week
    }

    /// Whether it can be reported with.
    pub fn is_whole(&self) -> bool {
        self.evaluation.len() == 64
    }

    /// When it is to be asked for, unless it is there or never will be.
    pub(super) fn asks_at(&self) -> Option<Timestamp> {
        (!self.is_whole() && !self.refused).then_some(self.at)
    }

    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        self.asks_at().is_some_and(|at| at <= now)
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        (self.week, self.secret) == (other.week, other.secret)
    }

    /// What the server is asked.
    pub fn request(&self) -> Option<CredentialRequest> {
        // The blind and the blinded element, 32 bytes each.
        let blinded = lower::encode_string(self.blind.get(32..)?);
        Some(CredentialRequest { week: self.week, blinded })
    }

    /// With the server's answer, if that was given by the key that everyone is told.
    pub fn evaluated(self, answer: &EvaluatedCredential, key: &ReportKey) -> Option<Self> {
        if key.week != self.week {
            return None;
        }
        let bytes = |text: &str| lower::decode_vec(text).ok();
        let element = EvaluationElement::deserialize(&bytes(&answer.evaluated)?).ok()?;
        let proof = Proof::deserialize(&bytes(&answer.proof)?).ok()?;
        let key = Ristretto255::deserialize_elem(&bytes(&key.public_key)?).ok()?;
        let state = VoprfClient::<Ristretto255>::deserialize(&self.blind).ok()?;
        let evaluation = state.finalize(&self.secret, &element, &proof, key).ok()?.to_vec();
        Some(Self { evaluation, ..self })
    }

    /// The server has given another one of this week to this member: on another phone.
    pub fn refused(self) -> Self {
        Self { refused: true, ..self }
    }

    /// A report with what entitles to it.
    pub fn entitle(&self, report: Report, presence: Option<Presence>) -> Option<ReportRequest> {
        let evaluation: &[u8; 64] = self.evaluation.as_slice().try_into().ok()?;
        let proof = lower::encode_string(&report.proof(evaluation));
        Some(ReportRequest { report, secret: lower::encode_string(&self.secret), proof, presence })
    }
}
