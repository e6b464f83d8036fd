//! A member's phones: one that has logged in before, while a stranger guesses at the password, and what
//! a person does with the account and the methods.

mod account;

use testkit::{Cast, town};
use tillsight::WalletError;

fn log_in(phone: &testkit::Visitor, password: &str) -> Result<(), WalletError> {
    phone.wallet.log_in(town::USER_ID.to_owned(), password.to_owned())
}

#[test]
fn a_strangers_flood_on_the_same_network_never_locks_the_members_own_phone() {
    let cast = Cast::assemble();
    let mine = cast.phone();
    mine.wallet.log_out().unwrap();
    let stranger = cast.strangers_phone();
    for _ in 0..6 {
        assert!(log_in(&stranger, "wrong").is_err());
    }
    assert!(log_in(&stranger, town::PASSWORD).is_err(), "the flood locked nobody at all");
    // What the server knows it by outlives the log-out and the app.
    let mine = cast.phone_in(mine.switch_off());
    log_in(&mine, town::PASSWORD).unwrap();
}
