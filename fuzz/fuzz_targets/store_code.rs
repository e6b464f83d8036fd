//! Store codes as text and as bytes. What is read is written again as it was.
#![no_main]

use signs::store_code::{KeySet, SignedStoreCode};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(code) = SignedStoreCode::from_bytes(bytes) {
        assert_eq!(code.to_bytes(), bytes);
        assert_eq!(SignedStoreCode::read(&code.to_text()).as_ref(), Ok(&code));
        assert_eq!(SignedStoreCode::read(&code.to_url("pay.example")).as_ref(), Ok(&code));
        let _ = code.verify(&KeySet::default(), i64::MAX, Some((90.0, -180.0, f64::MAX)));
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(code) = SignedStoreCode::read(text)
    {
        assert_eq!(SignedStoreCode::from_bytes(&code.to_bytes()).as_ref(), Ok(&code));
    }
});
