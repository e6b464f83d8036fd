//! Any scanned text: it is recognised, and what it claims is read.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let sign = signs::read(text);
    let _ = (sign.payee(), sign.claim());
});
