//! One registry of schemes: whatever a sign can name is in it.

use std::collections::BTreeSet;

use domain::scheme;
use signs::store_code::SCHEMES;

#[test]
fn every_scheme_that_a_signed_code_has_a_bit_for_is_in_the_registry_and_the_other_way_round() {
    let registry: BTreeSet<&str> = scheme::all().iter().map(|known| known.id.as_str()).collect();
    let bits: BTreeSet<&str> = SCHEMES.iter().copied().collect();
    assert_eq!(registry, bits);
}

#[test]
fn every_scheme_that_a_printed_code_can_name_is_in_the_registry() {
    let mut named = 0;
    for id in signs::schemes() {
        assert!(scheme::find(id).is_some(), "{id} has no line in domain/data/schemes.json");
        named += 1;
    }
    assert!(named > 20, "the table was not read");
}
