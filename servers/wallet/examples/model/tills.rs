//! Tills and members in the model: a store of each kind of thing that happens, asked of the server's
//! tables and of the oracle.

use std::path::Path;

use domain::{MethodId, StoreId, Timestamp, wire::UnlockLimit};
use ledger::{Account, Action, Amount, Currency, Oracle, Owner, Request};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use uuid::Uuid;
use wallet_server::{
    Clock, Database, OperatorConfig, Tills, Wallets, open_database,
    register::{Import, all, import},
    seed,
};

use super::till_oracle::{TillAction, TillOracle, Told, euro};

const MEMBERS: usize = 4;
const STORES: usize = 3;
/// How far back what is paid, given back or repeated reaches.
const RECENT: usize = 40;

/// The tills, and what happens at them.
pub struct TillCast {
    random: ChaCha8Rng,
    tills: Tills,
    wallets: Wallets,
    members: Vec<String>,
    stores: Vec<StoreId>,
    oracle: TillOracle,
    charges: Vec<Uuid>,
    settlements: Vec<Uuid>,
    asked: Vec<TillAction>,
}

/// Puts members with empty wallets and stores that take their money into the folder's database.
pub async fn fill(folder: &Path) -> anyhow::Result<()> {
    let money = json!({"method": {"id": "money", "kind": "electronic_money", "name": "money",
            "blocked": false, "expires_at": null, "minimum": null,
            "rides": [{"scheme": "tillsight", "channel": "scan"},
                {"scheme": "tillsight", "channel": "code"}]},
        "backing": {"held_by": "wallet", "balance": {"amount": 0, "currency": "EUR"}},
        "times_used": 0});
    let member = |nth| {
        json!({"user_id": format!("member{nth}"), "password": "correct horse",
        "methods": [money]})
    };
    let members: Vec<_> = (0..MEMBERS).map(member).collect();
    seed(folder, &serde_json::from_value(json!({ "members": members }))?).await?;
    let store = |nth: usize| {
        json!({"type": "Feature", "id": nth.to_string(), "geometry": {"type": "Point",
            "coordinates": [12.5 + nth as f64 / 100.0, 41.9]}, "properties": {"name": "store",
            "shop": "bakery", "addr:country": "IT", "payment:tillsight": "yes"}})
    };
    let stores: Vec<_> = (0..STORES).map(store).collect();
    let list = folder.join("stores.geojson");
    std::fs::write(&list, json!({"type": "FeatureCollection", "features": stores}).to_string())?;
    let database = open_database(folder).await?;
    let licence = Some("CC0-1.0".to_owned());
    let order = Import { licence, ..Import::of(list, Timestamp(0)) };
    import(&database, &order, |_| {}).await?;
    database.close().await;
    Ok(())
}

impl TillCast {
    pub async fn open(
        folder: &Path,
        database: &Database,
        wallets: &Wallets,
        clock: Clock,
        seed: u64,
    ) -> anyhow::Result<Self> {
        // Never asked: only wallets pay here.
        let operator = OperatorConfig {
            name: "a".to_owned(),
            url: "http://127.0.0.1:9".to_owned(),
            api_key: "none".into(),
        };
        let (database, wallets) = (database.clone(), wallets.clone());
        let members: Vec<(String, String)> =
            sqlx::query_as("SELECT member_id, held_id FROM method ORDER BY member_id")
                .fetch_all(database.reads())
                .await?;
        let stores = all(&database).await?.iter().map(|store| store.id).collect();
        let owners = members.iter().map(|(_, owner)| owner.parse()).collect::<Result<_, _>>()?;
        let tills = Tills::open(folder, database, wallets.clone(), vec![operator], clock).await?;
        Ok(Self {
            random: ChaCha8Rng::seed_from_u64(seed),
            tills,
            wallets,
            members: members.into_iter().map(|(member, _)| member).collect(),
            stores,
            oracle: TillOracle::of(owners),
            charges: Vec::new(),
            settlements: Vec::new(),
            asked: Vec::new(),
        })
    }

    /// Does one thing at both; how many answers differ.
    pub async fn step(&mut self, ledger: &mut Oracle, now: Timestamp) -> anyhow::Result<u64> {
        if self.random.random_ratio(1, 8) {
            return self.fill_a_wallet(ledger, now).await;
        }
        let action = self.action();
        self.asked.push(action.clone());
        let told = self.ask(&action).await?;
        Ok(u64::from(told != self.oracle.tell(&action, ledger, now)))
    }

    /// How many settlements stand otherwise in the server's rows at the end.
    pub async fn others(&self, database: &Database) -> anyhow::Result<u64> {
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT id, state FROM settlement").fetch_all(database.reads()).await?;
        Ok(self.oracle.others(&rows))
    }

    async fn fill_a_wallet(&mut self, ledger: &mut Oracle, now: Timestamp) -> anyhow::Result<u64> {
        let owner = self.oracle.wallets[self.random.random_range(0..MEMBERS)];
        let action = Action::Post {
            debit: Account::new(Owner::Outside { part: 1 }, Currency::EUR),
            credit: Account::new(Owner::Member(owner), Currency::EUR),
            amount: Amount::new(self.random.random_range(1..400)).expect("above zero"),
        };
        let request = Request { id: self.id(), action };
        let answer = self.wallets.apply(request.clone()).await?;
        Ok(u64::from(answer != ledger.apply(&request, now.0)))
    }

