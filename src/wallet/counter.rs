//! What a code on a counter teaches: that this store takes the schemes it names, where the position that the register
//! signed and the judgement agree on where the phone is.

use domain::{Acceptance, Channel, SchemeId, Source, Store, Timestamp, wire::Presence};

use super::{parts::Parts, reporting::chance};
use crate::{
    entry::{CodePlace, State},
    reports::Seen,
};

/// What others know and is younger is not told again.
const KNOWN_FOR_MS: i64 = 90 * 86_400_000;

impl Parts {
    /// Learns from the code that was scanned last, once; it is told later as reports are.
    pub(super) fn learn_from_code(&self) {
        let now = self.now();
        let Some((store, schemes)) = self.on_the_counter(now) else { return };
        let server_now = self.answers.server_now(now);
        let known = self.member.known();
        let schemes = known.reports.new_on_counter(store.id, schemes, server_now);
        if schemes.is_empty() {
            return;
        }
        let presence = self.code.scanned_at(store.id, now);
        let presence = presence.map(|text| Presence::StoreCode { text });
        // What the vault does not keep is known until the app ends.
        let _ = self.member.change_reports(|reports| {
            for scheme in &schemes {
                let seen = Seen {
                    store: store.id,
                    scheme: scheme.clone(),
                    presence: presence.clone(),
                    tells: !is_known(&store, scheme, server_now),
                };
                reports.learn_from_code(seen, server_now, chance());
            }
        });
    }

    /// The store whose counter the code scanned last hangs on, beyond doubt, and the schemes that it names.
    fn on_the_counter(&self, now: Timestamp) -> Option<(Store, Vec<SchemeId>)> {
        let scanned = self.code.at(now)?;
        let schemes = scanned.counter_schemes();
        if schemes.is_empty() {
            return None;
        }
        let judgement = self.judge.judgement();
        let State::Here { key } = judgement.state else { return None };
        let store = self.stores.by_key(key)?;
        let is_doubtful = judgement.alarm.is_some()
            || !self.judge.is_at(store.position)
            || !scanned.note(CodePlace::Unknown, std::iter::once(&*store)).warnings.is_empty();
        (!is_doubtful).then(|| ((*store).clone(), schemes))
    }
}

/// Whether everyone knows it from a source that is trusted as much.
fn is_known(store: &Store, scheme: &SchemeId, now: Timestamp) -> bool {
    store.accepted.claim(scheme, Channel::Scan).is_some_and(|claim| {
        claim.acceptance == Acceptance::Accepted
            && claim.source <= Source::Code
            && (claim.source == Source::Store || now.millis_since(claim.as_of) < KNOWN_FOR_MS)
    })
}
