//! What tills and members should be told of charges, settlements, refunds and closings, kept in memory
//! beside the ledger that is there, too.

use std::collections::{HashMap, HashSet};

use domain::{
    Currency, Money, StoreId, Timestamp,
    wire::{APPROVAL_LASTS_MS, ChargeState, ClosingSum, SettlementState},
};
use ledger::{Account, Action, Amount, Oracle, Outcome, Owner, Request};
use uuid::Uuid;
use wallet_server::NotDone;

/// How long a charge can be begun to be paid, ms.
const CHARGE_LASTS_MS: i64 = 15 * 60 * 1_000;
/// A day, ms.
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// What a till or a member does.
#[derive(Clone, Debug)]
pub enum TillAction {
    Charge {
        id: Uuid,
        store: StoreId,
        amount: i64,
    },
    Begin {
        id: Uuid,
        charge: Uuid,
        member: usize,
    },
    /// By a store's own code.
    Type {
        id: Uuid,
        store: StoreId,
        amount: i64,
        member: usize,
    },
    /// What an unlocked phone agrees to by itself.
    Allow {
        member: usize,
        amount: i64,
        a_day: u32,
    },
    /// The code of an unlocked phone, charged.
    Show {
        id: Uuid,
        store: StoreId,
        amount: i64,
        member: usize,
    },
    Approve {
        id: Uuid,
    },
    GiveUp {
        id: Uuid,
    },
    Refund {
        id: Uuid,
        settlement: Uuid,
        amount: i64,
    },
    Close {
        id: Uuid,
        store: StoreId,
    },
}

/// What is answered.
#[derive(Debug, PartialEq, Eq)]
pub enum Told {
    Charge(ChargeState),
    Settlement(SettlementState),
    Refunded,
    Allowed,
    Closed(Vec<ClosingSum>),
    Not(NotDone),
    Unknown,
}

struct Charge {
    store: StoreId,
    amount: i64,
    ends_at: i64,
}

struct Settlement {
    charge: Uuid,
    member: usize,
    at: i64,
    state: SettlementState,
    is_unlocked: bool,
    is_closed: bool,
}

struct Refund {
    settlement: Uuid,
    amount: i64,
    is_closed: bool,
}

/// Everything that tills and members did.
pub struct TillOracle {
    /// The members' wallets by their owners in the ledger.
    pub wallets: Vec<Uuid>,
    charges: HashMap<Uuid, Charge>,
    /// Charges of codes that phones showed.
    shown: HashSet<Uuid>,
    settlements: HashMap<Uuid, Settlement>,
    refunds: HashMap<Uuid, Refund>,
    closings: HashMap<Uuid, (StoreId, Vec<ClosingSum>)>,
    /// How much each member allows at once, and how often a day.
    allowed: HashMap<usize, (i64, u32)>,
}

pub fn euro(amount: i64) -> Money {
    Money::new(amount, Currency::EUR)
}

fn is_late(settlement: &Settlement, now: i64) -> bool {
    settlement.state == SettlementState::ToApprove && now - settlement.at >= APPROVAL_LASTS_MS
}

fn seen(settlement: &Settlement, now: i64) -> Told {
    let state = if is_late(settlement, now) { SettlementState::Void } else { settlement.state };
    Told::Settlement(state)
}

impl TillOracle {
    pub fn of(wallets: Vec<Uuid>) -> Self {
        let (charges, settlements) = (HashMap::new(), HashMap::new());
        let (refunds, closings) = (HashMap::new(), HashMap::new());
        let (allowed, shown) = (HashMap::new(), HashSet::new());
        Self { wallets, charges, shown, settlements, refunds, closings, allowed }
    }

    /// What `action` should be answered at `now`, with its effect on `ledger`.
    pub fn tell(&mut self, action: &TillAction, ledger: &mut Oracle, now: Timestamp) -> Told {
        let now = now.0;
        match action {
            TillAction::Charge { id, store, amount } => self.charge(*id, *store, *amount, now),
            TillAction::Begin { id, charge, member } => self.begin(*id, *charge, *member, now),
            TillAction::Type { id, store, amount, member } => {
                self.type_amount(*id, (*store, *amount), *member, now)
            }
            TillAction::Allow { member, amount, a_day } => {
                self.allowed.insert(*member, (*amount, *a_day));
                Told::Allowed
            }
            TillAction::Show { id, store, amount, member } => {
                self.show(*id, (*store, *amount), *member, ledger, now)
            }
            TillAction::Approve { id } => self.approve(*id, ledger, now),
            TillAction::GiveUp { id } => self.give_up(*id, now),
            TillAction::Refund { id, settlement, amount } => {
                self.refund(*id, *settlement, *amount, ledger, now)
            }
            TillAction::Close { id, store } => self.close(*id, *store),
        }
    }

