//! Who moves money in the model, and what they ask for.

use ledger::{
    Account, Action, Amount, Currency, OperatorName, Owner, PARTS, Request, TransferId, part_of,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

const MEMBERS: u128 = 40;
const STORES: u128 = 8;
/// How far back a repeat, an end or a refund reaches, mostly.
const RECENT: usize = 300;

/// Draws requests: the same seed draws the same ones.
pub struct Cast {
    random: ChaCha8Rng,
    asked: Vec<Request>,
    next: u128,
}

impl Cast {
    pub fn new(seed: u64) -> Self {
        Self { random: ChaCha8Rng::seed_from_u64(seed), asked: Vec::new(), next: 1 }
    }

    /// How many requests come at once.
    pub fn group(&mut self) -> u64 {
        self.random.random_range(1..=64)
    }

    /// By how many milliseconds the clock moves: mostly on, sometimes an hour to either side.
    pub fn step(&mut self) -> i64 {
        if self.random.random_ratio(1, 50) {
            self.random.random_range(-3_600_000..=3_600_000)
        } else {
            self.random.random_range(0..500)
        }
    }

    /// Whether a till comes next.
    pub fn is_at_a_till(&mut self) -> bool {
        self.random.random_ratio(2, 3)
    }

    pub fn request(&mut self) -> Request {
        let request = match self.random.random_range(0..100) {
            0..10 => self.earlier(),
            10..13 => Request { id: self.earlier().id, action: self.action() },
            _ => self.fresh(),
        };
        self.asked.push(request.clone());
        request
    }

    /// A request as it came before, now and then from long ago.
    fn earlier(&mut self) -> Request {
        if self.asked.is_empty() {
            return self.fresh();
        }
        let oldest = if self.random.random_ratio(1, 10) {
            0
        } else {
            self.asked.len().saturating_sub(RECENT)
        };
        let nth = self.random.random_range(oldest..self.asked.len());
        self.asked[nth].clone()
    }

    fn fresh(&mut self) -> Request {
        let id = Uuid::from_u128(self.next << 64 | u128::from(self.random.random::<u64>()));
        self.next += 1;
        Request { id, action: self.action() }
    }

    fn action(&mut self) -> Action {
        match self.random.random_range(0..100) {
            0..22 => self.opening(),
            22..35 => self.deposit(),
            35..55 => self.payment(),
            55..70 => self.reservation(),
            70..82 => Action::PostPending { pending: self.pending(), amount: self.amount() },
            82..86 => Action::Void { pending: self.pending() },
            86..90 => Action::Expire { pending: self.pending() },
            90..98 => Action::Refund { of: self.earlier().id, amount: self.amount() },
            _ => self.edge(),
        }
    }

    /// Reserved until the operator has said what it did, however long that takes.
    fn deposit(&mut self) -> Action {
        let part = part_of(Uuid::from_u128(self.next));
        let operator = OperatorName::new("a").expect("a name");
        let credit = self.member();
        let debit = Account::new(Owner::Clearing { operator, part }, Currency::EUR);
        Action::Pending { debit, credit, amount: self.amount(), lasts_ms: None }
    }

    fn opening(&mut self) -> Action {
        let part = part_of(Uuid::from_u128(self.next));
        let debit = Account::new(Owner::Outside { part }, Currency::EUR);
        Action::Post { debit, credit: self.member(), amount: self.amount() }
    }

    fn payment(&mut self) -> Action {
        Action::Post { debit: self.member(), credit: self.store(), amount: self.amount() }
    }

    fn reservation(&mut self) -> Action {
        let lasts_ms = self.random.random_ratio(4, 5).then(|| self.random.random_range(1..2_000));
        let (debit, credit, amount) = (self.member(), self.store(), self.amount());
        Action::Pending { debit, credit, amount, lasts_ms }
    }

    /// Mostly a recent reservation, sometimes anything.
    fn pending(&mut self) -> TransferId {
        let recent = self.asked.iter().rev().take(RECENT);
        let holds: Vec<TransferId> = recent
            .filter(|request| matches!(request.action, Action::Pending { .. }))
            .map(|request| request.id)
            .collect();
        match holds.len() {
            0 => self.earlier().id,
            _ if self.random.random_ratio(1, 12) => self.earlier().id,
            count => holds[self.random.random_range(0..count)],
        }
    }

    /// What only fits at the edge, or not at all: on accounts of their own, which it fills for good.
    fn edge(&mut self) -> Action {
        let member = Account::new(Owner::Member(Uuid::from_u128(0)), Currency::JPY);
        let outside = Account::new(Owner::Outside { part: PARTS - 1 }, Currency::JPY);
        let most = i64::MAX - self.random.random_range(0..2);
        let amount = Amount::new(most).expect("above zero");
        match self.random.random_range(0..4) {
            0 => Action::Post { debit: outside, credit: member, amount },
            1 => Action::Post { debit: member, credit: outside, amount },
            2 => Action::Post { debit: member.clone(), credit: member, amount },
            _ => Action::Post { debit: self.member(), credit: outside, amount },
        }
    }

    fn member(&mut self) -> Account {
        let number = self.random.random_range(1..=MEMBERS);
        let currency = if number % 5 == 0 { Currency::JPY } else { Currency::EUR };
        Account::new(Owner::Member(Uuid::from_u128(number)), currency)
    }

    fn store(&mut self) -> Account {
        let number = self.random.random_range(1..=STORES);
        Account::new(Owner::Store(Uuid::from_u128(number)), Currency::EUR)
    }

    fn amount(&mut self) -> Amount {
        Amount::new(self.random.random_range(1..200)).expect("above zero")
    }
}
