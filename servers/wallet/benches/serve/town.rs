//! The servers that are measured: a register of many stores, and one member with three methods.

use std::{
    fs,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use domain::{StoreId, Timestamp};
use serde_json::json;
use wallet_server::{
    Clock, Config, MemberConfig, OperatorConfig, Running, open_database,
    register::{Import, import},
};

/// Stores of which one position could speak: more than an answer has.
pub const AT_ONE_PLACE: usize = 25;
pub const USER: &str = "bench";
pub const PASSWORD: &str = "correct horse";

/// Places in a row from west to east, a kilometre apart.
const IN_A_ROW: usize = 200;
const APART_E7: usize = 100_000;
/// Two metres or so.
const STORE_E7: usize = 200;
const KEY: &str = "0123456789abcdef0123456789abcdef";
const CARD_GRANT: &str = "the member's grant for the one card";
const ACCOUNT_GRANT: &str = "the member's grant for the one account";
const SCHEMES: [&str; 10] = [
    "visa",
    "mastercard",
    "maestro",
    "american_express",
    "jcb",
    "diners_club",
    "discover_card",
    "girocard",
    "cash",
    "apple_pay",
];

/// How many places a register of `stores` has.
pub fn places(stores: usize) -> usize {
    stores / AT_ONE_PLACE
}

/// The middle of a place, in 1e-7 degrees.
pub fn place(nth: usize) -> [usize; 2] {
    [400_000_000 + nth / IN_A_ROW * APART_E7, 100_000_000 + nth % IN_A_ROW * APART_E7]
}

/// The id of a store of the place `nth`.
pub fn store_id(nth: usize, stores: usize) -> StoreId {
    let [lat, lon] = place(nth);
    let reference = format!("Store {}@{lat},{lon}", nth % places(stores));
    StoreId::of_record("bench", &reference)
}

/// Both servers.
pub struct Town {
    /// The wallet server's data.
    pub data: PathBuf,
    /// The wallet server.
    pub wallet: Running,
    operator: Running,
}

impl Town {
    /// Starts both servers over a register of `stores` stores, which is made when it is missing.
    pub async fn open(stores: usize) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("serve-{stores}"));
        if !folder.exists() {
            make(&folder, stores).await;
        }
        let data = folder.join("wallet");
        let operator = operator(folder.join("operator.db")).await;
        let wallet = wallet_server::start(Config {
            listen: "127.0.0.1:0".parse().expect("an address"),
            data: data.clone(),
            operators: vec![OperatorConfig {
                name: "operator".to_owned(),
                url: format!("http://{}", operator.addr),
                api_key: KEY.into(),
            }],
            network: network(),
            deposits: Default::default(),
            push: None,
            members: MemberConfig {
                bearer_sessions: true,
                new_devices_wait_h: 0,
                ..Default::default()
            },
            proxy: Default::default(),
            clock: Clock::system(),
        });
        Self { data, wallet: wallet.await.expect("the wallet server starts"), operator }
    }

    /// Stops both.
    pub async fn close(self) {
        self.wallet.stop().await;
        self.operator.stop().await;
    }
}

fn network() -> domain::wire::Network {
    let uuid = uuid::Uuid::from_u128(1);
    domain::wire::Network::new("Bench", uuid, "pay.example", "#000000").expect("a network")
}

async fn operator(database: PathBuf) -> Running {
    let listen = "127.0.0.1:0".parse().expect("an address");
    let config = operator_server::Config {
        listen,
        database,
        api_key: KEY.into(),
        proxy: Default::default(),
        settlement: Default::default(),
    };
    operator_server::start(config).await.expect("the operator server starts")
}

/// Makes the folder beside and renames it: half a register is never measured.
async fn make(folder: &Path, stores: usize) {
    let beside = folder.with_extension("new");
    let _ = fs::remove_dir_all(&beside);
    fs::create_dir_all(&beside).expect("a folder");
    let list = beside.join("bench.csv");
    write_list(&list, stores).expect("a list");
    let database = open_database(&beside.join("wallet")).await.expect("a database");
    let order = Import {
        licence: Some("CC0-1.0".to_owned()),
        as_of: Some(Timestamp(0)),
        ..Import::of(&list, Clock::system().now())
    };
    let summary = import(&database, &order, |_| ()).await.expect("an import");
    assert!(summary.taken() == stores as u64, "{summary}");
    database.close().await;
    fs::remove_file(&list).expect("the list");
    seed(&beside).await;
    fs::rename(&beside, folder).expect("a folder");
}

fn write_list(path: &Path, stores: usize) -> io::Result<()> {
    let mut list = BufWriter::new(fs::File::create(path)?);
    let names = SCHEMES.map(|scheme| format!("payment:{scheme}")).join(",");
    writeln!(list, "name,lat,lon,addr:street,addr:city,addr:country,{names}")?;
    let says = ["yes"; SCHEMES.len()].join(",");
    for place_nth in 0..places(stores) {
        let [lat, lon] = place(place_nth);
        for nth in 0..AT_ONE_PLACE {
            let lat = (lat + nth * STORE_E7) as f64 / 1e7;
            let lon = lon as f64 / 1e7;
            let street = format!("High Street {nth},Town {place_nth},IT");
            writeln!(list, "Store {place_nth},{lat:.7},{lon:.7},{street},{says}")?;
        }
    }
    list.flush()
}

async fn seed(folder: &Path) {
    let operator = json!({
        "accounts": [{"id": "a", "name": "Account", "number_end": "0042", "currency": "EUR",
            "history": [{"at": 1_000, "amount": 100_000, "text": "Salary"}]}],
        "cards": [{"id": "c", "name": "Card", "number_end": "4242",
            "expires_at": 4_000_000_000_000_i64, "limit": {"amount": 200_000, "currency": "EUR"}}],
        "grants": [{"grant": CARD_GRANT, "held_by": "card", "id": "c"},
            {"grant": ACCOUNT_GRANT, "held_by": "account", "id": "a"}],
    });
    let operator = serde_json::from_value(operator).expect("a seed");
    operator_server::seed(&folder.join("operator.db"), &operator).await.expect("a seed");
    let method = |id: &str, kind: &str, scheme: &str, backing: serde_json::Value| {
        json!({"method": {"id": id, "kind": kind, "name": id, "blocked": false,
            "expires_at": null, "minimum": null,
            "rides": [{"scheme": scheme, "channel": "contactless"}]},
            "backing": backing, "times_used": 1})
    };
    let money = json!({"held_by": "wallet", "balance": {"amount": 1_250, "currency": "EUR"}});
    let wallet = json!({"members": [{"user_id": USER, "password": PASSWORD, "methods": [
        method("card", "credit_card", "visa", json!({"held_by": "card", "id": "c", "grant": CARD_GRANT})),
        method("bank", "bank_account", "bancomat", json!({"held_by": "account", "id": "a", "grant": ACCOUNT_GRANT})),
        method("money", "electronic_money", "tillsight", money),
    ]}]});
    let wallet = serde_json::from_value(wallet).expect("a seed");
    wallet_server::seed(&folder.join("wallet"), &wallet).await.expect("a seed");
}
