//! What the terminal draws is read back.

use domain::{
    Accepted, Address, Currency, Position, Store, StoreId,
    wire::{Network, Sign},
};
use signs::{
    frame::{Frame, Mode, read_advert},
    store_code::{AcceptedBits, Circle, Days, SignedStoreCode, SigningKey, StoreCode, sign},
};
use terminal::{Paper, SheetFont, ShownSign};
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
    let network = Network::new("Corner Pay", Uuid::from_u128(5), "pay.example", "#00aa77").unwrap();
    let url = signed.to_url(network.link_host());
    let sign = Sign { store, code: signed.to_text(), url, network, beacon: (3, 4) };
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
    let file = String::from_utf8(shown.sheet_pdf(Paper::A6, None).unwrap().file).unwrap();
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

/// A store whose name is Japanese, but for a sign.
fn tea_room() -> ShownSign {
    let mut sign = shown().sign().clone();
    sign.store.name = "喫茶 <山>".to_owned();
    ShownSign::new(sign).unwrap()
}

#[test]
fn without_a_font_a_pdf_says_which_letters_it_left_out_and_the_svg_has_them() {
    let shown = tea_room();
    let sheet = shown.sheet_pdf(Paper::A6, None).unwrap();
    assert_eq!(sheet.left_out.iter().collect::<String>(), "喫山茶");
    let file = String::from_utf8(sheet.file).unwrap();
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert!(file.contains(&hex("Letters left out: U+55AB U+5C71 U+8336")), "{file}");
    assert!(file.contains(&hex(" <>")));
    assert!(shown.sheet_svg(Paper::A6).contains("喫茶 &lt;山&gt;"));
}

#[test]
fn with_the_systems_font_a_japanese_name_is_in_the_pdf_and_the_code_reads_back() {
    // Noto is what a machine has or has not; `fonts-noto-cjk` on Debian and Ubuntu.
    let Some(font) = SheetFont::of_the_system() else { return };
    let shown = tea_room();
    if !shown.sheet_pdf(Paper::A4, Some(&font)).unwrap().left_out.is_empty() {
        return;
    }
    let file = shown.sheet_pdf(Paper::A6, Some(&font)).unwrap().file;
    let text = String::from_utf8_lossy(&file);
    // The letters themselves, as a reader of the file copies them out: UTF-16 by their glyphs.
    for letter in ["55ab", "8336", "5c71"] {
        assert!(text.to_lowercase().contains(letter), "{letter}");
    }
    assert!(text.contains("NotoSansCJK"));
    // From where the page is turned upside down to its first text: a path of each run's corners.
    let path = text.split(" cm ").nth(1).unwrap().split("BT").next().unwrap();
    let (mut rectangles, mut numbers): (Vec<[f64; 4]>, Vec<f64>) = Default::default();
    for word in path.split_whitespace() {
        match (word, rectangles.last_mut(), numbers.as_slice()) {
            ("m", _, &[x, y]) => rectangles.push([x, y, 0.0, 0.0]),
            ("l", Some(last), &[x, y]) => {
                last[2] = last[2].max(x - last[0]);
                last[3] = last[3].max(y - last[1]);
            }
            _ => {}
        }
        match word.parse() {
            Ok(number) => numbers.push(number),
            Err(_) => numbers.clear(),
        }
    }
    let size = (105.0 * 72.0 / 25.4, 148.0 * 72.0 / 25.4);
    assert_eq!(read_sheet(painted(rectangles.into_iter(), size, 4.0)), shown.sign().url);
}

#[test]
fn the_sheet_has_the_networks_name_in_its_colour_as_the_server_said_it() {
    let svg = shown().sheet_svg(Paper::A6);
    let line = svg.lines().find(|line| line.contains("Corner Pay")).expect("whose network is it?");
    assert!(line.contains("fill=\"#00aa77\""), "{line}");
    let file = String::from_utf8(shown().sheet_pdf(Paper::A6, None).unwrap().file).unwrap();
    let hex: String = "Corner Pay".bytes().map(|byte| format!("{byte:02x}")).collect();
    let line = file.lines().find(|line| line.contains(&hex)).expect("whose network is it?");
    assert!(line.starts_with("0.000 0.667 0.467 rg "), "{line}");
}
