//! `decided`: the walk's first act over many seeds, on a phone without servers: how many rows the screen
//! decides before the door and after its one question, and how many of them rightly.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use domain::{Currency, Registered, Store, Timestamp};
use serde::Serialize;
use testkit::{SetClock, towns::Towns};
use tillsight::{
    Wallet,
    phone::Clock as _,
    screen::{MethodRow, MethodState, SettlementScreen},
    sensed::Fix,
};
use wallet_server::register;

use crate::{
    cast, lines, member,
    place::{self, Spot},
};

/// Counts what the first act decides, and prints one line of JSON.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    form: crate::lines::AsJson,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// The last seed.
    #[arg(long, default_value_t = 40)]
    to: u64,
    /// The OpenStreetMap extract to visit [default: Rome, round Termini].
    #[arg(long, value_name = "FILE.osm.pbf", env = "TILLSIGHT_WORLD")]
    world: Option<PathBuf>,
}

/// The walks happen at this instant.
const NOW: Timestamp = Timestamp::from_unix_seconds(1_800_000_000);

/// What came of all visits. Rows are methods that are not expired.
#[derive(Default, Serialize)]
struct Counts {
    visits: u32,
    rows: u32,
    /// Active, likely, likely not or inactive at one fix.
    decided: u32,
    /// Active or inactive of them, and how many of these the store's own screen says, too.
    sure: u32,
    sure_right: u32,
    /// Likely or likely not of them, and how many of these the store's own screen says, too.
    likely: u32,
    likely_right: u32,
    /// Visits in which the screen asked, and those in which the answer was yes.
    asked: u32,
    yes: u32,
    /// Rows that the store's own screen decides, and how many of them are decided after the one answer.
    own: u32,
    own_after_tap: u32,
    /// Those decided after the answer, and how many of them the store's own screen says, too.
    after_tap: u32,
    after_tap_right: u32,
}

/// Walks the first acts and prints what they come to.
///
/// # Errors
/// When the extract cannot be read, or a phone cannot be set up.
pub async fn run(args: &Args) -> anyhow::Result<()> {
    anyhow::ensure!(args.from <= args.to, "--from is after --to");
    let folder = tempfile::tempdir()?;
    let database = cast::register_of(args.world.as_deref(), folder.path(), NOW).await?;
    let mut counts = Counts::default();
    for seed in args.from..=args.to {
        register::generate_missing(&database, seed, NOW).await?;
        let stores = register::all(&database).await?;
        counts.visit(stores, seed)?;
        eprint!("\r{} visits ", counts.visits);
    }
    eprintln!();
    database.close().await;
    lines::say(serde_json::to_string(&counts)?)?;
    Ok(())
}

impl Counts {
    fn visit(&mut self, stores: Vec<Store>, seed: u64) -> anyhow::Result<()> {
        let spot = place::choose(&stores, seed)?;
        let visited = spot.store.id.to_string();
        let folder = tempfile::tempdir()?;
        let clock = Arc::new(SetClock::standing_at(NOW.0));
        let methods = methods(spot.store.currency);
        let is_expired = |one: &Registered| one.method.expires_at.is_some_and(|end| end <= NOW);
        let expired: Vec<String> = methods
            .iter()
            .filter(|one| is_expired(one))
            .map(|one| one.method.id.0.clone())
            .collect();
        let wallet = phone(folder.path(), &clock, &spot, stores, methods)?;
        wallet.screen_opened();
        clock.pass_ms(60_000);
        let first = wallet.sense_fix(fix(&spot, clock.now_ms()))?;
        let tapped = match &first.question {
            None => first.clone(),
            Some(question) => {
                let yes = question.store.id == visited;
                self.asked += 1;
                self.yes += u32::from(yes);
                let id = question.store.id.clone();
                if yes { wallet.choose_store(id)? } else { wallet.deny_store(id)? }
            }
        };
        let own = wallet.choose_store(visited)?;
        let [first, tapped, own] = [&first, &tapped, &own].map(|screen| rows(screen, &expired));
        self.add(&first, &tapped, &own);
        Ok(())
    }

    fn add(&mut self, first: &Rows, tapped: &Rows, own: &Rows) {
        self.visits += 1;
        for (id, truth) in own {
            let (said, later) = (first.get(id), tapped.get(id));
            let [is_right, is_right_later] =
                [said, later].map(|said| u32::from(said.map(side) == Some(side(truth))));
            self.rows += 1;
            match said {
                Some(MethodState::Active | MethodState::Inactive) => {
                    self.decided += 1;
                    self.sure += 1;
                    self.sure_right += is_right;
                }
                Some(MethodState::Likely | MethodState::LikelyNot) => {
                    self.decided += 1;
                    self.likely += 1;
                    self.likely_right += is_right;
                }
                Some(MethodState::Unsure) | None => {}
            }
            let is_decided = later.is_some_and(|later| side(later).is_some());
            if is_decided {
                self.after_tap += 1;
                self.after_tap_right += is_right_later;
            }
            if side(truth).is_some() {
                self.own += 1;
                self.own_after_tap += u32::from(is_decided);
            }
        }
    }
}

/// How each method that is not expired stands.
type Rows = BTreeMap<String, MethodState>;

fn rows(screen: &SettlementScreen, expired: &[String]) -> Rows {
    let SettlementScreen { active, likely, unsure, inactive, .. } = screen;
    let rows = [active, likely, unsure, inactive].into_iter().flatten();
    let counts = |row: &&MethodRow| !expired.contains(&row.id);
    rows.filter(counts).map(|row| (row.id.clone(), row.state)).collect()
}

/// Whether it is said to work; `None` while that is open.
fn side(state: &MethodState) -> Option<bool> {
    match state {
        MethodState::Active | MethodState::Likely => Some(true),
        MethodState::Unsure => None,
        MethodState::LikelyNot | MethodState::Inactive => Some(false),
    }
}

/// The member's phone, with the tiles round the store.
fn phone(
    folder: &std::path::Path,
    clock: &Arc<SetClock>,
    spot: &Spot,
    stores: Vec<Store>,
    methods: Vec<Registered>,
) -> anyhow::Result<Arc<Wallet>> {
    let middle = spot.store.position;
    let towns =
        Towns { middles: vec![middle], stores_of: Box::new(move |_| stores.clone()), methods };
    let (clock, towns) = (Some(Arc::clone(clock)), Some(Arc::new(towns) as Arc<_>));
    let wallet = testkit::open(folder, Towns::SERVER, &testkit::root_key(), clock, towns)?;
    wallet.log_in(member::USER_ID.to_owned(), member::PASSWORD.to_owned())?;
    wallet.prefetch(middle.lat(), middle.lon())?;
    Ok(wallet)
}

/// The methods of the member who walks, whose balances nobody knows.
fn methods(currency: Currency) -> Vec<Registered> {
    let stored = member::member(currency, NOW).members.into_iter().flat_map(|one| one.methods);
    let registered = stored.map(|stored| Registered {
        method: stored.method,
        balance: None,
        operator_down: false,
        times_used: stored.times_used,
    });
    registered.collect()
}

fn fix(spot: &Spot, now_ms: i64) -> Fix {
    Fix {
        latitude: spot.fix.lat(),
        longitude: spot.fix.lon(),
        accuracy_m: spot.accuracy_m,
        taken_at_ms: now_ms,
        mocked: false,
        provider: None,
    }
}
