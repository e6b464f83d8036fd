//! What the terminal draws is read back.

use domain::{Accepted, Address, Currency, Position, Store, StoreId, wire::Sign};
use signs::{
    frame::{Frame, Mode, read_advert},
    store_code::{AcceptedBits, Days, Place, SignedStoreCode, SigningKey, StoreCode, sign},
};
use terminal::ShownSign;
use uuid::Uuid;

fn shown() -> ShownSign {
    let id = StoreId::of_record("test", "1");
    let code = StoreCode {
        store: id.0,
        valid: Days { not_before: 20_000, not_after: 20_300 },
        place: Place { lat_e7: 419_000_000, lon_e7: 125_000_000, radius_m: 60 },
        accepted: AcceptedBits(0b101),
        payment: None,
    };
    let signed = sign(&code, &SigningKey::from_bytes(&[7; 32])).unwrap();
    let store = Store {
        id,
        reference: "test:1".to_owned(),
        name: "Bar Sport".to_owned(),
        industry: "amenity=bar".to_owned(),
        address: Address::default(),
        phone: String::new(),
        position: Position::from_e7(419_000_000, 125_000_000).unwrap(),
        footprint: Vec::new(),
        level: String::new(),
        currency: Currency::EUR,
        accepted: Accepted::default(),
        beacon: Some((3, 4)),
        attribution: String::new(),
        licence: String::new(),
    };
    let beacon_uuid = Uuid::from_u128(5);
    let sign =
        Sign { store, code: signed.to_text(), url: signed.to_url(), beacon_uuid, beacon: (3, 4) };
    ShownSign::new(sign).unwrap()
}

fn read(luma: &[u8], side: usize) -> String {
    let mut reader = quircs::Quirc::default();
    let code = reader.identify(side, side, luma).next().expect("a code is seen").unwrap();
    String::from_utf8(code.decode().unwrap().payload).unwrap()
}

#[test]
fn the_printed_picture_reads_back_as_the_signed_code() {
    let shown = shown();
    let file = shown.png(4).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
    let mut luma = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut luma).unwrap();
    let text = read(&luma, info.width as usize);
    assert_eq!(text, shown.sign().url);
    assert_eq!(SignedStoreCode::read(&text), SignedStoreCode::read(&shown.sign().code));
}

#[test]
fn the_code_on_the_terminal_has_the_same_modules_as_the_picture() {
    let shown = shown();
    let rows: Vec<Vec<char>> =
        shown.for_terminal().lines().map(|line| line.chars().collect()).collect();
    let side = rows[0].len();
    let mut luma = vec![255_u8; side * side * 16];
    for y in 0..side * 4 {
        for x in 0..side * 4 {
            let (lower, row) = ((y / 4) % 2 == 1, &rows[y / 8]);
            let dark = match row[x / 4] {
                '█' => false,
                '▀' => lower,
                '▄' => !lower,
                _ => true,
            };
            luma[y * side * 4 + x] = if dark { 0 } else { 255 };
        }
    }
    assert_eq!(read(&luma, side * 4), shown.sign().url);
}

#[test]
fn the_beacon_frame_names_the_store() {
    let advert = shown().beacon_advert();
    let Ok(Frame::IBeacon(beacon)) = read_advert(&advert, Mode::Strict).frame else { panic!() };
    assert_eq!((beacon.uuid, beacon.major, beacon.minor), (Uuid::from_u128(5), 3, 4));
}

#[test]
fn the_svg_is_one_document() {
    let svg = shown().svg();
    assert!(svg.starts_with("<?xml") && svg.trim_end().ends_with("</svg>"));
}
