//! Link codes typed on the phone.

use testkit::{
    Cast,
    town::{self, TAKES_WALLET},
};
use tillsight::{Remedy, WalletError, screen::SettlementScreen};

#[test]
fn a_suggested_method_once_registered_works_with_its_live_balance() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    phone.enter(&cast, &TAKES_WALLET);
    // As it is written on paper.
    let code = town::LINK_CODE.to_lowercase().replace('-', " ");
    let screen = phone.wallet.register_method("suica".to_owned(), code.clone()).unwrap();
    let row = screen.active.iter().find(|row| row.name == "Card ..4242").unwrap();
    assert_eq!(row.balance.as_ref().unwrap().text, "13.00 EUR");
    // An answer that was lost is asked for again, and nothing is there twice; nor by the code with its
    // operator's name.
    for again in [code.clone(), format!("{}: {code}", town::OPERATOR)] {
        let again = phone.wallet.register_method("suica".to_owned(), again).unwrap();
        assert_eq!(again.active.len(), screen.active.len());
    }
}

#[test]
fn a_link_code_that_is_not_good_is_refused_and_registers_nothing() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let before = phone.enter(&cast, &TAKES_WALLET);
    let elsewhere = format!("other:{}", town::LINK_CODE);
    let codes = [
        ("suica", "K7QM-2XPD-94RX"),
        ("visa", town::LINK_CODE),
        ("suica", ""),
        ("?", "A"),
        ("suica", &elsewhere),
    ];
    for (scheme, code) in codes {
        let refused = phone.wallet.register_method(scheme.to_owned(), code.to_owned());
        let Err(WalletError::LinkRefused { advice }) = refused else { panic!("{refused:?}") };
        assert_eq!(advice.remedy, Remedy::CheckLinkCode);
    }
    let after = phone.wallet.refresh().unwrap();
    let count = |screen: &SettlementScreen| screen.active.len() + screen.inactive.len();
    assert_eq!(count(&after), count(&before));
}
