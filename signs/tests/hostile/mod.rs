//! Changed vectors for every reader of outside text and bytes, the same from the same seed.

use serde_json::Value;
use signs::emvco;
use signs::frame::*;
use signs::link::{Address, Gs1Link, UpiLink, known_link};
use signs::store_code::*;
use std::hint::black_box;

/// One reader, and the vectors that are changed for it.
pub struct Target {
    pub name: &'static str,
    /// Reads one input, whatever it is.
    pub read: fn(&[u8]),
    seeds: fn() -> Vec<Vec<u8>>,
}

pub const TARGETS: [Target; 5] = [
    Target { name: "sign", read: read_sign, seeds: all_texts },
    Target { name: "emvco", read: read_emvco, seeds: emvco_seeds },
    Target { name: "frame", read: read_frames, seeds: frame_seeds },
    Target { name: "store-code", read: read_store_code, seeds: store_code_seeds },
    Target { name: "link", read: read_links, seeds: link_seeds },
];

impl Target {
    /// Changed vectors of this target without end.
    pub fn inputs(&self, seed: u64) -> Inputs {
        let mend = self.name == "emvco";
        Inputs { seeds: (self.seeds)(), random: Random(seed | 1), mend, input: Vec::new() }
    }
}

/// Changed vectors, one at a time.
pub struct Inputs {
    seeds: Vec<Vec<u8>>,
    random: Random,
    mend: bool,
    input: Vec<u8>,
}

impl Inputs {
    pub fn next_input(&mut self) -> &[u8] {
        self.random.mutate(&self.seeds, &mut self.input);
        if self.mend && self.random.below(2) == 0 {
            mend_crc(&mut self.input);
        }
        &self.input
    }
}

fn all_texts() -> Vec<Vec<u8>> {
    [emvco_seeds(), link_seeds(), store_code_seeds()].concat()
}

fn read_sign(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let sign = signs::read(&text);
    black_box((sign.payee(), sign.claim()));
}

fn read_emvco(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let reading = emvco::read(&text);
    black_box(reading.verdict());
    if let Ok(code) = &reading.code {
        black_box((code.networks(), code.amount_minor(), code.jpqr(), code.claim(), code.payee()));
    }
}

fn read_frames(input: &[u8]) {
    let id = input.first_chunk().map_or(0, |start| u16::from_le_bytes(*start));
    for mode in [Mode::Strict, Mode::Lenient] {
        black_box(read_advert(input, mode));
        black_box(read_android_record(input, mode)).ok_url();
        black_box(read_service_data(EDDYSTONE_SERVICE, input, mode)).ok();
        black_box(read_manufacturer_data(APPLE, input, mode)).ok();
        black_box(read_manufacturer_data(id, input, mode)).ok();
    }
}

trait OkUrl {
    /// Writes the link of a URL frame, which is decoded only then.
    fn ok_url(self);
}

impl OkUrl for Reading<'_> {
    fn ok_url(self) {
        if let Ok(Frame::EddystoneUrl(url)) = self.frame {
            black_box(url.to_string());
        }
    }
}

fn read_store_code(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let read = SignedStoreCode::read(&text).or_else(|_| SignedStoreCode::from_bytes(input));
    if let Ok(code) = read {
        // Without keys: the signature's arithmetic is not what is hammered here.
        black_box(code.verify(&KeySet::default(), 1_700_000_000, Some((35.0, 139.0, 10.0))));
    }
}

fn read_links(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let _ = black_box((Address::read(&text), Gs1Link::read(&text), known_link(&text)));
    let _ = black_box(UpiLink::read(&text));
}

fn vectors(file: &str) -> Value {
    serde_json::from_str(file).expect("the vectors are JSON")
}

fn texts(vectors: &Value, key: &str) -> Vec<Vec<u8>> {
    let vectors = vectors.as_array().into_iter().flatten();
    vectors.filter_map(|vector| Some(vector[key].as_str()?.as_bytes().to_vec())).collect()
}

