//! Made-up lists of what stores take, for trials.

use domain::{Acceptance, Channel, Claim, Currency, Source, Store, StoreId, Timestamp, scheme};
use server_kit::{Database, DatabaseError, damaged};
use sha2::{Digest, Sha256};
use sqlx::query_as;
use uuid::Uuid;

use super::{claim_list, evidence::Origin, save::save_claims, telling::tell};

/// Lists that are made up.
const MADE_UP: Origin<'_> = Origin { source: Source::Generated, named: "generated" };
/// What stores say of themselves.
const BY_THE_STORE: Origin<'_> = Origin { source: Source::Store, named: "store" };

/// Of a hundred stores, how many stay without a list, as real ones do.
const SILENT: u8 = 10;
/// Of a hundred schemes a store does not take, how many it says no of; the others stay unknown.
const SAYS_NO: u8 = 70;
/// Stores saved in one transaction.
const BATCH: usize = 500;

/// The wallet's own money.
const OWN: &str = "tillsight";
/// Lists made for a store until one says both yes and no.
const TRIES: u64 = 64;

/// Schemes that a store takes or leaves together, and by how many of a hundred stores.
type Habit = (u8, &'static [&'static str]);

/// Everywhere.
const COMMON: &[Habit] = &[(55, &["tillsight"]), (35, &["amex"]), (12, &["alipay", "wechat_pay"])];
/// What is common where a currency is used, in plausible shares. Invented: for trials only.
const HABITS: &[(Currency, &[Habit])] = &[
    (Currency::EUR, &[(85, &["visa", "mastercard"]), (60, &["maestro"]), (30, &["satispay"])]),
    (
        Currency::JPY,
        &[
            (60, &["visa", "mastercard", "jcb"]),
            (50, &["suica"]),
            (45, &["id", "quicpay"]),
            (25, &["edy", "nanaco", "waon"]),
            (70, &["paypay"]),
            (40, &["rakuten_pay", "d_payment", "au_pay", "merpay"]),
        ],
    ),
    (
        Currency::SGD,
        &[(80, &["visa", "mastercard"]), (75, &["paynow"]), (55, &["nets", "grabpay"])],
    ),
    (Currency::CHF, &[(85, &["visa", "mastercard"]), (70, &["twint"])]),
    (Currency::BRL, &[(80, &["visa", "mastercard"]), (90, &["pix"])]),
    (Currency::INR, &[(50, &["visa", "mastercard"]), (90, &["upi"]), (40, &["rupay"])]),
    (Currency::THB, &[(50, &["visa", "mastercard"]), (80, &["promptpay"])]),
];
/// For every other currency.
const ELSEWHERE: &[Habit] = &[(80, &["visa", "mastercard"]), (20, &["unionpay"])];

/// Gives every store that says nothing of what it takes a made-up list, marked
/// [`Source::Generated`]; about one in ten stays without. The same `seed` gives the same store the
/// same list. For trials: a server that members use must never call this. Answers how many got one.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn generate_missing(
    database: &Database,
    seed: u64,
    as_of: Timestamp,
) -> Result<u64, DatabaseError> {
    let mut silent: Vec<(String, String, String)> =
        query_as("SELECT id, currency, claims FROM store ORDER BY id")
            .fetch_all(database.reads())
            .await?;
    silent.retain(|(.., claims)| {
        claim_list::read(claims)
            .all(|claim| claim.source == Source::Generated || claim.source.is_inferred())
    });
    let mut given = 0;
    for stores in silent.chunks(BATCH) {
        let mut lists = Vec::with_capacity(stores.len());
        for (id, currency, _) in stores {
            let store = StoreId(Uuid::parse_str(id).map_err(|_| damaged("id"))?);
            let claims = list(store, Currency::from_code(currency), seed, as_of);
            given += u64::from(!claims.is_empty());
            lists.push((id, claims));
        }
        let lists = &lists;
        database
            .transaction(|mut change| async move {
                for (id, claims) in lists {
                    save_claims(&mut change, id, claims, MADE_UP, as_of).await?;
                }
                tell(&mut change).await?;
                change.keep(())
            })
            .await?;
    }
    Ok(given)
}

