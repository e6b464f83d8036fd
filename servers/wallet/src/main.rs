//! The wallet server from a shell: `wallet-server serve`, `import FILE...`, `stores`, `seed FILE`,
//! `terminal-key STORE`, `keys`, `knowledge`.

mod knowledge_verbs;

use std::{
    io::Write as _,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::{StoreId, wire::KeyUse};
use uuid::Uuid;
use wallet_server::{
    Clock, Config, Day, DepositArgs, LogArgs, MemberArgs, NetworkArgs, OperatorArgs, ProxyArgs,
    PushArgs, RegisterKeys, Seed, open_database,
    register::{self, all},
    renew_keys,
};

/// Wallet server: members and their payment methods, the store register, and which methods work in
/// which store.
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// The folder of the database and of the keys; made when missing.
    #[arg(long, env = "TILLSIGHT_WALLET_DATA", default_value = "wallet-data", global = true)]
    data: PathBuf,
    #[command(flatten)]
    log: LogArgs,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Answers until SIGINT or SIGTERM.
    Serve(Serve),
    /// Brings stores from files into the register; a second import updates and never duplicates.
    Import(register::ImportArgs),
    /// Prints every store of the register with all that is claimed of it, one JSON line each.
    Stores,
    /// Makes the key of a store's terminal and prints it, once; the one it had before is void.
    TerminalKey {
        /// The store's UUID in the register.
        store: Uuid,
    },
    /// The keys that vouch for tiles, store codes, receipts and the list of keys itself.
    Keys(KeysArgs),
    /// Recomputes every chain and balance of the ledger; ends with 1 at the first break, named.
    Verify,
    /// Holds an operator's day file against the ledger; again and late it comes to the same.
    Reconcile(Reconcile),
    /// What stores take: lists of chains, what payments teach, sources taken out again.
    Knowledge(knowledge_verbs::KnowledgeArgs),
    /// Puts members from a JSON file into the database (shape: README).
    Seed {
        /// The file.
        file: PathBuf,
    },
}

#[derive(Args)]
struct Serve {
    /// Where to listen; port 0 takes a free one, which the log names.
    #[arg(long, env = "TILLSIGHT_WALLET_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    #[command(flatten)]
    operators: OperatorArgs,
    #[command(flatten)]
    network: NetworkArgs,
    #[command(flatten)]
    deposits: DepositArgs,
    #[command(flatten)]
    members: MemberArgs,
    #[command(flatten)]
    push: PushArgs,
    #[command(flatten)]
    proxy: ProxyArgs,
}

#[derive(Args)]
struct KeysArgs {
    /// The file of the root key, where it is not `root.key` of the data folder.
    #[arg(long, env = "TILLSIGHT_ROOT_KEY_FILE", global = true, value_name = "FILE")]
    root: Option<PathBuf>,
    #[command(subcommand)]
    verb: KeysVerb,
}

#[derive(Subcommand)]
enum KeysVerb {
    /// Prints the public keys; the root key is what apps are built with.
    Show,
    /// Makes a new key and prints it; the one before is believed for what it signed.
    Rotate {
        /// What it signs.
        signs: Signs,
        /// From now on nothing the one before signed is believed: when others have seen it.
        #[arg(long)]
        revoke: bool,
    },
    /// From now on nothing this key signed is believed, for ever.
    Revoke {
        /// 64 hexadecimal digits.
        key: String,
    },
    /// Signs the description of the network, for a server without the root key; it is to be started anew
    /// with the same.
    Network(NetworkArgs),
    /// Signs the list of keys and the description of the network anew; a server that has the root key
    /// does so by itself.
    Renew,
    /// Makes the root key that is to follow and prints it, for the next apps; the list is signed by
    /// both.
    NextRoot,
}

#[derive(Clone, Copy, ValueEnum)]
enum Signs {
    Tiles,
    StoreCodes,
    Receipts,
}

