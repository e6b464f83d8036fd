//! The flow with real servers: what a member sees at the door, and what happens when things go away.

mod deposits;
mod linking;
mod notices;
mod reports;
mod payments;
mod sessions;
mod why;

use std::{sync::Arc, time::Duration};

use domain::Timestamp;
use signs::emvco::{Tag, Writer};
use testkit::{
    Cast,
    town::{self, NOTHING_KNOWN, TAKES_CARDS, TAKES_WALLET},
};
use tillsight::{
    MemberAsk, PlanListener, Remedy, ServerProblem, SignalProblem, WalletError,
    entry::recording::RecordedPositions,
    plan::{BeaconMode, Platform, SensingPlan, SensingPolicy},
    screen::{
        CodeWarning, Evidence, MethodState, Place, ServerState, SettlementScreen, SignKind, WhyNot,
    },
    sensed::BeaconReport,
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
fn a_card_past_its_validity_does_not_work_on_a_phone_whose_clock_is_a_year_behind() {
    let cast = Cast::assemble();
    let phone = cast.strangers_phone();
    phone.clock.pass_ms(-365 * 86_400_000);
    phone.wallet.log_in(town::USER_ID.to_owned(), town::PASSWORD.to_owned()).unwrap();
    phone.wallet.prefetch(TAKES_CARDS.lat, TAKES_CARDS.lon).unwrap();
    let screen = phone.wallet.sense_fix(phone.fix_at(&TAKES_CARDS)).unwrap();
    let old = screen.inactive.iter().find(|row| row.id == "old").map(|row| row.reason);
    assert_eq!(old, Some(Some(WhyNot::Expired)));
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
        ..testkit::ask_all()
    };
    let screen = phone.wallet.ask(asked);
    assert!(screen.active.is_empty());
    let sender: Vec<_> = screen.suggestions.iter().map(|row| row.scheme.as_str()).collect();
    assert_eq!(sender, ["tillsight", "suica"]);
    assert!(screen.suggestions.iter().all(|row| !row.how_to_register.is_empty()));
}

#[test]
fn the_plan_asks_for_all_there_is_when_the_screen_opens_and_for_nothing_afterwards() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let (sender, plans) = std::sync::mpsc::channel();
    let listener = Some(Arc::new(Plans(sender)) as Arc<dyn PlanListener>);
    phone.wallet.set_plan_listener(SensingPolicy::Screen, Platform::Android, listener).unwrap();
    let next = || plans.recv_timeout(Duration::from_secs(20)).unwrap();
    let at_first = next();
    assert_eq!((at_first.fixes_every_ms, at_first.beacons), (None, BeaconMode::Off));
    phone.wallet.screen_opened();
    let open = next();
    assert_eq!((open.fixes_every_ms, open.beacons), (Some(1_000), BeaconMode::Burst));
    assert!(!open.filters.is_empty() && open.wifi);
    phone.pass(Duration::from_secs(11));
    let later = next();
    assert_eq!((later.fixes_every_ms, later.beacons), (None, BeaconMode::Off));
    // Nobody is told any more.
    phone.wallet.set_plan_listener(SensingPolicy::Screen, Platform::Android, None).unwrap();
    assert!(plans.recv_timeout(Duration::from_secs(20)).is_err());
}

struct Plans(std::sync::mpsc::Sender<SensingPlan>);

impl PlanListener for Plans {
    fn on_plan(&self, plan: SensingPlan) {
        let _ = self.0.send(plan);
    }
}