    async fn ask(&self, action: &TillAction) -> anyhow::Result<Told> {
        let (tills, method) = (&self.tills, MethodId("money".to_owned()));
        let settlement = |known: Option<domain::wire::Settlement>| {
            known.map_or(Told::Unknown, |known| Told::Settlement(known.state))
        };
        Ok(match action {
            TillAction::Charge { id, store, amount } => {
                let told = tills.charge(*store, *id, euro(*amount)).await?;
                told.map_or_else(Told::Not, |charge| Told::Charge(charge.state))
            }
            TillAction::Begin { id, charge, member } => {
                let told = tills.begin(*id, *charge, &self.members[*member], &method).await?;
                told.map_or_else(Told::Not, |begun| Told::Settlement(begun.state))
            }
            TillAction::Type { id, store, amount, member } => {
                let (asked, member) = ((*store, euro(*amount)), &self.members[*member]);
                let told = tills.begin_asked(*id, asked, member, &method).await?;
                told.map_or_else(Told::Not, |begun| Told::Settlement(begun.state))
            }
            TillAction::Allow { member, amount, a_day } => {
                let limit = UnlockLimit { amount: euro(*amount), a_day: *a_day };
                tills.allow(&self.members[*member], &limit).await?;
                Told::Allowed
            }
            TillAction::Show { id, store, amount, member } => {
                let (asked, member) = ((*store, euro(*amount)), &self.members[*member]);
                let told = tills.charge_shown(*id, asked, member, &method).await?;
                told.map_or_else(Told::Not, |charge| Told::Charge(charge.state))
            }
            TillAction::Approve { id } => settlement(tills.approve(*id).await?),
            TillAction::GiveUp { id } => settlement(tills.give_up(*id).await?),
            TillAction::Refund { id, settlement, amount } => {
                let told = tills.refund(*id, *settlement, euro(*amount)).await?;
                told.map_or_else(Told::Not, |_| Told::Refunded)
            }
            TillAction::Close { id, store } => {
                let told = tills.close(*store, *id).await?;
                told.map_or_else(Told::Not, |closing| Told::Closed(closing.sums))
            }
        })
    }

    fn id(&mut self) -> Uuid {
        Uuid::from_u128(self.random.random())
    }

    fn recent(&mut self, among: fn(&Self) -> &[Uuid]) -> Uuid {
        let oldest = among(self).len().saturating_sub(RECENT);
        let count = among(self).len();
        if count == 0 {
            return self.id();
        }
        let nth = self.random.random_range(oldest..count);
        among(self)[nth]
    }

    fn store(&mut self) -> StoreId {
        let nth = self.random.random_range(0..STORES);
        self.stores[nth]
    }

    fn action(&mut self) -> TillAction {
        if !self.asked.is_empty() && self.random.random_ratio(1, 12) {
            let oldest = self.asked.len().saturating_sub(RECENT);
            let nth = self.random.random_range(oldest..self.asked.len());
            return self.asked[nth].clone();
        }
        match self.random.random_range(0..100) {
            0..18 => self.charge(),
            18..36 => self.begin(),
            36..43 => self.type_amount(),
            43..48 => self.show(),
            48..50 => TillAction::Allow {
                member: self.random.random_range(0..MEMBERS),
                amount: self.random.random_range(0..150),
                a_day: self.random.random_range(0..40),
            },
            50..72 => TillAction::Approve { id: self.recent(|cast| &cast.settlements) },
            72..77 => TillAction::GiveUp { id: self.recent(|cast| &cast.settlements) },
            77..94 => TillAction::Refund {
                id: self.id(),
                settlement: self.recent(|cast| &cast.settlements),
                amount: self.random.random_range(1..80),
            },
            _ => TillAction::Close { id: self.id(), store: self.store() },
        }
    }

    fn charge(&mut self) -> TillAction {
        // Now and then under an id that was used.
        let id = match self.random.random_ratio(1, 15) {
            true => self.recent(|cast| &cast.charges),
            false => self.id(),
        };
        self.charges.push(id);
        TillAction::Charge { id, store: self.store(), amount: self.random.random_range(1..150) }
    }

    /// The id of a settlement, now and then one that was used.
    fn settlement(&mut self) -> Uuid {
        let id = match self.random.random_ratio(1, 15) {
            true => self.recent(|cast| &cast.settlements),
            false => self.id(),
        };
        self.settlements.push(id);
        id
    }

    /// By a store's own code, which names no amount.
    fn type_amount(&mut self) -> TillAction {
        let (id, store) = (self.settlement(), self.store());
        let (amount, member) =
            (self.random.random_range(1..150), self.random.random_range(0..MEMBERS));
        TillAction::Type { id, store, amount, member }
    }

    /// The code of an unlocked phone, which a till charges.
    fn show(&mut self) -> TillAction {
        let (id, store) = (self.id(), self.store());
        self.settlements.push(id);
        let (amount, member) =
            (self.random.random_range(1..150), self.random.random_range(0..MEMBERS));
        TillAction::Show { id, store, amount, member }
    }

    fn begin(&mut self) -> TillAction {
        let id = self.settlement();
        let charge = self.recent(|cast| &cast.charges);
        TillAction::Begin { id, charge, member: self.random.random_range(0..MEMBERS) }
    }
}
