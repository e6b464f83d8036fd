//! Screens as a person would want to read them.

use std::fmt::Write;

use tillsight::screen::{
    CandidateRow, Chance, ChannelKind, DepositRow, DepositState, Evidence, Freshness, MethodBasis,
    MethodRow, MethodState, Place, ServerState, SettlementScreen, SourceKind, StorageWarning,
    StoreHead, StoreQuestion, SuggestionRow, WhyNot,
};
use wallet_server::Booked;

use crate::{joining::Joined, paying::Paid};

/// The screen in lines of plain text.
pub fn text(screen: &SettlementScreen) -> String {
    let mut out = String::new();
    heading(&mut out, screen);
    if let Some(alarm) = &screen.alarm {
        let elsewhere = match alarm.surroundings_say.as_str() {
            "" => "somewhere else".to_owned(),
            name => format!("at {name}"),
        };
        line(
            &mut out,
            &format!(
                "  !  The code says {}, but you are {elsewhere}. Ask before you pay.",
                alarm.code_says
            ),
        );
    }
    if let Some(StoreQuestion { store, settles }) = &screen.question {
        line(&mut out, &format!("  Are you in {}? That would settle {settles}.", title(store)));
    }
    let now = screen.drawn_at_ms;
    section(&mut out, "Works here", &screen.active, now);
    section(&mut out, "Probably works here", &screen.likely, now);
    if screen.active_not_chosen > 0 {
        line(&mut out, &format!("     and {} more that work or may", screen.active_not_chosen));
    }
    section(&mut out, "Not sure", &screen.unsure, now);
    section(&mut out, "Does not work here", &screen.inactive, now);
    suggestions(&mut out, screen);
    line(&mut out, &format!("  {}", freshness(&screen.freshness)));
    if let Some(seconds) = screen.freshness.stores_age_s {
        let days = seconds / 86_400;
        line(
            &mut out,
            &format!("  store data {days} days old: the register vouches for it no more"),
        );
    }
    for warning in &screen.storage {
        line(&mut out, &format!("  !  {}", storage(*warning)));
    }
    for attribution in &screen.attributions {
        line(&mut out, &format!("  store data {attribution}"));
    }
    out
}

/// The fifth act: the deposits, what is left where, and what the ledger booked.
pub fn joined(Joined { screen, entries, sum }: &Joined) -> String {
    let mut out = String::new();
    for DepositRow { source, amount, state, .. } in screen.deposits.iter().rev() {
        let state = match state {
            DepositState::Pending => "pending",
            DepositState::Done => "done",
            DepositState::Failed => "failed",
        };
        line(&mut out, &format!("  {:<24} {:>14}   {state}", source, amount.text));
    }
    for wallet in &screen.wallets {
        let left = wallet.balance.as_ref().map_or("balance unknown", |left| left.text.as_str());
        line(&mut out, &format!("  {:<24} {left:>14}   in the wallet", wallet.name));
    }
    ledger(&mut out, entries, *sum);
    out
}

/// The sixth act: whom was paid and how much, and what the ledger booked.
pub fn paid(Paid { screen, entries, sum, .. }: &Paid) -> String {
    let mut out = String::new();
    let amount = screen.amount.as_ref().map_or("", |amount| amount.text.as_str());
    let (by, how) = (&screen.method, channel(screen.channel));
    line(&mut out, &format!("  {:<24} {amount:>14}   paid by {by}: {how}", screen.payee));
    ledger(&mut out, entries, *sum);
    out
}

fn ledger(out: &mut String, entries: &[Booked], sum: i64) {
    line(out, "  the ledger, in minor units:");
    for Booked { account, debit, credit, currency } in entries {
        line(out, &format!("    {account:<52} {debit:>6} {credit:>6} {currency}"));
    }
    line(out, &format!("    sum {sum}"));
}

fn line(out: &mut String, text: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{text}");
}