#[derive(Args)]
struct Reconcile {
    /// The operator's name in the ledger.
    #[arg(long)]
    operator: String,
    /// The day (UTC), YYYY-MM-DD.
    #[arg(long)]
    day: Day,
    /// Prints one line of JSON.
    #[arg(long)]
    json: bool,
    /// The operator's day file.
    file: PathBuf,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Cli { data, log, verb } = Cli::parse();
    log.start("wallet_server")?;
    server_kit::keep_files_private();
    match verb {
        Verb::Serve(serve) => {
            let signal = server_kit::StopSignal::listen()?;
            let running = wallet_server::start(Config {
                listen: serve.listen,
                data,
                operators: serve.operators.config()?,
                network: serve.network.network()?,
                deposits: serve.deposits,
                members: serve.members.config()?,
                push: serve.push.gateway(),
                proxy: serve.proxy,
                clock: Clock::system(),
            });
            running.await?.until(signal).await;
            Ok(())
        }
        Verb::Import(args) => {
            let database = open_database(&data).await?;
            let say = |text| write!(std::io::stdout(), "{text}");
            let imported = args.run(&database, Clock::system().now(), say).await;
            database.close().await;
            imported
        }
        Verb::Stores => print_stores(data).await,
        Verb::TerminalKey { store } => {
            println!("{}", wallet_server::terminal_key(&data, StoreId(store)).await?);
            Ok(())
        }
        Verb::Keys(KeysArgs { root, verb }) => keys(&data, root, verb).await,
        Verb::Verify => verify(&data).await,
        Verb::Reconcile(asked) => reconcile(&data, asked).await,
        Verb::Knowledge(asked) => knowledge_verbs::run(&data, asked).await,
        Verb::Seed { file } => {
            let text = std::fs::read_to_string(&file)
                .with_context(|| format!("cannot read {}", file.display()))?;
            // The reader's error could quote a password.
            let seed: Seed = serde_json::from_str(&text).map_err(|error| {
                anyhow::anyhow!(
                    "{} is no seed: line {}, column {}",
                    file.display(),
                    error.line(),
                    error.column()
                )
            })?;
            wallet_server::seed(&data, &seed).await
        }
    }
}

async fn keys(data: &Path, root: Option<PathBuf>, verb: KeysVerb) -> anyhow::Result<()> {
    let mut keys = RegisterKeys::open(data, root).await?;
    match verb {
        KeysVerb::Show => println!("{}", keys.show()?),
        KeysVerb::Rotate { signs, revoke } => {
            let signs = match signs {
                Signs::Tiles => KeyUse::Tiles,
                Signs::StoreCodes => KeyUse::StoreCodes,
                Signs::Receipts => KeyUse::Receipts,
            };
            println!("{}", keys.rotate(signs, revoke).await?);
        }
        KeysVerb::Revoke { key } => keys.revoke(&key).await?,
        KeysVerb::Network(args) => keys.describe(&args.network()?).await?,
        KeysVerb::Renew => {
            keys.renew().await?;
            renew_keys(&keys, data, Clock::system().now()).await?;
        }
        KeysVerb::NextRoot => println!("{}", keys.next_root().await?),
    }
    keys.close().await;
    Ok(())
}

async fn verify(data: &Path) -> anyhow::Result<()> {
    let database = open_database(data).await?;
    println!("{}", wallet_server::verify(&database).await?);
    database.close().await;
    Ok(())
}

async fn reconcile(data: &Path, asked: Reconcile) -> anyhow::Result<()> {
    let Reconcile { operator, day, json, file } = asked;
    let text = std::fs::read_to_string(&file)
        .with_context(|| format!("cannot read {}", file.display()))?;
    let database = open_database(data).await?;
    let now = Clock::system().now();
    let report = wallet_server::reconcile(&database, &operator, day, &text, now).await;
    database.close().await;
    let report = report.with_context(|| format!("{} was not taken", file.display()))?;
    if json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        print!("{report}");
    }
    Ok(())
}

async fn print_stores(data: PathBuf) -> anyhow::Result<()> {
    let database = open_database(&data).await?;
    for store in all(&database).await? {
        println!("{}", serde_json::to_string(&store)?);
    }
    database.close().await;
    Ok(())
}
