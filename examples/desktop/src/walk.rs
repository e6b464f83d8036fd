//! One visit in four acts, a fifth in which somebody joins, and a sixth in which the member pays.

pub mod decided;
mod picture;

use std::{io, path::PathBuf, time::Duration};

use anyhow::Context;
use serde::Serialize;
use testkit::Phone;
use tillsight::{
    ChoiceKind, MemberAsk, ServerProblem, WalletError,
    screen::SettlementScreen,
    sensed::{BeaconReport, Fix},
};

use crate::{
    cast::{self, Cast, Lists},
    joining::{self, Joined},
    lines, member,
    page::{self, Course},
    paying::{self, Paid},
    place::Spot,
    print,
};

/// What the walk is asked for.
#[derive(clap::Args)]
pub struct Visit {
    /// Exit after the walk; otherwise the servers go on, with a page for the browser, until Ctrl-C.
    #[arg(long)]
    once: bool,
    /// Print the screens as JSON lines (docs/harness.md) and nothing else to standard output.
    #[arg(long)]
    json: bool,
    /// The OpenStreetMap extract to visit [default: Rome, round Termini].
    #[arg(long, value_name = "FILE.osm.pbf", env = "TILLSIGHT_WORLD")]
    world: Option<PathBuf>,
    /// Which of the usable methods to show.
    #[arg(long, value_enum, default_value_t = Choice::All)]
    choice: Choice,
    /// What the stores are said to take: what is really known of them, or made-up lists.
    #[arg(long, value_enum, default_value_t = Lists::Real)]
    lists: Lists,
    /// Which store is visited, where the phone stands, and what made-up lists say.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Make copies of the world's stores until there are so many.
    #[arg(long, default_value_t = 0, value_name = "N")]
    stores: usize,
}

/// Which of the usable methods to show.
#[derive(Clone, Copy, clap::ValueEnum)]
pub enum Choice {
    /// All of them, the most used first.
    All,
    /// Only the most used.
    MostUsed,
    /// Only the one with the largest balance.
    LargestBalance,
}

/// The server is in this process; what takes longer is a fault of it.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// How long a server on this machine takes to answer, a busy one too.
const ANSWER_WAIT: Duration = Duration::from_secs(3);
/// Frames a store beacon sends while a person looks at the phone: one a second.
const FRAMES: i64 = 6;
/// Heard from a counter's length away.
const RSSI_DBM: i16 = -58;

/// One printed screen, as `--json` writes it: see docs/harness.md.
#[derive(Serialize)]
struct Line<'a> {
    act: u8,
    sensed: &'a str,
    answer: &'a str,
    store_visited: &'a str,
    screen: &'a SettlementScreen,
}

/// The line of the fifth act.
#[derive(Serialize)]
struct JoinedLine<'a> {
    act: u8,
    #[serde(flatten)]
    joined: &'a Joined,
}

/// The line of the sixth act.
#[derive(Serialize)]
struct PaidLine<'a> {
    act: u8,
    #[serde(flatten)]
    paid: &'a Paid,
}

/// Walks the visit that `options` ask for, until SIGINT or SIGTERM. Either way the folders with the
/// servers' data are removed: whoever drops the walk drops them.
pub async fn until_signal(options: Visit) -> anyhow::Result<()> {
    let mut signal = server_kit::StopSignal::listen()?;
    tokio::select! {
        walked = walk(options) => walked,
        () = signal.received() => {
            eprintln!("stopped; the servers' data is removed");
            Ok(())
        }
    }
}