#[test]
fn a_recording_replays_to_the_same_screens_byte_for_byte() {
    let mut cast = Cast::assemble();
    let phone = cast.phone_at_a_fixed_time();
    let code = cast.sign(&TAKES_CARDS).sign().code.clone();
    cast.stop_wallet_server();
    phone.wallet.refresh().unwrap_err();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("visit.jsonl").display().to_string();
    let began = Timestamp(phone.now_ms());
    phone.wallet.start_recording(path.clone(), RecordedPositions::Exact).unwrap();
    // The recording begins with the member's habits, and that the screen is closed.
    let first = phone.wallet.screen();
    let mut live = vec![first.clone(), first, phone.wallet.screen_opened()];
    for place in [&TAKES_WALLET, &TAKES_CARDS] {
        phone.pass(Duration::from_secs(90));
        live.push(phone.wallet.sense_fix(phone.fix_at(place)).unwrap());
    }
    phone.pass(Duration::from_secs(5));
    live.push(phone.wallet.sense_text(code).unwrap());
    phone.wallet.stop_recording();
    phone.wallet.sense_fix(phone.fix_at(&NOTHING_KNOWN)).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let mut replayed = phone.wallet.replay(&text, began).unwrap();
    // What a code says of itself and which store it names are two signals of one call.
    replayed.remove(replayed.len() - 2);
    let bytes = |screens: &[SettlementScreen]| serde_json::to_string_pretty(screens).unwrap();
    assert_eq!(bytes(&replayed), bytes(&live));
    assert!(!text.contains(town::USER_ID));
    // A file that is there is never written over.
    assert!(phone.wallet.start_recording(path, RecordedPositions::Exact).is_err());
}

#[test]
fn where_the_member_was_before_speaks_for_the_store_after_a_restart() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    phone.enter(&cast, &TAKES_CARDS);
    // Whatever the worker had to keep is kept once it has answered.
    phone.pass(Duration::from_secs(60));
    phone.wallet.screen_opened();
    phone.await_screen_that(|screen| screen.drawn_at_ms >= phone.now_ms() - 10_000);
    let phone = cast.phone_in(phone.switch_off());
    let screen = phone.wallet.sense_fix(phone.fix_at(&TAKES_CARDS)).unwrap();
    assert!(screen.evidence.contains(&Evidence::Habit), "{:?}", screen.evidence);
}

#[test]
fn a_payment_code_sets_the_amount_for_as_long_as_it_lives() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    phone.wallet.sense_fix(phone.fix_at(&TAKES_CARDS)).unwrap();
    let payment = cast.payment(&TAKES_CARDS, 1_000_000);
    let screen = phone.wallet.sense_tag(payment.url.clone()).unwrap();
    assert_eq!((screen.place, store(&screen)), (Place::Here, TAKES_CARDS.name));
    let code = screen.code.unwrap();
    assert_eq!(
        (code.kind, code.amount.unwrap().text.as_str()),
        (SignKind::PaymentCode, "10000.00 EUR")
    );
    assert!(screen.active.is_empty());
    assert_eq!(screen.inactive[1].reason, Some(WhyNot::LimitReached));
    phone.pass(Duration::from_secs(70));
    let later = phone.wallet.screen();
    assert_eq!((later.code, names(&later.active)), (None, vec!["Visa"]));
    // A photograph of it is worth nothing any more.
    assert!(phone.wallet.sense_text(payment.code).is_err());
}

#[test]
fn a_code_carried_to_another_place_is_told_and_asks_for_nothing() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    phone.wallet.sense_fix(phone.fix_at(&NOTHING_KNOWN)).unwrap();
    let payment = cast.payment(&TAKES_CARDS, 1_250);
    let screen = phone.wallet.sense_text(payment.code).unwrap();
    assert_ne!(screen.place, Place::Here);
    assert_eq!(screen.alarm.unwrap().code_says, TAKES_CARDS.name);
    let note = screen.code.unwrap();
    assert_eq!((note.warnings[0], note.amount), (CodeWarning::FarFromItsPlace, None));
}

