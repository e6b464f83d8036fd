//! What the member says happened at a till: on this phone at once, and at the server later, as nobody in particular.

use std::{sync::Arc, time::Duration};

use signs::emvco::{Tag, Writer};
use testkit::{
    Cast, SetClock, Visitor,
    town::{NOTHING_KNOWN, TAKES_CARDS, TAKES_WALLET},
};
use tillsight::{
    ReportKind, RequestProblem, SignalProblem, Wallet, WalletError,
    phone::{Clock as _, PositionUseKind},
    screen::{SettlementScreen, SourceKind, WhyNot},
};

fn visa(screen: &SettlementScreen) -> (bool, Option<SourceKind>, Option<WhyNot>) {
    let works = screen.active.iter().any(|row| row.name == "Visa");
    let mut rows = screen.active.iter().chain(&screen.likely).chain(&screen.unsure);
    let row = rows.find(|row| row.name == "Visa");
    let row = row.or_else(|| screen.inactive.iter().find(|row| row.name == "Visa"));
    let row = row.expect("Visa is registered");
    (works, row.basis.source, row.reason)
}

fn visa_id(screen: &SettlementScreen) -> String {
    let mut rows = screen.active.iter().chain(&screen.inactive);
    rows.find(|row| row.name == "Visa").unwrap().id.clone()
}

/// What the server was told: refused or not, by somebody who was there or not.
fn told(cast: &Cast) -> Vec<(i64, i64, i64)> {
    let database = rusqlite::Connection::open(cast.wallet_database()).unwrap();
    let mut sums = database.prepare("SELECT taken, present, others FROM report_sum").unwrap();
    let rows = sums.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Lets time pass until the week begins, so that none ends while something waits.
fn pass_to_monday(cast: &Cast, phone: &Visitor) {
    const WEEK_MS: i64 = 7 * 86_400_000;
    // 1970-01-05 was a Monday.
    let into = (phone.now_ms() - 4 * 86_400_000).rem_euclid(WEEK_MS);
    let left = Duration::from_millis(u64::try_from(WEEK_MS - into).unwrap());
    phone.pass(left);
    cast.pass_at_the_server(left);
}

/// Lets hours pass one by one, and the phone do what it then has to, until something is so.
fn pass_hours(
    cast: &Cast,
    (wallet, clock): (&Wallet, &SetClock),
    hours: u32,
    until: impl Fn() -> bool,
) -> bool {
    (0..hours).any(|_| {
        clock.pass_ms(3_600_000);
        cast.pass_at_the_server(Duration::from_secs(3_600));
        // Returns once the core's own thread has done all of it: time does not pass within a call.
        wallet.pushed().unwrap();
        until()
    })
}

#[test]
fn what_the_member_says_shows_at_once_also_after_the_app_was_killed_and_is_told_later() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    pass_to_monday(&cast, &phone);
    let screen = phone.enter(&cast, &TAKES_CARDS);
    assert!(visa(&screen).0, "{screen:?}");
    let store = TAKES_CARDS.store_id().to_string();
    let refused =
        phone.wallet.report(store.clone(), visa_id(&screen), ReportKind::Refused).unwrap();
    let own = Some(SourceKind::Own);
    assert_eq!(visa(&refused), (false, own, Some(WhyNot::StoreDoesNotTake)));
    assert!(told(&cast).is_empty(), "it waits an hour at least");
    // The days that passed ended its session: what follows it is sealed before the phone goes off.
    phone.wallet.pushed().unwrap();
    let then = phone.now_ms();
    let folder = phone.switch_off();
    let clock = Arc::new(SetClock::default());
    clock.pass_ms(then - clock.now_ms());
    let theirs = Some(Arc::clone(&clock));
    let open = testkit::open(folder.path(), &cast.wallet_url(), cast.root_key(), theirs, None);
    let wallet = open.unwrap();
    let again = wallet.choose_store(store.clone()).unwrap();
    assert_eq!(visa(&again), (false, own, Some(WhyNot::StoreDoesNotTake)));
    // Within three days it asks for its credential, and within one the report is due.
    let phone = (&*wallet, &*clock);
    assert!(pass_hours(&cast, phone, 96, || told(&cast) == [(0, 1, 0)]), "{:?}", told(&cast));
    assert!(!pass_hours(&cast, phone, 3, || told(&cast) != [(0, 1, 0)]), "and once");
    // The log of what left the phone says so: the credential as the member, the report as nobody.
    let uses: Vec<_> =
        wallet.position_uses().into_iter().map(|it| (it.kind, it.as_member)).collect();
    let of_reports = [(PositionUseKind::Report, false), (PositionUseKind::ReportCredential, true)];
    assert_eq!(uses.get(..2), Some(&of_reports[..]), "{uses:?}");
    let worked = wallet.report(store, visa_id(&again), ReportKind::Worked).unwrap();
    assert_eq!(visa(&worked), (true, own, None));
}

#[test]
fn cash_alone_speaks_of_every_method_and_of_one_store() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let screen = phone.enter(&cast, &TAKES_CARDS);
    let (store, method) = (TAKES_CARDS.store_id().to_string(), visa_id(&screen));
    let cash = phone.wallet.report(store, method, ReportKind::CashOnly).unwrap();
    assert!(cash.active.is_empty() && cash.likely.is_empty() && cash.unsure.is_empty(), "{cash:?}");
    let other = phone.enter(&cast, &TAKES_WALLET);
    assert!(!other.active.is_empty());
}