    fn state_of(&self, id: Uuid, charge: &Charge, now: i64) -> ChargeState {
        let mut pays = self.settlements.values().filter(|one| one.charge == id);
        let pays = pays.find(|one| match one.state {
            SettlementState::ToApprove => !is_late(one, now),
            state => state == SettlementState::Captured,
        });
        match pays.map(|one| one.state) {
            Some(SettlementState::Captured) => ChargeState::Paid,
            Some(_) => ChargeState::Paying,
            None if now < charge.ends_at => ChargeState::Open,
            None => ChargeState::Ended,
        }
    }

    fn charge(&mut self, id: Uuid, store: StoreId, amount: i64, now: i64) -> Told {
        let new = Charge { store, amount, ends_at: now + CHARGE_LASTS_MS };
        let charge = self.charges.entry(id).or_insert(new);
        if (charge.store, charge.amount) != (store, amount) {
            return Told::Not(NotDone::OtherContent);
        }
        Told::Charge(self.state_of(id, &self.charges[&id], now))
    }

    fn begin(&mut self, id: Uuid, charge: Uuid, member: usize, now: i64) -> Told {
        if let Some(before) = self.settlements.get(&id) {
            let is_same = (before.charge, before.member) == (charge, member);
            return if is_same { seen(before, now) } else { Told::Not(NotDone::OtherContent) };
        }
        let state = self.charges.get(&charge).map(|known| self.state_of(charge, known, now));
        match state {
            None | Some(ChargeState::Ended) => return Told::Not(NotDone::NoCharge),
            Some(ChargeState::Paying | ChargeState::Paid) => return Told::Not(NotDone::Taken),
            Some(ChargeState::Open) => {}
        }
        // Who had begun to pay it came too late.
        for late in self.settlements.values_mut().filter(|one| one.charge == charge) {
            if is_late(late, now) {
                late.state = SettlementState::Void;
            }
        }
        self.put(id, charge, member, now)
    }

    fn put(&mut self, id: Uuid, charge: Uuid, member: usize, at: i64) -> Told {
        let state = SettlementState::ToApprove;
        let (is_unlocked, is_closed) = (false, false);
        let begun = Settlement { charge, member, at, state, is_unlocked, is_closed };
        self.settlements.insert(id, begun);
        Told::Settlement(state)
    }

    /// What is typed is a charge of the same id that nobody else can pay.
    fn type_amount(&mut self, id: Uuid, asked: (StoreId, i64), member: usize, now: i64) -> Told {
        let Some(before) = self.settlements.get(&id) else {
            let (store, amount) = asked;
            self.charges.insert(id, Charge { store, amount, ends_at: now });
            return self.put(id, id, member, now);
        };
        let charge = self.charges.get(&before.charge).filter(|_| before.charge == id);
        let is_same = charge.is_some_and(|charge| (charge.store, charge.amount) == asked);
        match is_same && before.member == member && !self.shown.contains(&id) {
            true => seen(before, now),
            false => Told::Not(NotDone::OtherContent),
        }
    }

    fn show(
        &mut self,
        id: Uuid,
        (store, amount): (StoreId, i64),
        member: usize,
        ledger: &mut Oracle,
        now: i64,
    ) -> Told {
        if self.shown.insert(id) {
            self.charges.insert(id, Charge { store, amount, ends_at: now });
            self.put(id, id, member, now);
            if self.is_allowed(member, amount, now) {
                self.settlements.entry(id).and_modify(|one| one.is_unlocked = true);
                self.approve(id, ledger, now);
            }
        }
        Told::Charge(self.state_of(id, &self.charges[&id], now))
    }

    fn is_allowed(&self, member: usize, amount: i64, now: i64) -> bool {
        let Some((most, a_day)) = self.allowed.get(&member) else { return false };
        let of_today =
            |one: &&Settlement| one.is_unlocked && one.member == member && one.at > now - DAY_MS;
        let before = self.settlements.values().filter(of_today).count();
        amount <= *most && before < usize::try_from(*a_day).unwrap_or(usize::MAX)
    }