/// Assembles the cast and walks the visit.
async fn walk(options: Visit) -> anyhow::Result<()> {
    // On the page the wallet server is stopped and started, and the phone knows it by its address.
    let port = if options.once { 0 } else { cast::free_port()? };
    let (world, seed, lists) = (options.world.as_deref(), options.seed, options.lists);
    let mut cast = Cast::assemble_with(world, seed, port, lists, options.stores).await?;
    let mut out = Printer { json: options.json };
    out.say(&cast.summary.to_string())?;
    for (name, url) in cast.servers.operator_urls() {
        out.say(&format!("settlement operator server {name} {url}"))?;
    }
    out.say(&format!("wallet server {}\n", cast.servers.wallet_url()))?;
    visit(&mut cast, &options, &mut out).await?;
    cast.servers.start_wallet_server().await?;
    out.act(5, "somebody joins, links an account and a card, and deposits")?;
    out.joined(&joining::play(&cast.servers).await?)?;
    let visited = cast.visited.store.clone();
    out.act(6, "the member pays on all three channels and gets a part back")?;
    for channel in paying::CHANNELS {
        match paying::store(&cast.stores, &visited, channel) {
            Some(store) => out.paid(&paying::play(&cast.servers, store, channel).await?)?,
            None => out.say("no store of this world takes the wallet's own money in this way")?,
        }
    }
    if !options.once {
        let store = visited.id;
        let key_file = cast.servers.terminal_key_file(store).await?;
        let terminal = cast::terminal_command(&cast.servers.wallet_url(), &store.to_string());
        out.say(&format!(
            "The servers go on until Ctrl-C.\n  wallet server {}   root key {}\n  \
             member {:?}, password {:?}, settlement code {:?}\n  the store's sign: {terminal}\n  \
             a payment there:  {terminal} --key-file {} charge --amount 12.50\n  \
             a card to register: link code {:?}",
            cast.servers.wallet_url(),
            cast.servers.root_key(),
            member::USER_ID,
            member::PASSWORD,
            member::SETTLEMENT_CODE,
            key_file.display(),
            member::LINK_CODE
        ))?;
        let Visit { world, lists, stores, seed, .. } = options;
        let page = page::lay_out(Course { world, lists, stores }, cast, seed).await?;
        out.say(&format!("\n  the phone, the map and the till: {}", page.link))?;
        // Until a signal ends the walk.
        page.run().await;
        return Ok(());
    }
    cast.servers.stop().await;
    Ok(())
}

async fn visit(cast: &mut Cast, options: &Visit, out: &mut Printer) -> anyhow::Result<()> {
    let spot = cast.visited.clone();
    let url = cast.servers.wallet_url();
    let phone = Phone::switch_on(testkit::folder()?, &url, cast.servers.root_key())?;
    let store = spot.store.clone();
    let id = store.id.to_string();
    // The core waits for the network, so it lives beside the servers' threads.
    tokio::task::block_in_place(|| -> anyhow::Result<()> {
        phone.wallet.ask(MemberAsk {
            amount_minor: None,
            currency: None,
            choice: match options.choice {
                Choice::All => ChoiceKind::All,
                Choice::MostUsed => ChoiceKind::MostUsed,
                Choice::LargestBalance => ChoiceKind::LargestBalance,
            },
            phone_has_nfc: true,
        });
        member::log_in(&phone)?;
        phone.wallet.prefetch(store.position.lat(), store.position.lon())?;

        out.act(1, "a position fix, before the door")?;
        phone.wallet.screen_opened();
        phone.pass(Duration::from_secs(60));
        phone.forget_screens();
        let first = phone.wallet.sense_fix(fix(&phone, &spot))?;
        out.both(1, "fix", &id, &first, &phone)?;

        let shown = terminal::fetch(&url, &id)?;
        out.act(2, "the store's beacon, inside")?;
        phone.pass(Duration::from_secs(6));
        phone.forget_screens();
        phone.wallet.scanning(true);
        let mut screen = phone.wallet.screen();
        for _ in 0..FRAMES {
            phone.pass(Duration::from_secs(1));
            screen = phone.wallet.sense_beacon(BeaconReport::Advertisement {
                bytes: shown.beacon_advert(),
                rssi_dbm: RSSI_DBM,
                heard_at_ms: phone.now_ms(),
            })?;
        }
        out.both(2, "beacon", &id, &screen, &phone)?;

        phone.wallet.scanning(false);
        out.act(3, "the picture of the store code on the counter")?;
        if !options.json {
            lines::say(shown.picture().for_terminal())?;
        }
        phone.pass(Duration::from_secs(60));
        phone.wallet.sense_fix(fix(&phone, &spot))?;
        phone.forget_screens();
        let picture = picture::of_png(&shown.picture().png(4)?)?;
        // A camera looks again and again; the decoder gives each look little time.
        let mut looks =
            (0..FRAMES).map(|_| phone.wallet.sense_plane(&picture.luma, picture.shape()));
        let seen = looks.find_map(|seen| seen.map(|seen| seen.screen).transpose());
        let screen = seen.context("the decoder saw no code in the terminal's own picture")??;
        out.both(3, "store_code", &id, &screen, &phone)
    })?;
    cast.servers.stop_wallet_server().await;
    tokio::task::block_in_place(|| -> anyhow::Result<()> {
        out.act(4, "the same store, after the wallet server was stopped")?;
        phone.pass(Duration::from_secs(300));
        phone.wallet.sense_fix(fix(&phone, &spot))?;
        phone.forget_screens();
        let first = phone.wallet.choose_store(id.clone())?;
        out.both(4, "chosen", &id, &first, &phone)?;
        // The core says plainly that the server is away; the screen stands.
        match phone.wallet.refresh() {
            Err(WalletError::ServerAway { kind: ServerProblem::Unreachable, .. }) => Ok(()),
            Err(other) => Err(other.into()),
            Ok(_) => anyhow::bail!("the stopped server answered"),
        }
    })
}

