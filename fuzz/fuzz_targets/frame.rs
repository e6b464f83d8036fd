//! Beacon frames, in each form a platform may hand over. The lenient mode reads what the strict
//! one reads.
#![no_main]

use signs::frame::*;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let strict = read_advert(bytes, Mode::Strict);
    let lenient = read_advert(bytes, Mode::Lenient);
    assert_eq!(strict.overrun, lenient.overrun);
    if let Ok(Frame::EddystoneUrl(url)) = strict.frame {
        let _ = url.to_string();
    }
    let id = bytes.first_chunk().map_or(0, |start| u16::from_le_bytes(*start));
    for mode in [Mode::Strict, Mode::Lenient] {
        let _ = read_android_record(bytes, mode);
        let _ = read_manufacturer_data(APPLE, bytes, mode);
        let _ = read_manufacturer_data(id, bytes, mode);
        let _ = read_service_data(EDDYSTONE_SERVICE, bytes, mode);
    }
    if let Ok(frame) = read_service_data(EDDYSTONE_SERVICE, bytes, Mode::Strict) {
        assert_eq!(read_service_data(EDDYSTONE_SERVICE, bytes, Mode::Lenient), Ok(frame));
    }
});
