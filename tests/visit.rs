//! The flow with real servers: what a member sees at the door, and what happens when things go away.

mod cast;

use std::time::Duration;

use cast::{Cast, NOTHING_KNOWN, TAKES_CARDS, TAKES_WALLET};
use tillsight::{
    MemberAsk, Remedy, ServerProblem, WalletError,
    screen::{Evidence, MethodState, Place, ServerState, SettlementScreen, WhyNot},
};

fn names(rows: &[tillsight::screen::MethodRow]) -> Vec<&str> {
    rows.iter().map(|row| row.name.as_str()).collect()
}

fn store(screen: &SettlementScreen) -> &str {
    screen.store.as_ref().map_or("", |store| store.name.as_str())
}

#[test]
fn the_store_is_found_from_the_phones_position() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let screen = phone.wallet.sense_fix(phone.fix_at(&TAKES_WALLET)).unwrap();
    assert_eq!(store(&screen), TAKES_WALLET.name);
    assert_eq!(screen.evidence, [Evidence::Position]);
    // A position alone never says "here".
    assert_eq!(screen.place, Place::Choose);
}

#[test]
fn the_store_is_found_from_what_its_radio_sent() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let sign = cast.sign(&TAKES_CARDS);
    let screen = phone.hear(&sign);
    assert_eq!((screen.place, store(&screen)), (Place::Here, TAKES_CARDS.name));
    assert!(screen.evidence.contains(&Evidence::Beacon));
}

#[test]
fn the_store_is_found_from_its_two_dimensional_code() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    phone.wallet.sense_fix(phone.fix_at(&TAKES_CARDS)).unwrap();
    let sign = cast.sign(&TAKES_CARDS);
    for text in [sign.sign().code.clone(), sign.sign().url.clone()] {
        let screen = phone.wallet.sense_text(text).unwrap();
        assert_eq!((screen.place, store(&screen)), (Place::Here, TAKES_CARDS.name));
        assert!(screen.evidence.contains(&Evidence::SignedCode));
    }
}

#[test]
fn usable_methods_are_active_others_inactive_with_a_reason_and_each_shows_its_balance() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let screen = phone.enter(&cast, &TAKES_CARDS);
    assert_eq!(names(&screen.active), ["Visa"]);
    assert_eq!(names(&screen.inactive), ["Wallet", "Old card"]);
    assert_eq!(screen.inactive[0].reason, Some(WhyNot::StoreDoesNotTake));
    assert_eq!(screen.inactive[1].reason, Some(WhyNot::Expired));
    let balances: Vec<_> = screen.active.iter().chain(&screen.inactive).collect();
    let texts: Vec<_> =
        balances.iter().map(|row| row.balance.as_ref().unwrap().text.as_str()).collect();
    assert_eq!(texts, ["900.00 EUR", "12.50 EUR", "500.00 EUR"]);
    assert!(screen.suggestions.is_empty());
}

#[test]
fn when_nothing_works_what_the_store_takes_is_told_with_how_to_register_it() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    phone.enter(&cast, &TAKES_WALLET);
    let asked = MemberAsk {
        amount_minor: Some(10_000_000),
        currency: Some("EUR".to_owned()),
        ..cast::ask_all()
    };
    let screen = phone.wallet.ask(asked);
    assert!(screen.active.is_empty());
    let told: Vec<_> = screen.suggestions.iter().map(|row| row.scheme.as_str()).collect();
    assert_eq!(told, ["tillsight", "suica"]);
    assert!(screen.suggestions.iter().all(|row| !row.how_to_register.is_empty()));
}

#[test]
fn a_store_nobody_said_anything_of_is_told_as_unknown() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let screen = phone.enter(&cast, &NOTHING_KNOWN);
    assert!(screen.store_list_unknown);
    assert_eq!(names(&screen.unsure), ["Wallet", "Visa"]);
    assert!(screen.unsure.iter().all(|row| row.state == MethodState::Unknown));
}