    fn approve(&mut self, id: Uuid, ledger: &mut Oracle, now: i64) -> Told {
        let Some(settlement) = self.settlements.get_mut(&id) else { return Told::Unknown };
        if settlement.state == SettlementState::ToApprove && !is_late(settlement, now) {
            let charge = &self.charges[&settlement.charge];
            let wallet = Owner::Member(self.wallets[settlement.member]);
            let debit = Account::new(wallet, Currency::EUR);
            let left = ledger.totals(&debit).available().unwrap_or(0);
            settlement.state = SettlementState::Failed;
            if left >= charge.amount {
                let credit = Account::new(Owner::Store(charge.store.0), Currency::EUR);
                let amount = Amount::new(charge.amount).expect("above zero");
                let request = Request { id, action: Action::Post { debit, credit, amount } };
                if let Ok(Outcome::Posted(_)) = ledger.apply(&request, now) {
                    settlement.state = SettlementState::Captured;
                }
            }
        }
        seen(settlement, now)
    }

    fn give_up(&mut self, id: Uuid, now: i64) -> Told {
        let Some(settlement) = self.settlements.get_mut(&id) else { return Told::Unknown };
        if settlement.state == SettlementState::ToApprove {
            settlement.state = SettlementState::Void;
        }
        seen(settlement, now)
    }

    fn refund(&mut self, id: Uuid, of: Uuid, amount: i64, ledger: &mut Oracle, now: i64) -> Told {
        if let Some(before) = self.refunds.get(&id) {
            let is_same = (before.settlement, before.amount) == (of, amount);
            return if is_same { Told::Refunded } else { Told::Not(NotDone::OtherContent) };
        }
        let paid = self.settlements.get(&of);
        let Some(paid) = paid.filter(|paid| paid.state == SettlementState::Captured) else {
            return Told::Not(NotDone::NotCaptured);
        };
        let given = self.refunds.values().filter(|one| one.settlement == of);
        if given.map(|one| one.amount).sum::<i64>() + amount > self.charges[&paid.charge].amount {
            return Told::Not(NotDone::TooMuch);
        }
        let action = Action::Refund { of, amount: Amount::new(amount).expect("above zero") };
        match ledger.apply(&Request { id, action }, now) {
            Ok(Outcome::Posted(_)) => {
                self.refunds.insert(id, Refund { settlement: of, amount, is_closed: false });
                Told::Refunded
            }
            _ => Told::Not(NotDone::Failed),
        }
    }

    fn close(&mut self, id: Uuid, store: StoreId) -> Told {
        if let Some((of, sums)) = self.closings.get(&id) {
            let is_same = *of == store;
            return if is_same {
                Told::Closed(sums.clone())
            } else {
                Told::Not(NotDone::OtherContent)
            };
        }
        let sums = self.count(store);
        self.closings.insert(id, (store, sums.clone()));
        Told::Closed(sums)
    }

    /// Everything of a store that no closing has counted, which this one does.
    fn count(&mut self, store: StoreId) -> Vec<ClosingSum> {
        let (mut settlements, mut captured, mut refunds, mut refunded) = (0, 0, 0, 0);
        for one in self.settlements.values_mut() {
            let charge = &self.charges[&one.charge];
            let counts = one.state == SettlementState::Captured && charge.store == store;
            if counts && !std::mem::replace(&mut one.is_closed, true) {
                (settlements, captured) = (settlements + 1, captured + charge.amount);
            }
        }
        for one in self.refunds.values_mut() {
            let of = self.settlements[&one.settlement].charge;
            if self.charges[&of].store == store && !std::mem::replace(&mut one.is_closed, true) {
                (refunds, refunded) = (refunds + 1, refunded + one.amount);
            }
        }
        let sum = ClosingSum { currency: Currency::EUR, settlements, captured, refunds, refunded };
        if settlements + refunds > 0 { vec![sum] } else { vec![] }
    }

    /// How many settlements stand otherwise in the rows of the server.
    pub fn others(&self, rows: &[(String, String)]) -> u64 {
        let is_other = |(id, state): &&(String, String)| {
            let known = id.parse().ok().and_then(|id: Uuid| self.settlements.get(&id));
            let state = serde_json::from_value(state.as_str().into()).ok();
            known.map(|known| known.state) != state
        };
        rows.iter().filter(is_other).count() as u64
            + rows.len().abs_diff(self.settlements.len()) as u64
    }
}