fn emvco_seeds() -> Vec<Vec<u8>> {
    texts(&vectors(include_str!("../data/emvco-vectors.json"))["emvco"], "payload")
}

fn link_seeds() -> Vec<Vec<u8>> {
    let file = vectors(include_str!("../data/emvco-vectors.json"));
    [texts(&file["upi_links"], "uri"), texts(&file["gs1_digital_link"], "uri")].concat()
}

fn frame_seeds() -> Vec<Vec<u8>> {
    let file = vectors(include_str!("../data/ble-vectors.json"));
    let inputs = file["vectors"].as_array().into_iter().flatten();
    inputs
        .filter_map(|vector| vector["input"]["hex"].as_str())
        .filter_map(|hex| data_encoding::HEXLOWER.decode(hex.as_bytes()).ok())
        .filter(|bytes| !bytes.is_empty())
        .collect()
}

fn store_code_seeds() -> Vec<Vec<u8>> {
    let code = |payment| StoreCode {
        store: uuid::Uuid::from_u128(42),
        valid: Days { not_before: 20_000, not_after: 20_365 },
        place: Circle { lat_e7: 356_812_360, lon_e7: 1_397_671_250, radius_m: 40 },
        accepted: AcceptedBits(3),
        payment,
    };
    let payment = PaymentRequest {
        amount_minor: 1_280,
        currency: 392,
        nonce: *b"nonce-01",
        issued_at: 1_700_000_000,
        life_s: 60,
    };
    let key = SigningKey::from_bytes(&[7; 32]);
    [None, Some(payment)]
        .into_iter()
        .filter_map(|payment| sign(&code(payment), &key).ok())
        .flat_map(|code| {
            [code.to_text().into_bytes(), code.to_url("pay.example").into_bytes(), code.to_bytes()]
        })
        .collect()
}

/// Half of the changed codes get a right checksum, so that more than the checksum is tested.
fn mend_crc(input: &mut Vec<u8>) {
    let end = input.len().saturating_sub(8);
    input.truncate(end);
    input.extend_from_slice(b"6304");
    // What the reader sees is the text, with replacement characters for broken UTF-8.
    let crc = emvco::crc16(String::from_utf8_lossy(input).as_bytes());
    input.extend_from_slice(format!("{crc:04X}").as_bytes());
}

/// xorshift64*: fast, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end.max(1) as u128) >> 64) as usize
    }

    fn range(&mut self, len: usize) -> std::ops::Range<usize> {
        let start = self.below(len + 1);
        start..start + self.below((len - start).min(24) + 1)
    }

    /// One to four changes of one seed.
    fn mutate(&mut self, seeds: &[Vec<u8>], input: &mut Vec<u8>) {
        input.clear();
        input.extend_from_slice(&seeds[self.below(seeds.len())]);
        for _ in 0..=self.below(4) {
            let place = self.below(input.len());
            match self.below(8) {
                0 if !input.is_empty() => input[place] = self.next() as u8,
                1 if !input.is_empty() => input[place] ^= 1 << self.below(8),
                2 if !input.is_empty() => input[place] = b'0' + self.below(10) as u8,
                3 => {
                    let range = self.range(input.len());
                    input.drain(range);
                }
                4 => {
                    let range = self.range(input.len());
                    let copy = input[range].to_vec();
                    input.splice(place..place, copy);
                }
                5 => {
                    let other = &seeds[self.below(seeds.len())];
                    let range = self.range(other.len());
                    input.splice(place..place, other[range].iter().copied());
                }
                6 => {
                    const TEXTS: [&str; 8] = ["é", "東京", "🏪", "\0", "％", "6304", "99", "://"];
                    input.splice(place..place, TEXTS[self.below(8)].bytes());
                }
                _ if input.len() < 3_000 && self.below(64) == 0 => {
                    let copy = input.clone();
                    for _ in 0..self.below(24) {
                        input.extend_from_slice(&copy);
                    }
                }
                _ => input.truncate(place),
            }
        }
    }
}
