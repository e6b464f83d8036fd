//! The ledger's writer: durable transfers a second through HTTP with 64 clients, spread over all
//! accounts and all to one, beside a bare SQLite batch of 32 and a call that does nothing in the same
//! run; and tap to paid, with the wallet's own money and with a card, beside the durable commits on the
//! way.
//!
//! `cargo bench --bench ledger -- --json` prints one line of JSON; `--short` takes a quarter of the
//! transfers.

mod bare;
mod clients;
mod served;
mod tap;

use tempfile::TempDir;

/// How many transfers each part is measured over.
const TRANSFERS: u64 = 12_000;
const SHORT: u64 = 3_000;
/// A payment of each kind is measured alone, one after the other.
const TRANSFERS_A_PAYMENT: u64 = 40;

fn main() -> anyhow::Result<()> {
    let has = |flag: &str| std::env::args().any(|argument| argument == flag);
    let (json, transfers) = (has("--json"), if has("--short") { SHORT } else { TRANSFERS });
    let folder = TempDir::new()?;
    let runtime = tokio::runtime::Runtime::new()?;
    // The floor before and after: the disk of a shared machine is not equally fast all the time.
    let before = bare::transfers_a_second(&folder.path().join("before.db"), transfers)?;
    let served = runtime.block_on(served::transfers_a_second(folder.path(), transfers))?;
    let served::Served { uniform, hot, undone } = served;
    let after = bare::transfers_a_second(&folder.path().join("after.db"), transfers)?;
    let floor = f64::midpoint(before, after);
    let payments = transfers / TRANSFERS_A_PAYMENT;
    // On a thread of the runtime, as the server's own calls run: from another one each step would cost a
    // wake more.
    let path = folder.path().join("tap");
    let tap = runtime.spawn(async move { tap::measure(&path, payments).await });
    let tap = runtime.block_on(tap)??;
    let hundredths = |ratio: f64| (ratio * 100.0).round() / 100.0;
    let report = serde_json::json!({
        "clients": clients::CLIENTS,
        "transfers": transfers,
        "uniform_per_s": uniform.round(),
        "hot_per_s": hot.round(),
        "bare_batch_32_per_s": floor.round(),
        "undone_per_s": undone.round(),
        "uniform_over_bare": hundredths(uniform / floor),
        "undone_over_bare": hundredths(undone / floor),
        "hot_over_uniform": hundredths(hot / uniform),
        "payments": payments,
        "commit_ms": hundredths(tap.commit_ms),
        "tap_to_paid_money_ms": hundredths(tap.money_ms),
        "tap_to_paid_card_ms": hundredths(tap.card_ms),
        "money_over_commits": hundredths(tap.money_over_commits()),
        "card_over_commits": hundredths(tap.card_over_commits()),
    });
    if json {
        println!("{report}");
    } else {
        println!("{report:#}");
    }
    Ok(())
}
