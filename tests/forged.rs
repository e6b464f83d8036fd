//! A forged store code: what a phone shows of it with real servers, and what it never takes from it.

use signs::store_code::{PaymentRequest, SignedStoreCode, SigningKey, sign};
use testkit::{Cast, town::TAKES_CARDS};
use tillsight::screen::{CodeWarning, Evidence, Place, SettlementScreen};

/// The store's code as a forger would print it: all as in the genuine one, signed with another key
/// and asking for 100 euro.
fn forged(genuine: &str) -> String {
    let genuine = SignedStoreCode::read(genuine).unwrap();
    let mut code = *genuine.unverified();
    let now_s = u32::from(code.valid.not_before) * 86_400;
    let today = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let issued_at = u32::try_from(today.as_secs()).unwrap().max(now_s);
    code.payment = Some(PaymentRequest {
        amount_minor: 10_000,
        currency: 978,
        nonce: [7; 8],
        issued_at,
        life_s: 300,
    });
    sign(&code, &SigningKey::from_bytes(&[9; 32])).unwrap().to_text()
}

fn warnings(screen: &SettlementScreen) -> &[CodeWarning] {
    screen.code.as_ref().map_or(&[], |code| code.warnings.as_slice())
}

fn speaks(screen: &SettlementScreen) -> bool {
    screen.evidence.contains(&Evidence::UnsignedCode)
        || screen.evidence.contains(&Evidence::SignedCode)
}

#[test]
fn a_forged_code_names_no_store_sets_no_amount_and_is_shown_as_forged() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    phone.wallet.sense_fix(phone.fix_at(&TAKES_CARDS)).unwrap();
    let forged = forged(&cast.sign(&TAKES_CARDS).sign().code);
    // The keys came with the stores, so the forgery is known at once.
    let screen = phone.wallet.sense_text(forged.clone()).unwrap();
    assert_eq!(warnings(&screen), [CodeWarning::Forged]);
    assert_eq!(screen.code.as_ref().unwrap().amount, None);
    assert!(screen.place != Place::Here && !speaks(&screen), "{:?}", screen.evidence);
    // A while later they are old: the code is unproven until they were asked for again.
    phone.pass(std::time::Duration::from_secs(100));
    phone.wallet.sense_fix(phone.fix_at(&TAKES_CARDS)).unwrap();
    phone.forget_screens();
    let screen = phone.wallet.sense_text(forged).unwrap();
    assert_eq!(warnings(&screen), [CodeWarning::NotProven]);
    assert_eq!(screen.code.as_ref().unwrap().amount, None, "an unproven amount is never taken");
    let later = phone.await_screen_that(|screen| warnings(screen) == [CodeWarning::Forged]);
    assert!(later.place != Place::Here && !speaks(&later), "{:?}", later.evidence);
}

#[test]
fn a_forged_code_takes_nothing_from_a_genuine_one() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let before = phone.enter(&cast, &TAKES_CARDS);
    assert_eq!(before.store.as_ref().unwrap().name, TAKES_CARDS.name);
    phone.wallet.prefetch(41.9, 12.5).unwrap();
    let code = cast.sign(&TAKES_CARDS).sign().code.clone();
    let screen = phone.wallet.sense_text(forged(&code)).unwrap();
    assert_eq!(warnings(&screen), [CodeWarning::Forged]);
    assert_eq!((screen.place, screen.store), (Place::Here, before.store));
}
