//! What a person showed or said: a code that was read, a store that was chosen, earlier visits.

use domain::{StoreId, Timestamp};

use super::{
    code_place::{CodePlace, code_place},
    judgement::Evidence,
    nearby::{Nearby, StoreKey, StorePosition},
    position::Estimate,
    signal::{CodeRead, Proof},
};

/// A code read longer ago than this no longer says where the phone is.
const CODE_LASTS_MS: i64 = 10 * 60_000;

/// A choice holds until the phone goes away, at most this long; so long a denial holds, too.
const CHOICE_LASTS_MS: i64 = 30 * 60_000;

/// Stores of a denial that are remembered; the one denied longest ago is forgotten.
const MAX_DENIALS: usize = 16;

/// Stores whose visits count: the most anybody keeps going to, many times over.
const MAX_HABITS: usize = 256;

/// A code that was read, looked up in the cache.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    pub store: StoreId,
    pub position: Option<StorePosition>,
    pub proof: Proof,
    /// The fixes have once contradicted it: a copy, which does not become true where the phone
    /// comes by its store later.
    pub refuted: bool,
    at: Timestamp,
    touched: bool,
}

impl Code {
    /// Whether it hangs in its place, for a phone at this estimate.
    pub fn place(&self, phone: Option<Estimate>) -> CodePlace {
        code_place(self.proof, self.position.map(|store| store.position), phone)
    }

    /// Whether it names this store.
    pub fn names(&self, key: StoreKey) -> bool {
        self.position.is_some_and(|store| store.key == key)
    }

    /// How much likelier the code makes its store, as a natural logarithm. An unsigned code is
    /// shown by its store a hundred times as often as a copy hangs within walking distance of it
    /// (a copy further off is contradicted by the fixes and does not count at all); nobody but the
    /// store's neighbours can hang a signed one in its place.
    pub fn speaks(&self) -> f64 {
        match self.proof {
            Proof::Signed { .. } => 7.0,
            Proof::Unsigned => 4.6,
            Proof::Broken => 0.0,
        }
    }
}

/// The member's own choice.
#[derive(Clone, Copy, Debug)]
struct Choice {
    at: Timestamp,
    store: StoreId,
    position: StorePosition,
}

/// A store that the member said the phone is not in.
#[derive(Clone, Copy, Debug)]
struct Denial {
    at: Timestamp,
    store: StoreId,
    key: StoreKey,
}

/// A store the member was in before, and how much that speaks for it, as a natural logarithm.
#[derive(Clone, Copy, Debug)]
pub struct Habit {
    pub key: StoreKey,
    pub speaks: f64,
}

impl Habit {
    /// As often as the store was visited, but at most like seven visits, so that a habit never
    /// outweighs a beacon. Published work agrees that personal history beats the nearest store; none
    /// gives a figure.
    fn of(key: StoreKey, visits: u32) -> Self {
        Self { key, speaks: libm::log(f64::from(visits.min(7)) + 1.0) }
    }
}

/// What a person showed or said so far.
#[derive(Debug, Default)]
pub struct Signs {
    code: Option<Code>,
    choice: Option<Choice>,
    denials: Vec<Denial>,
    /// How often the member was in which stores.
    visits: Vec<(StoreId, u32)>,
    habits: Vec<Habit>,
    /// Grows with every change.
    revision: u64,
}

impl Signs {
    /// What lasts when the clock was set back: the habits.
    pub fn restarted(&mut self) -> Self {
        let (visits, habits) = (std::mem::take(&mut self.visits), std::mem::take(&mut self.habits));
        Self { visits, habits, ..Self::default() }
    }

    /// Changes with everything that the signs say.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The code read last.
    pub fn code(&self) -> Option<&Code> {
        self.code.as_ref()
    }

    /// The store that the member chose.
    pub fn chosen(&self) -> Option<StoreKey> {
        self.choice.map(|choice| choice.position.key)
    }

    /// The store that the member chose at this very instant.
    pub fn chosen_at(&self, now: Timestamp) -> Option<StoreKey> {
        self.chosen().filter(|_| self.choice.is_some_and(|choice| choice.at == now))
    }

    /// The stores that the member said the phone is not in.
    pub fn denied(&self) -> impl Iterator<Item = StoreKey> + Clone {
        self.denials.iter().map(|denial| denial.key)
    }

    /// The stores the member was in before.
    pub fn habits(&self) -> &[Habit] {
        &self.habits
    }

