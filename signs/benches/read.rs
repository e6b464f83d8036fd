//! Reading speed, over all vectors: `cargo bench -p signs --bench read`.
//!
//! The peer for EMVCo codes is `promptparse`. How many vectors each reads right is printed first,
//! since speed without it means nothing; the peer is timed on the vectors on which it does not
//! panic.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde_json::Value;
use signs::emvco;
use signs::frame::{Mode, read_advert};
use signs::store_code::*;
use std::hint::black_box;
use std::panic::catch_unwind;

fn emvco_vectors() -> Vec<Value> {
    let file: Value =
        serde_json::from_str(include_str!("../tests/data/emvco-vectors.json")).unwrap();
    file["emvco"].as_array().unwrap().clone()
}

fn payload(vector: &Value) -> &str {
    vector["payload"].as_str().unwrap()
}

/// Whether a reader that gives name and city, or refuses, did right by a vector.
fn is_right(vector: &Value, read: Option<(Option<&str>, Option<&str>)>) -> bool {
    let expected = &vector["expected"];
    match read {
        None => expected["verdict"] == "reject",
        Some((name, city)) => {
            expected["verdict"] != "reject"
                && expected["fields"]["merchant_name"].as_str() == name
                && expected["fields"]["merchant_city"].as_str() == city
        }
    }
}

fn ours_is_right(vector: &Value) -> bool {
    let reading = emvco::read(payload(vector));
    let usable = reading.verdict() != emvco::Verdict::Reject;
    let code = reading.code.ok().filter(|_| usable);
    let fields = |code: &emvco::MerchantCode<'_>| {
        let value = |tag| code.value(tag).map(str::to_owned);
        (value(emvco::Tag::NAME), value(emvco::Tag::CITY))
    };
    let read = code.as_ref().map(fields);
    is_right(vector, read.as_ref().map(|(name, city)| (name.as_deref(), city.as_deref())))
}

/// `None`: it panicked.
fn peer_is_right(vector: &Value) -> Option<bool> {
    let text = payload(vector).to_owned();
    let read = catch_unwind(|| promptparse::parse(&text, true, true)).ok()?;
    let fields = |code: &promptparse::EmvCoQr| {
        let value = |tag| code.get_tag_value(tag, None).map(str::to_owned);
        (value("59"), value("60"))
    };
    let read = read.as_ref().map(fields);
    Some(is_right(vector, read.as_ref().map(|(n, c)| (n.as_deref(), c.as_deref()))))
}

fn emvco_codes(bench: &mut Criterion) {
    let vectors = emvco_vectors();
    std::panic::set_hook(Box::new(|_| {}));
    let ours = vectors.iter().filter(|vector| ours_is_right(vector)).count();
    let peer: Vec<_> = vectors.iter().map(peer_is_right).collect();
    let _ = std::panic::take_hook();
    let count = |kind| peer.iter().filter(|right| **right == kind).count();
    println!("right of {}: signs {ours}, promptparse {}", vectors.len(), count(Some(true)));
    println!("promptparse: {} wrong, {} panics", count(Some(false)), count(None));

    let payloads: Vec<&str> = vectors.iter().map(payload).collect();
    let calm: Vec<&str> = payloads
        .iter()
        .zip(&peer)
        .filter(|(_, right)| right.is_some())
        .map(|(text, _)| *text)
        .collect();
    let mut group = bench.benchmark_group("emvco");
    group.throughput(Throughput::Elements(payloads.len() as u64));
    group.bench_function("signs", |bench| {
        bench.iter(|| payloads.iter().for_each(|text| drop(black_box(emvco::read(text)))));
    });
    group.throughput(Throughput::Elements(calm.len() as u64));
    group.bench_function("promptparse", |bench| {
        bench.iter(|| {
            calm.iter().for_each(|text| drop(black_box(promptparse::parse(text, true, true))));
        });
    });
    let longest = payloads.iter().max_by_key(|text| text.len()).unwrap();
    group.throughput(Throughput::Elements(1));
    group.bench_function("signs longest", |bench| bench.iter(|| emvco::read(black_box(longest))));
    group.finish();
}

fn frames(bench: &mut Criterion) {
    let file: Value = serde_json::from_str(include_str!("../tests/data/ble-vectors.json")).unwrap();
    let adverts = |wanted: fn(&Value) -> bool| -> Vec<Vec<u8>> {
        let vectors = file["vectors"].as_array().unwrap().iter();
        vectors
            .filter(|vector| vector["input"]["form"] == "advert" && wanted(vector))
            .map(|vector| vector["input"]["hex"].as_str().unwrap())
            .map(|hex| data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap())
            .collect()
    };
    let mut group = bench.benchmark_group("adverts");
    for (name, adverts) in
        [("all", adverts(|_| true)), ("foreign", adverts(|vector| vector["kind"] == "other"))]
    {
        group.throughput(Throughput::Elements(adverts.len() as u64));
        group.bench_function(name, |bench| {
            bench.iter(|| {
                for advert in &adverts {
                    black_box(read_advert(black_box(advert), Mode::Strict));
                }
            });
        });
    }
    group.finish();
}

fn store_codes(bench: &mut Criterion) {
    let key = SigningKey::from_bytes(&[7; 32]);
    let code = StoreCode {
        store: uuid::Uuid::from_u128(42),
        valid: Days { not_before: 20_000, not_after: 20_365 },
        place: Circle { lat_e7: 356_812_360, lon_e7: 1_397_671_250, radius_m: 40 },
        accepted: AcceptedBits(3),
        payment: None,
    };
    let signed = sign(&code, &key).unwrap();
    let keys = KeySet::from_iter([PublicKey::active(key.verifying_key())]);
    let (text, url) = (signed.to_text(), signed.to_url("pay.example"));
    let mut group = bench.benchmark_group("store code");
    group.bench_function("read text", |bench| bench.iter(|| SignedStoreCode::read(&text)));
    group.bench_function("read link", |bench| bench.iter(|| SignedStoreCode::read(&url)));
    group.bench_function("verify", |bench| {
        bench.iter(|| signed.verify(&keys, 20_100 * 86_400, Some((35.6813, 139.7672, 10.0))));
    });
    group.finish();
}

criterion_group!(benches, emvco_codes, frames, store_codes);
criterion_main!(benches);
