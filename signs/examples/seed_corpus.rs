//! Writes the vectors as seeds of the fuzz targets:
//! `cargo run -p signs --example seed_corpus -- fuzz/corpus`

use serde_json::Value;
use signs::store_code::*;
use std::fs;
use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let corpus = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "fuzz/corpus".into()));
    let vectors = |file| serde_json::from_str::<Value>(file).expect("the vectors are JSON");
    let codes = [
        vectors(include_str!("../tests/data/emvco-vectors.json")),
        vectors(include_str!("../tests/data/emvco-more-vectors.json")),
    ];
    let frames = [
        vectors(include_str!("../tests/data/ble-vectors.json")),
        vectors(include_str!("../tests/data/ble-more-vectors.json")),
    ];
    let mut written = 0;
    let mut seed = |targets: &[&str], id: &str, bytes: &[u8]| -> std::io::Result<()> {
        for target in targets {
            fs::create_dir_all(corpus.join(target))?;
            fs::write(corpus.join(target).join(id), bytes)?;
            written += 1;
        }
        Ok(())
    };
    for (list, key, target) in [
        ("emvco", "payload", "emvco"),
        ("upi_links", "uri", "link"),
        ("gs1_digital_link", "uri", "link"),
    ] {
        for vector in codes.iter().flat_map(|file| file[list].as_array()).flatten() {
            let (Some(id), Some(text)) = (vector["id"].as_str(), vector[key].as_str()) else {
                continue;
            };
            seed(&["sign", target], id, text.as_bytes())?;
        }
    }
    for vector in frames.iter().flat_map(|file| file["vectors"].as_array()).flatten() {
        let (Some(id), Some(hex)) = (vector["id"].as_str(), vector["input"]["hex"].as_str()) else {
            continue;
        };
        let bytes = data_encoding::HEXLOWER.decode(hex.as_bytes()).expect("the vectors are hex");
        seed(&["frame"], id, &bytes)?;
    }
    for (id, code) in store_codes() {
        seed(&["store_code"], id, &code.to_bytes())?;
        seed(&["store_code", "sign"], &format!("{id}-text"), code.to_text().as_bytes())?;
        seed(
            &["store_code", "sign"],
            &format!("{id}-link"),
            code.to_url("pay.example").as_bytes(),
        )?;
    }
    println!("{written} seeds in {}", corpus.display());
    Ok(())
}

fn store_codes() -> impl Iterator<Item = (&'static str, SignedStoreCode)> {
    let payment = PaymentRequest {
        amount_minor: 1_280,
        currency: 392,
        nonce: *b"nonce-01",
        issued_at: 1_700_000_000,
        life_s: 60,
    };
    let key = SigningKey::from_bytes(&[7; 32]);
    [("static", None), ("payment", Some(payment))].into_iter().filter_map(move |(id, payment)| {
        let code = StoreCode {
            store: uuid::Uuid::from_u128(42),
            valid: Days { not_before: 20_000, not_after: 20_365 },
            place: Circle { lat_e7: 356_812_360, lon_e7: 1_397_671_250, radius_m: 40 },
            accepted: AcceptedBits(3),
            payment,
        };
        Some((id, sign(&code, &key).ok()?))
    })
}
