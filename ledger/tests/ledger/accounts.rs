//! How accounts are written and read, and that split ones are used evenly.

use std::collections::HashMap;

use ledger::{Account, Currency, OperatorName, Owner, PARTS, part_of};
use proptest::prelude::*;
use uuid::Uuid;

fn owner() -> impl Strategy<Value = Owner> {
    let name = "[a-z0-9-]{1,32}".prop_map(|name| OperatorName::new(&name).unwrap());
    prop_oneof![
        any::<u128>().prop_map(|id| Owner::Member(Uuid::from_u128(id))),
        any::<u128>().prop_map(|id| Owner::Store(Uuid::from_u128(id))),
        (name.clone(), 0..PARTS).prop_map(|(operator, part)| Owner::Clearing { operator, part }),
        name.prop_map(Owner::Suspense),
        (0..PARTS).prop_map(|part| Owner::Outside { part }),
    ]
}

proptest! {
    #[test]
    fn an_account_is_read_back_as_it_was_written(owner in owner(), yen: bool) {
        let account = Account::new(owner, if yen { Currency::JPY } else { Currency::EUR });
        prop_assert_eq!(account.to_string().parse(), Ok(account));
    }

    #[test]
    fn no_text_makes_the_reader_panic_and_what_it_takes_has_one_spelling(
        text in "(member|store|clearing|suspense|outside|x):[a-z0-9:-]{0,40}:(EUR|JPY|eur|XXX)"
    ) {
        if let Ok(account) = text.parse::<Account>() {
            prop_assert_eq!(account.to_string(), text);
        }
    }
}

#[test]
fn what_is_no_account_is_refused() {
    for text in [
        "",
        ":",
        "member:EUR",
        "member:00000000-0000-0000-0000-000000000001:EURO",
        "member:00000000-0000-0000-0000-00000000000A:EUR",
        "member:{00000000-0000-0000-0000-000000000001}:EUR",
        "member:00000000000000000000000000000001:EUR",
        "outside:16:EUR",
        "outside:01:EUR",
        "outside:+1:EUR",
        "clearing:a:EUR",
        "clearing::1:EUR",
        "clearing:A:1:EUR",
        "clearing:a:1:EUR:",
        "suspense:a b:EUR",
        "suspense:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:EUR",
    ] {
        assert!(text.parse::<Account>().is_err(), "{text:?}");
    }
}

#[test]
fn only_members_wallets_are_held_at_zero() {
    for (text, limited) in [
        ("member:00000000-0000-0000-0000-000000000001:EUR", true),
        ("store:00000000-0000-0000-0000-000000000001:EUR", false),
        ("clearing:bank-a:0:EUR", false),
        ("suspense:bank-a:EUR", false),
        ("outside:15:EUR", false),
    ] {
        assert_eq!(text.parse::<Account>().unwrap().is_limited(), limited, "{text}");
    }
}

#[test]
fn random_ids_spread_evenly_over_the_parts_and_an_id_keeps_its_part() {
    let mut counts: HashMap<u8, u32> = HashMap::new();
    for number in 0..16_000u128 {
        let id = Uuid::from_u128(number);
        assert_eq!(part_of(id), part_of(id));
        *counts.entry(part_of(id)).or_default() += 1;
    }
    assert_eq!(counts.len(), usize::from(PARTS));
    assert!(counts.values().all(|count| (800..1200).contains(count)), "{counts:?}");
}