/// Gives `store` a made-up list that says of itself what it takes, as a member of the network signs it: the
/// wallet's own money on every channel, something else, and something that it refuses. For trials.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn give_own_list(
    database: &Database,
    store: &Store,
    seed: u64,
    as_of: Timestamp,
) -> Result<(), DatabaseError> {
    let says = |claims: &[Claim], acceptance| {
        claims.iter().any(|claim| claim.acceptance == acceptance && claim.scheme.as_str() != OWN)
    };
    let lists =
        (0..TRIES).map(|nth| list(store.id, Some(store.currency), seed.wrapping_add(nth), as_of));
    let mut lists = lists
        .filter(|claims| says(claims, Acceptance::Accepted) && says(claims, Acceptance::Refused));
    let mut claims = lists.next().unwrap_or_default();
    claims.retain(|claim| claim.scheme.as_str() != OWN);
    let own = scheme::find(OWN).into_iter().flat_map(|own| {
        own.channels.iter().map(move |&channel| Claim {
            scheme: own.id.clone(),
            channel,
            acceptance: Acceptance::Accepted,
            source: Source::Store,
            as_of,
        })
    });
    claims.extend(own);
    let (id, claims) = (store.id.to_string(), &claims);
    let id = &id;
    database
        .transaction(|mut change| async move {
            save_claims(&mut change, id, claims, BY_THE_STORE, as_of).await?;
            tell(&mut change).await?;
            change.keep(())
        })
        .await
}

fn list(store: StoreId, currency: Option<Currency>, seed: u64, as_of: Timestamp) -> Vec<Claim> {
    let mut dice = Dice::new(store, seed);
    if dice.below(SILENT) {
        return Vec::new();
    }
    let local = HABITS.iter().find(|(of, _)| Some(*of) == currency);
    let habits = local.map_or(ELSEWHERE, |(_, habits)| habits).iter().chain(COMMON);
    let mut claims = Vec::new();
    for (percent, schemes) in habits {
        let takes = dice.below(*percent);
        for known in schemes.iter().filter_map(|id| scheme::find(id)) {
            if !takes && !dice.below(SAYS_NO) {
                continue;
            }
            let offered = dice.channels(&known.channels);
            for &channel in &known.channels {
                let acceptance = if takes && offered.contains(&channel) {
                    Acceptance::Accepted
                } else {
                    Acceptance::Refused
                };
                let scheme = known.id.clone();
                claims.push(Claim {
                    scheme,
                    channel,
                    acceptance,
                    source: Source::Generated,
                    as_of,
                });
            }
        }
    }
    claims
}

/// Throws that depend on the seed and the store alone.
struct Dice {
    from: Vec<u8>,
    throws: u64,
}

impl Dice {
    fn new(store: StoreId, seed: u64) -> Self {
        Self { from: [seed.to_be_bytes().as_slice(), store.0.as_bytes()].concat(), throws: 0 }
    }

    /// Yes in `percent` of a hundred throws.
    fn below(&mut self, percent: u8) -> bool {
        self.throws += 1;
        let digest = Sha256::new_with_prefix(&self.from).chain_update(self.throws.to_be_bytes());
        let bytes: [u8; 32] = digest.finalize().into();
        let number = bytes.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes));
        number % 100 < u32::from(percent)
    }

    /// All of the channels for most stores, for some only one of them.
    fn channels<'a>(&mut self, all: &'a [Channel]) -> &'a [Channel] {
        match all {
            [first, .., last] if self.below(40) => {
                std::slice::from_ref(if self.below(60) { first } else { last })
            }
            _ => all,
        }
    }
}
