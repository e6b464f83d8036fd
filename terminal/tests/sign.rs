//! What the terminal draws is read back.

use domain::{Accepted, Address, Currency, Position, Store, StoreId, wire::Sign};
use signs::{
    frame::{Frame, Mode, read_advert},
    store_code::{AcceptedBits, Circle, Days, SignedStoreCode, SigningKey, StoreCode, sign},
};
use terminal::{Paper, ShownSign};
use uuid::Uuid;

fn shown() -> ShownSign {
    let id = StoreId::of_record("test", "1");
    let code = StoreCode {
        store: id.0,
        valid: Days { not_before: 20_000, not_after: 20_300 },
        place: Circle { lat_e7: 419_000_000, lon_e7: 125_000_000, radius_m: 60 },
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
        access_points: Vec::new(),
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
    let file = shown.picture().png(4).unwrap();
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
        shown.picture().for_terminal().lines().map(|line| line.chars().collect()).collect();
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
    let svg = shown().picture().svg();
    assert!(svg.starts_with("<?xml") && svg.trim_end().ends_with("</svg>"));
}

/// The rectangles that a drawing fills, painted on a picture of `scale` pixels a millimetre.
fn painted(
    rectangles: impl Iterator<Item = [f64; 4]>,
    (width, height): (f64, f64),
    scale: f64,
) -> (Vec<u8>, usize, usize) {
    let (across, down) = ((width * scale) as usize, (height * scale) as usize);
    let mut luma = vec![255_u8; across * down];
    for [left, top, wide, tall] in rectangles {
        let span = |from: f64, length: f64| {
            (from * scale).round() as usize..((from + length) * scale).round() as usize
        };
        for y in span(top, tall) {
            luma[y * across..][span(left, wide)].fill(0);
        }
    }
    (luma, across, down)
}

fn read_sheet((luma, width, height): (Vec<u8>, usize, usize)) -> String {
    let mut reader = quircs::Quirc::default();
    let code = reader.identify(width, height, &luma).next().expect("a code is seen").unwrap();
    String::from_utf8(code.decode().unwrap().payload).unwrap()
}

#[test]
fn the_code_on_an_svg_sheet_reads_back_and_fits_the_paper() {
    let shown = shown();
    for (paper, size) in [(Paper::A6, (105.0, 148.0)), (Paper::A4, (210.0, 297.0))] {
        let svg = shown.sheet_svg(paper);
        assert!(svg.contains(">Bar Sport</text>"));
        let path = svg.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
        let numbers = |part: &str| -> Vec<f64> {
            let parts = part.split(|c: char| c.is_ascii_alphabetic() || c == ' ');
            parts.filter(|n| !n.is_empty()).map(|n| n.parse().unwrap()).collect()
        };
        let rectangles = path.split('M').skip(1).map(|part| {
            let n = numbers(part);
            [n[0], n[1], n[2], n[3]]
        });
        assert_eq!(read_sheet(painted(rectangles, size, 10.0)), shown.sign().url);
    }
}

#[test]
fn the_code_on_a_pdf_sheet_reads_back_and_its_objects_are_where_the_table_says() {
    let shown = shown();
    let file = String::from_utf8(shown.sheet_pdf(Paper::A6).unwrap()).unwrap();
    let (width, height) = (105.0 * 72.0 / 25.4, 148.0 * 72.0 / 25.4);
    let rectangles = file.lines().filter(|line| line.ends_with(" re")).map(|line| {
        let n: Vec<f64> = line.split(' ').take(4).map(|n| n.parse().unwrap()).collect();
        [n[0], height - n[1] - n[3], n[2], n[3]]
    });
    assert_eq!(read_sheet(painted(rectangles, (width, height), 4.0)), shown.sign().url);
    let table = file.split("xref\n").nth(1).unwrap();
    for (i, line) in table.lines().skip(2).take(5).enumerate() {
        let offset: usize = line[..10].parse().unwrap();
        assert!(file[offset..].starts_with(&format!("{} 0 obj", i + 1)));
    }
}

#[test]
fn a_name_in_letters_that_a_pdf_lacks_is_refused_and_printed_as_svg() {
    let mut sign = shown().sign().clone();
    sign.store.name = "喫茶 <山>".to_owned();
    let shown = ShownSign::new(sign).unwrap();
    assert!(shown.sheet_pdf(Paper::A6).unwrap_err().to_string().contains("SVG"));
    assert!(shown.sheet_svg(Paper::A6).contains("喫茶 &lt;山&gt;"));
}