#[test]
fn of_nothing_known_and_by_nobody_nothing_is_reported() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let store = TAKES_CARDS.store_id().to_string();
    let report = |store: &str, method: &str| {
        phone.wallet.report(store.to_owned(), method.to_owned(), ReportKind::Worked)
    };
    let Err(WalletError::Signal { problem, .. }) = report("1", "visa") else { panic!("a store") };
    assert_eq!(problem, SignalProblem::StoreUnknown);
    let refused = report(&store, "none");
    let Err(WalletError::RequestRefused { problem, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(problem, RequestProblem::NotFound);
    phone.wallet.log_out().unwrap();
    assert!(report(&store, "visa").is_err());
}

const PAYPAY: &str = "https://qr.paypay.ne.jp/28180104aBcD";

/// Who says that a store takes PayPay; `None` where nobody does.
fn paypay(screen: &SettlementScreen) -> Option<SourceKind> {
    let mut rows = screen.suggestions.iter();
    rows.find(|row| row.scheme == "paypay").map(|row| row.source)
}

/// How many members' codes the server was told of, of those who were there and of others.
fn codes_told(cast: &Cast) -> Vec<(String, i64, i64)> {
    let database = rusqlite::Connection::open(cast.wallet_database()).unwrap();
    let mut sums = database.prepare("SELECT scheme, present, others FROM code_sum").unwrap();
    let rows = sums.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn a_code_on_the_counter_teaches_this_phone_at_once_and_the_others_later_by_nobody_in_particular() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    pass_to_monday(&cast, &phone);
    let store = NOTHING_KNOWN.store_id().to_string();
    assert_eq!(paypay(&phone.enter(&cast, &NOTHING_KNOWN)), None);
    let screen = phone.wallet.sense_text(PAYPAY.to_owned()).unwrap();
    assert_eq!(paypay(&screen), Some(SourceKind::Code));
    phone.wallet.pushed().unwrap();
    // The code itself says so for two minutes; what it taught stays.
    phone.pass(Duration::from_secs(600));
    let screen = phone.wallet.choose_store(store.clone()).unwrap();
    assert!(screen.code.is_none(), "{screen:?}");
    assert_eq!(paypay(&screen), Some(SourceKind::Code));
    let elsewhere = phone.wallet.choose_store(TAKES_CARDS.store_id().to_string()).unwrap();
    assert_eq!(paypay(&elsewhere), None, "it is of one store");
    assert!(codes_told(&cast).is_empty(), "it waits an hour at least");
    phone.wallet.pushed().unwrap();
    let told = || codes_told(&cast) == [("paypay".to_owned(), 1, 0)];
    assert!(pass_hours(&cast, (&phone.wallet, &phone.clock), 96, told), "{:?}", codes_told(&cast));
    let kinds: Vec<_> = phone.wallet.position_uses().into_iter().map(|used| used.kind).collect();
    assert_eq!(kinds.first(), Some(&PositionUseKind::Report), "the log says so");
    let screen = phone.wallet.choose_store(store).unwrap();
    assert_eq!(paypay(&screen), Some(SourceKind::Code));
}

#[test]
fn a_code_that_may_hang_elsewhere_teaches_nothing() {
    let cast = Cast::assemble();
    let store = NOTHING_KNOWN.store_id().to_string();
    let taught = |phone: &Visitor| {
        phone.wallet.pushed().unwrap();
        phone.pass(Duration::from_secs(600));
        paypay(&phone.wallet.choose_store(store.clone()).unwrap()).is_some()
    };
    // Where the phone is not surely in the store.
    let phone = cast.phone();
    phone.wallet.sense_fix(phone.fix_at(&NOTHING_KNOWN)).unwrap();
    phone.wallet.sense_text(PAYPAY.to_owned()).unwrap();
    assert!(!taught(&phone), "a position alone is no store");
    // Where the member says so and the position says otherwise.
    let phone = cast.phone();
    phone.wallet.sense_fix(phone.fix_at(&TAKES_CARDS)).unwrap();
    phone.wallet.choose_store(store.clone()).unwrap();
    phone.wallet.sense_text(PAYPAY.to_owned()).unwrap();
    assert!(!taught(&phone), "the register has it 400 m away");
    // Where both agree, and the code says that it hangs in another country.
    let phone = cast.phone();
    phone.enter(&cast, &NOTHING_KNOWN);
    let code = |country: &str| {
        Writer::new()
            .object(Tag(1), "11")
            .object(Tag(15), "3123456701234567")
            .object(Tag(52), "5812")
            .object(Tag(53), "978")
            .object(Tag(58), country)
            .object(Tag(59), "BAR TRE")
            .object(Tag(60), "Roma")
            .finish()
            .unwrap()
    };
    let unionpay = |phone: &Visitor| {
        phone.wallet.pushed().unwrap();
        phone.pass(Duration::from_secs(600));
        let screen = phone.wallet.choose_store(store.clone()).unwrap();
        screen.suggestions.iter().any(|row| row.scheme == "unionpay")
    };
    phone.wallet.sense_text(code("SG")).unwrap();
    assert!(!unionpay(&phone), "made for Singapore");
    phone.enter(&cast, &NOTHING_KNOWN);
    phone.wallet.sense_text(code("IT")).unwrap();
    assert!(unionpay(&phone), "made for here");
}
