//! Step 3: how each of the member's methods stands here. Comes in: the judgement over the stores
//! nearby, the member's methods, what a scanned code says and what the member asks. Goes out: the
//! rule's answer over the stores in question. Must not know: screens, where anything is kept.

use std::sync::Arc;

use domain::{
    Ask, Registered, Standing, Store, order,
    rule::{self, Answer, CodeSays, Question},
};

use crate::entry::{Candidate, Judgement, State, StoreKey};

/// A store the phone may be in: its record, and how the judgement sees it.
#[derive(Clone, Debug)]
pub(crate) struct StoreInQuestion {
    pub store: Arc<Store>,
    pub candidate: Candidate,
}

/// The stores of a judgement, the one to show first: the one the phone is in, or the likeliest.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stores {
    listed: Vec<StoreInQuestion>,
    in_question: usize,
    /// How likely each of those in question is it, by its key; empty when it is certain which.
    shares: Vec<(StoreKey, f64)>,
}

impl Stores {
    /// The stores of `judgement`, whose records `find` gives in the order asked. One whose record
    /// is gone is left out.
    pub fn of(
        judgement: &Judgement,
        find: impl FnOnce(&[StoreKey]) -> Vec<(StoreKey, Arc<Store>)>,
    ) -> Self {
        let mut candidates = judgement.candidates.clone();
        let (in_question, shares) = match judgement.state {
            State::Here { key } => {
                order::sort_by_key(&mut candidates, |candidate| candidate.key != key);
                (1, Vec::new())
            }
            State::Choose => {
                let keys = judgement.in_question().iter().map(|candidate| candidate.key);
                (keys.len(), keys.zip(judgement.shares()).collect())
            }
            State::Nowhere => return Self::default(),
        };
        let keys: Vec<StoreKey> = candidates.iter().map(|candidate| candidate.key).collect();
        let known = find(&keys).into_iter().filter_map(|(key, store)| {
            let candidate = candidates.iter().find(|candidate| candidate.key == key)?;
            Some(StoreInQuestion { store, candidate: *candidate })
        });
        Self { listed: known.collect(), in_question, shares }
    }

    /// All of them: those in question, then less likely ones to choose instead.
    pub fn listed(&self) -> &[StoreInQuestion] {
        &self.listed
    }

    /// Those the screen must be right for: one alone once it is certain.
    pub fn in_question(&self) -> &[StoreInQuestion] {
        self.listed.get(..self.in_question).unwrap_or(&self.listed)
    }

    /// Asks the rule about one method in each of the stores in question, as if the phone were surely there.
    pub fn judge_each(
        &self,
        registered: &Registered,
        code: Option<&CodeSays>,
        ask: &Ask,
    ) -> impl Iterator<Item = (&StoreInQuestion, Standing)> {
        let registered = std::slice::from_ref(registered);
        self.in_question().iter().filter_map(move |known| {
            let stores = [rule::StoreInQuestion::new(&known.store, 1.0)];
            let answer = rule::judge(&Question { stores: &stores, registered, code, ask });
            Some((known, answer.standings.into_iter().next()?))
        })
    }

    /// Asks the rule over the stores in question. Who asks what can be paid with is at a store.
    pub fn judge(&self, registered: &[Registered], code: Option<&CodeSays>, ask: &Ask) -> Answer {
        let stores: Vec<rule::StoreInQuestion<'_>> = self
            .in_question()
            .iter()
            .map(|known| {
                let mut shares = self.shares.iter();
                let share = shares.find(|(key, _)| *key == known.candidate.key);
                rule::StoreInQuestion::new(&known.store, share.map_or(1.0, |(_, share)| *share))
            })
            .collect();
        rule::judge(&Question { stores: &stores, registered, code, ask })
    }
}