fn heading(out: &mut String, screen: &SettlementScreen) {
    let Some(store) = &screen.store else {
        line(out, "  No store known near here.");
        return;
    };
    let signs: Vec<&str> = screen.evidence.iter().map(|&sign| evidence(sign)).collect();
    match screen.place {
        Place::Here => {
            line(out, &format!("  You are in {}", title(store)));
            line(out, &format!("  known by {}", signs.join(", ")));
        }
        Place::Choose | Place::Nowhere => {
            line(
                out,
                "  You are in or at one of these stores; the list below holds for all of them:",
            );
            line(out, &format!("    1. {}{}", title(store), away(store)));
            for (number, row) in (2..).zip(&screen.candidates) {
                line(out, &candidate(number, row));
            }
            line(out, &format!("  known by {}", signs.join(", ")));
        }
    }
}

fn candidate(number: usize, row: &CandidateRow) -> String {
    format!("    {number}. {}{}", title(&row.store), away(&row.store))
}

fn title(store: &StoreHead) -> String {
    let kind = store.industry.split_once('=').map_or("", |(_, kind)| kind).replace('_', " ");
    let mut title = match (store.name.as_str(), kind.as_str()) {
        ("", kind) => format!("a {kind} without a name"),
        (name, "") => name.to_owned(),
        (name, kind) => format!("{name} ({kind})"),
    };
    if !store.address.is_empty() {
        title.push_str(", ");
        title.push_str(&store.address);
    }
    title
}

fn away(store: &StoreHead) -> String {
    store.distance_m.map_or_else(String::new, |metres| format!(", {metres} m"))
}

fn section(out: &mut String, title: &str, rows: &[MethodRow], now_ms: i64) {
    if rows.is_empty() {
        return;
    }
    line(out, &format!("  {title}"));
    for row in rows {
        let mark = match row.state {
            MethodState::Active => 'o',
            MethodState::Likely => '~',
            MethodState::Unsure | MethodState::LikelyNot => '?',
            MethodState::Inactive => 'x',
        };
        let balance = row.balance.as_ref().map_or("balance unknown", |left| left.text.as_str());
        let remark = remark(row, now_ms);
        line(out, &format!("   {mark} {:<22} {balance:>14}   {remark}", row.name));
    }
}

/// How it works or why not, how likely while that is open, and who says so since when.
fn remark(row: &MethodRow, now_ms: i64) -> String {
    let mut parts = Vec::new();
    if row.state == MethodState::LikelyNot {
        parts.push("likely not".to_owned());
    }
    parts.extend(row.reason.map(|reason| why(reason).to_owned()));
    let by = row.by.as_ref();
    parts.extend(by.map(|by| format!("{} by {}", channel(by.channel), by.scheme_name)));
    let MethodBasis { stores, take, source: said, as_of_ms, .. } = &row.basis;
    if *stores > 1 && by.is_some() {
        parts.push(format!("{take} of the {stores} stores here take it ({})", chance(row.chance)));
    }
    let days = as_of_ms.map(|at| now_ms.saturating_sub(at).max(0) / 86_400_000);
    parts.extend(said.zip(days).map(|(said, days)| match days {
        0 => format!("{}, today", source(said)),
        1 => format!("{}, a day ago", source(said)),
        _ => format!("{}, {days} days ago", source(said)),
    }));
    parts.join("; ")
}

fn chance(Chance { low, high }: Chance) -> String {
    let (low, high) = (low / 10, high.div_ceil(10));
    if low == high { format!("{low} %") } else { format!("{low} to {high} %") }
}

fn suggestions(out: &mut String, screen: &SettlementScreen) {
    if screen.store_list_unknown {
        line(out, "  Nobody has said yet what this store takes: ask at the till.");
    }
    if screen.suggestions.is_empty() {
        return;
    }
    line(out, "  This store takes what you could register:");
    for SuggestionRow { scheme_name, channels, how_to_register, source: said, .. } in
        &screen.suggestions
    {
        let ways: Vec<&str> = channels.iter().map(|&way| channel(way)).collect();
        line(out, &format!("   + {scheme_name} ({}; {})", ways.join(" or "), source(*said)));
        line(out, &format!("     {how_to_register}"));
    }
}

