//! Why a method stands as it does, store by store.

use testkit::{
    Cast,
    town::{TAKES_CARDS, TAKES_WALLET},
};
use tillsight::{
    WalletError,
    screen::{MethodRow, MethodState, Place},
};

#[test]
fn why_a_method_is_unsure_is_told_store_by_store() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let screen = phone.wallet.sense_fix(phone.fix_at(&TAKES_WALLET)).unwrap();
    assert_eq!(screen.place, Place::Choose);
    let rows = [&screen.active, &screen.likely, &screen.unsure, &screen.inactive];
    let visa = rows.into_iter().flatten().find(|row| row.name == "Visa").unwrap();
    let says = phone.wallet.why(visa.id.clone()).unwrap();
    assert_eq!(
        says.len(),
        visa.basis.stores as usize,
        "not every store in question says something"
    );
    assert_eq!(says[0].store.id, screen.store.as_ref().unwrap().id);
    let of =
        |name: &str| says.iter().find(|one| one.store.name == name).map(|one| one.method.state);
    assert_eq!(of(TAKES_WALLET.name), Some(MethodState::Inactive));
    assert!(of(TAKES_CARDS.name).is_none_or(|state| state == MethodState::Active));
    assert!(says.iter().all(|one| one.method.basis.stores == 1));
    let screen = phone.enter(&cast, &TAKES_CARDS);
    let says = phone.wallet.why(visa.id.clone()).unwrap();
    assert_eq!(says.len(), 1, "a settled store has others in question");
    // The balance may have been asked for between the two.
    let of = |row: &MethodRow| (row.id.clone(), row.state, row.basis.clone());
    assert_eq!(of(&says[0].method), of(&screen.active[0]));
    let refused = phone.wallet.why("of nobody".to_owned()).unwrap_err();
    assert!(matches!(refused, WalletError::RequestRefused { .. }), "{refused:?}");
}