/// The phone before the door, as its receiver would report it.
fn fix(phone: &Phone, spot: &Spot) -> Fix {
    let fix = phone.fix(spot.fix.lat(), spot.fix.lon());
    Fix { accuracy_m: spot.accuracy_m, ..fix }
}

/// Where the acts go: lines for a person, or one JSON object a line.
struct Printer {
    json: bool,
}

impl Printer {
    fn say(&self, text: &str) -> io::Result<()> {
        if self.json {
            eprintln!("{text}");
            return Ok(());
        }
        lines::say(text)
    }

    fn act(&self, number: u8, title: &str) -> io::Result<()> {
        if self.json {
            return Ok(());
        }
        lines::say(format_args!("Act {number}: {title}"))
    }

    fn joined(&self, joined: &Joined) -> anyhow::Result<()> {
        if self.json {
            lines::say(serde_json::to_string(&JoinedLine { act: 5, joined })?)?;
        } else {
            lines::say(print::joined(joined))?;
        }
        Ok(())
    }

    fn paid(&self, paid: &Paid) -> anyhow::Result<()> {
        if self.json {
            lines::say(serde_json::to_string(&PaidLine { act: 6, paid })?)?;
        } else {
            lines::say(print::paid(paid))?;
        }
        Ok(())
    }

    /// The screen that came at once from the phone's cache, and the one that replaced it.
    fn both(
        &self,
        act: u8,
        sensed: &str,
        store_visited: &str,
        at_once: &SettlementScreen,
        phone: &Phone,
    ) -> anyhow::Result<()> {
        let succeeds = |screen: &SettlementScreen| screen.revision > at_once.revision;
        let at_once_answered = phone.await_screen(ANSWER_WAIT, succeeds);
        // The core asks at most every five seconds. Where the answer to what was sensed before came
        // first, nothing was asked after `at_once`, until the member looks again.
        let later = at_once_answered.or_else(|| {
            phone.look_again();
            phone.await_screen(LONGEST_WAIT, succeeds)
        });
        let later = later.context("the core told of no newer screen after it asked the server")?;
        if self.json {
            for (answer, screen) in [("cache", at_once), ("server", &later)] {
                let line = Line { act, sensed, answer, store_visited, screen };
                lines::say(serde_json::to_string(&line)?)?;
            }
        } else {
            lines::say(print::text(&later))?;
        }
        Ok(())
    }
}