fn storage(warning: StorageWarning) -> &'static str {
    match warning {
        StorageWarning::VaultPutAside => "the log-in was damaged and put aside: log in again",
        StorageWarning::TransfersPutAside => {
            "the record of payments and deposits was damaged and put aside"
        }
        StorageWarning::StoresPutAside => "the stores known were damaged and are fetched anew",
        StorageWarning::Full => "the storage is full: nothing new is kept",
        StorageWarning::ReadOnly => "the storage may not be written: nothing new is kept",
        StorageWarning::Failing => "the storage fails: nothing new is kept",
    }
}

fn freshness(freshness: &Freshness) -> String {
    let age = freshness.balances_age_s.map(|seconds| match seconds {
        0..=1 => "just now".to_owned(),
        2..=119 => format!("{seconds} s ago"),
        120..=7_199 => format!("{} min ago", seconds / 60),
        _ => format!("{} h ago", seconds / 3_600),
    });
    let age = age.unwrap_or_else(|| "never".to_owned());
    match freshness.server {
        ServerState::Live => format!("balances live ({age})"),
        ServerState::Awaited => format!("balances of {age}; asking for newer ones"),
        ServerState::Away => format!("no connection to the wallet server; balances of {age}"),
        ServerState::LoggedOut => format!("not logged in; balances of {age}"),
    }
}

fn evidence(sign: Evidence) -> &'static str {
    match sign {
        Evidence::Position => "your position",
        Evidence::Beacon => "the store's beacon",
        Evidence::SignedCode => "the store's signed code",
        Evidence::UnsignedCode => "a code that is not signed",
        Evidence::JoinedWifi => "the store's Wi-Fi, which you joined",
        Evidence::Wifi => "the store's Wi-Fi",
        Evidence::Nfc => "the store's tag",
        Evidence::Chosen => "your choice",
        Evidence::Habit => "your habit",
        Evidence::SimulatedPosition => "a simulated position",
    }
}

fn channel(channel: ChannelKind) -> &'static str {
    match channel {
        ChannelKind::Contactless => "contactless",
        ChannelKind::Scan => "scan the store's code",
        ChannelKind::Code => "show your code",
    }
}

fn source(source: SourceKind) -> &'static str {
    match source {
        SourceKind::Store => "source: the store",
        SourceKind::Settlement => "source: payments made here",
        SourceKind::Register => "source: register",
        SourceKind::OpenStreetMap => "source: OpenStreetMap",
        SourceKind::Code => "source: the code scanned",
        SourceKind::Members => "source: members who were here",
        SourceKind::Own => "source: you were here",
        SourceKind::Sibling => "source: the store takes its like",
        SourceKind::Chain => "source: chains take it",
        SourceKind::Country => "source: stores like it take it",
        SourceKind::Generated => "source: generated",
    }
}

fn why(reason: WhyNot) -> &'static str {
    match reason {
        WhyNot::StoreDoesNotTake => "the store does not take it",
        WhyNot::ChannelNotOffered => "the store takes it, but not this way",
        WhyNot::Expired => "expired",
        WhyNot::Blocked => "blocked",
        WhyNot::BalanceTooLow => "not enough left on it",
        WhyNot::BelowMinimum => "the amount is below its minimum",
        WhyNot::LimitReached => "its limit is reached",
        WhyNot::PhoneLacksNfc => "this phone cannot do contactless",
        WhyNot::OperatorDown => "its bank or company cannot be reached",
        WhyNot::StoreListUnknown => "nobody has said whether the store takes it: ask",
        WhyNot::ReportsDiffer => "some say it works here, some that it does not: ask",
    }
}