#[test]
fn a_code_of_another_kind_tells_what_can_be_paid_by_it_and_where_it_says_it_hangs() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    phone.enter(&cast, &TAKES_WALLET);
    let code = Writer::new()
        .object(Tag(1), "12")
        .template(Tag(26), &[(Tag(0), "SG.PAYNOW"), (Tag(1), "0"), (Tag(2), "+6591234567")])
        .object(Tag(2), "4111111111111111")
        .object(Tag(52), "0000")
        .object(Tag(53), "978")
        .object(Tag(54), "5.00")
        .object(Tag(58), "SG")
        .object(Tag(59), "TAN AH KOW")
        .object(Tag(60), "Singapore")
        .finish()
        .unwrap();
    let screen = phone.wallet.sense_text(code.clone()).unwrap();
    let note = screen.code.unwrap();
    assert_eq!((note.kind, note.payee.as_str()), (SignKind::MerchantCode, "TAN AH KOW"));
    assert_eq!(note.amount.unwrap().text, "5.00 EUR");
    assert!(note.schemes.contains(&"PayNow".to_owned()), "{:?}", note.schemes);
    assert_eq!(note.warnings[0], CodeWarning::PersonalAccount);
    assert!(note.warnings.contains(&CodeWarning::OtherCountry), "{:?}", note.warnings);
    let damaged = code.replace("5.00", "9.00");
    let refused = phone.wallet.sense_text(damaged);
    let Err(WalletError::Signal { problem, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(problem, SignalProblem::CodeMalformed);
}

#[test]
fn a_rotating_beacon_proves_itself_and_a_recording_of_it_says_nothing() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    phone.wallet.sense_fix(phone.fix_at(&TAKES_CARDS)).unwrap();
    let advert = cast.rotating_advert(&TAKES_CARDS);
    let report = || BeaconReport::Advertisement {
        bytes: advert.clone(),
        rssi_dbm: -60,
        heard_at_ms: phone.now_ms(),
    };
    // Foreign until the ids of the place have come.
    let known = (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        phone.wallet.sense_beacon(report()).is_ok()
    });
    assert!(known, "the rotating id was never known");
    assert!(phone.wallet.screen().evidence.contains(&Evidence::Beacon));
    phone.pass(Duration::from_secs(3_600));
    let refused = phone.wallet.sense_beacon(report());
    let Err(WalletError::Signal { problem, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(problem, SignalProblem::FrameForeign);
}

#[test]
fn a_store_nobody_said_anything_of_is_told_as_unknown() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let screen = phone.enter(&cast, &NOTHING_KNOWN);
    assert!(screen.store_list_unknown);
    assert_eq!(names(&screen.unsure), ["Wallet", "Visa"]);
    assert!(screen.unsure.iter().all(|row| row.state == MethodState::Unsure));
}

#[test]
fn live_balances_replace_the_cached_ones_through_the_listener() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    phone.enter(&cast, &TAKES_CARDS);
    cast.book_on_card(15_000);
    phone.pass(Duration::from_secs(60));
    phone.forget_screens();
    let at_once = phone.wallet.screen_opened();
    assert_eq!(at_once.active[0].balance.as_ref().unwrap().minor, 90_000);
    let live = |screen: &SettlementScreen| {
        let balance = screen.active.first().and_then(|row| row.balance.as_ref());
        balance.is_some_and(|left| left.minor == 75_000)
    };
    // For some seconds the server tells again what the operator said before the booking.
    let later = (0..10).find_map(|_| {
        phone.look_again();
        phone.await_screen(Duration::from_secs(2), live)
    });
    assert_eq!(later.expect("no booked balance").freshness.server, ServerState::Live);
}

#[test]
fn with_the_server_away_the_same_screen_stands_with_the_age_of_what_it_shows() {
    let mut cast = Cast::assemble();
    let phone = cast.phone();
    let before = phone.enter(&cast, &TAKES_CARDS);
    cast.stop_wallet_server();
    phone.pass(Duration::from_secs(300));
    phone.forget_screens();
    phone.wallet.choose_store(before.store.as_ref().unwrap().id.clone()).unwrap();
    let later = phone.await_screen_that(|screen| screen.freshness.server == ServerState::Away);
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
    let visa = screen.active.iter().chain(&screen.likely).chain(&screen.unsure);
    let visa = visa.into_iter().find(|row| row.name == "Visa").unwrap();
    assert_eq!(visa.balance.as_ref().unwrap().minor, 90_000);
}

#[test]
fn a_code_of_a_store_the_cache_does_not_know_is_looked_up_where_it_hangs() {
    let cast = Cast::assemble();
    let phone = cast.phone_without_stores();
    let sign = cast.sign(&TAKES_CARDS);
    let first = phone.wallet.sense_text(sign.sign().code.clone()).unwrap();
    assert_eq!(first.store, None);
    let later = phone.await_screen_that(|screen| screen.store.is_some());
    assert_eq!(store(&later), TAKES_CARDS.name);
}

#[test]
fn a_wrong_password_is_refused_and_logging_out_forgets_the_member() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let refused = phone.wallet.log_in(town::USER_ID.to_owned(), "wrong".to_owned()).unwrap_err();
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