#[test]
fn live_balances_replace_the_cached_ones_through_the_listener() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    phone.enter(&cast, &TAKES_CARDS);
    cast.book_on_card(15_000);
    phone.pass(Duration::from_secs(60));
    phone.forget_told();
    let at_once = phone.wallet.screen_opened();
    assert_eq!(at_once.active[0].balance.as_ref().unwrap().minor, 90_000);
    // An earlier question may still be under way; the answer to this one must come.
    let live = |screen: &SettlementScreen| {
        let balance = screen.active.first().and_then(|row| row.balance.as_ref());
        balance.is_some_and(|left| left.minor == 75_000)
    };
    let later = phone.await_told_that(live);
    assert_eq!(later.freshness.server, ServerState::Live);
}

#[test]
fn with_the_server_away_the_same_screen_stands_with_the_age_of_what_it_shows() {
    let mut cast = Cast::assemble();
    let phone = cast.phone();
    let before = phone.enter(&cast, &TAKES_CARDS);
    cast.stop_wallet_server();
    phone.pass(Duration::from_secs(300));
    phone.forget_told();
    phone.wallet.choose_store(before.store.as_ref().unwrap().id.clone()).unwrap();
    let later = phone.await_told_that(|screen| screen.freshness.server == ServerState::Away);
    assert!(later.freshness.balances_age_s >= Some(300));
    assert_eq!(names(&later.active), names(&before.active));
    assert_eq!(later.active[0].balance, before.active[0].balance);
    let refused = phone.wallet.refresh().unwrap_err();
    assert!(matches!(refused, WalletError::ServerAway { kind: ServerProblem::Unreachable, .. }));
}

#[test]
fn a_phone_that_starts_in_a_tunnel_shows_what_it_knew() {
    let mut cast = Cast::assemble();
    let folder = {
        let phone = cast.phone();
        phone.enter(&cast, &TAKES_CARDS);
        phone.switch_off()
    };
    cast.stop_wallet_server();
    let phone = cast.phone_in(folder);
    let screen = phone.wallet.sense_fix(phone.fix_at(&TAKES_CARDS)).unwrap();
    assert_eq!(store(&screen), TAKES_CARDS.name);
    let visa = screen.active.iter().chain(&screen.unsure).find(|row| row.name == "Visa").unwrap();
    assert_eq!(visa.balance.as_ref().unwrap().minor, 90_000);
}

#[test]
fn a_sign_the_cache_does_not_know_is_resolved_by_the_server() {
    let cast = Cast::assemble();
    let phone = cast.phone_without_stores();
    let sign = cast.sign(&TAKES_CARDS);
    let first = phone.wallet.sense_text(sign.sign().code.clone()).unwrap();
    assert_eq!(first.store, None);
    let later = phone.await_told_that(|screen| screen.store.is_some());
    assert_eq!(store(&later), TAKES_CARDS.name);
}

#[test]
fn a_wrong_password_is_refused_and_logging_out_forgets_the_member() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let refused = phone.wallet.log_in(cast::USER_ID.to_owned(), "wrong".to_owned()).unwrap_err();
    assert!(
        matches!(&refused, WalletError::LoginRefused { advice } if advice.remedy == Remedy::LogIn)
    );
    phone.enter(&cast, &TAKES_CARDS);
    phone.wallet.log_out().unwrap();
    let screen = phone.wallet.screen();
    assert!(screen.active.is_empty() && screen.inactive.is_empty() && screen.unsure.is_empty());
    assert_eq!(screen.freshness.server, ServerState::LoggedOut);
    let refused = phone.wallet.refresh().unwrap_err();
    assert!(matches!(refused, WalletError::NotLoggedIn { .. }));
}

#[test]
fn a_bad_signal_loses_nothing_and_the_next_good_one_works() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let before = phone.enter(&cast, &TAKES_CARDS);
    let mut forged = cast.sign(&TAKES_WALLET).sign().code.clone();
    forged.replace_range(60..61, if &forged[60..61] == "0" { "1" } else { "0" });
    assert!(phone.wallet.sense_text(forged).is_err());
    assert!(phone.wallet.sense_fix(phone.mocked_fix()).is_err());
    assert_eq!(store(&phone.wallet.screen()), store(&before));
    let next = phone.enter(&cast, &TAKES_WALLET);
    assert_eq!((next.place, store(&next)), (Place::Here, TAKES_WALLET.name));
}