    /// The stores of code and choice, wherever they are.
    pub fn named(&self) -> impl Iterator<Item = StorePosition> {
        let code = self.code.and_then(|code| code.position);
        code.into_iter().chain(self.choice.map(|choice| choice.position))
    }

    /// A code was read.
    pub fn read(&mut self, now: Timestamp, code: &CodeRead, nearby: &dyn Nearby) {
        self.code = Some(Code {
            at: now,
            store: code.store,
            position: nearby.by_id(code.store),
            proof: code.proof,
            touched: code.touched,
            refuted: false,
        });
        self.revision += 1;
    }

    /// The member chose a store; one that nobody knows changes nothing.
    pub fn choose(&mut self, now: Timestamp, store: StoreId, nearby: &dyn Nearby) {
        if let Some(position) = nearby.by_id(store) {
            self.choice = Some(Choice { at: now, store, position });
            self.denials.retain(|denial| denial.store != store);
            self.revision += 1;
        }
    }

    /// The member said that the phone is not in a store; of one that nobody knows it changes nothing.
    pub fn deny(&mut self, now: Timestamp, store: StoreId, nearby: &dyn Nearby) {
        let Some(StorePosition { key, .. }) = nearby.by_id(store) else { return };
        self.choice = self.choice.filter(|choice| choice.store != store);
        self.denials.retain(|denial| denial.store != store);
        if self.denials.len() >= MAX_DENIALS {
            self.denials.remove(0);
        }
        self.denials.push(Denial { at: now, store, key });
        self.revision += 1;
    }

    /// The member's visits, instead of those before.
    pub fn visited(&mut self, visits: &[(StoreId, u32)], nearby: &dyn Nearby) {
        self.visits.clear();
        self.visits.extend(visits.iter().take(MAX_HABITS));
        self.find_habits(nearby);
    }

    fn find_habits(&mut self, nearby: &dyn Nearby) {
        let known = self.visits.iter();
        let habits =
            known.filter_map(|&(id, visits)| Some(Habit::of(nearby.by_id(id)?.key, visits)));
        self.habits.clear();
        self.habits.extend(habits);
        self.revision += 1;
    }

    /// The stores are other ones now: looks all that is named up anew.
    pub fn look_again(&mut self, nearby: &dyn Nearby) {
        if let Some(code) = &mut self.code {
            code.position = nearby.by_id(code.store);
        }
        self.choice = self.choice.and_then(|choice| {
            nearby.by_id(choice.store).map(|position| Choice { position, ..choice })
        });
        self.denials.retain_mut(|denial| {
            let found = nearby.by_id(denial.store);
            denial.key = found.map_or(denial.key, |place| place.key);
            found.is_some()
        });
        self.find_habits(nearby);
    }

    /// Forgets what is too old to say anything.
    pub fn age(&mut self, now: Timestamp) {
        if self.code.is_some_and(|code| now.millis_since(code.at) > CODE_LASTS_MS) {
            self.code = None;
            self.revision += 1;
        }
        if self.choice.is_some_and(|choice| now.millis_since(choice.at) > CHOICE_LASTS_MS) {
            self.choice = None;
            self.revision += 1;
        }
        let before = self.denials.len();
        self.denials.retain(|denial| now.millis_since(denial.at) <= CHOICE_LASTS_MS);
        self.revision += u64::from(self.denials.len() < before);
    }

    /// Notes that the fixes contradict the code. What is signed may be right after all, once the
    /// fixes are better; for what is not, nobody vouches.
    pub fn refute(&mut self, phone: Option<Estimate>) {
        if let Some(code) = &mut self.code
            && code.proof == Proof::Unsigned
            && code.place(phone) == CodePlace::Contradicted
        {
            code.refuted = true;
        }
    }

    /// What a person showed or said of this store.
    pub fn evidence(&self, key: StoreKey) -> Evidence {
        let mut evidence = Evidence::default();
        evidence.set(Evidence::HABIT, self.habits.iter().any(|habit| habit.key == key));
        evidence.set(Evidence::CHOSEN, self.chosen() == Some(key));
        let code = self.code.filter(|code| code.names(key) && code.proof != Proof::Broken);
        if let Some(code) = code {
            evidence.set(Evidence::CODE, true);
            evidence.set(Evidence::SIGNED_CODE, matches!(code.proof, Proof::Signed { .. }));
            evidence.set(Evidence::TOUCHED, code.touched);
        }
        evidence
    }
}
