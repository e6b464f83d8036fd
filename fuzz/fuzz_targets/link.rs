//! Links: addresses, GS1 Digital Link, UPI, known hosts.
#![no_main]

use signs::link::{Address, Gs1Link, UpiLink, known_link};

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(link) = Gs1Link::read(text) {
        assert!(link.gln.len() == 13 && Address::read(text).is_ok());
    }
    let _ = (UpiLink::read(text), known_link(text));
});
