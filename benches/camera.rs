//! One frame of a preview beside the decoders alone, on real photographs in the same run:
//! `cargo bench -p tillsight --bench camera`.

use criterion::{Criterion, criterion_group, criterion_main};
use image::GrayImage;
use rxing::Reader;
use std::hint::black_box;
use std::path::Path;
use tillsight::sensed::camera::{Decoder, Plane, Turn};

fn photographs() -> Vec<GrayImage> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/qr");
    let folders = ["qrcode-2", "qrcode-4", "qrcode-5"];
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap());
    let files = files.map(|entry| entry.unwrap().path());
    let pictures = files.filter(|file| file.extension().is_some_and(|kind| kind == "png"));
    pictures.map(|file| image::open(file).unwrap().into_luma8()).collect()
}

fn plane(picture: &GrayImage) -> Plane<'_> {
    let (width, height) = picture.dimensions();
    Plane::new(picture.as_raw(), width, height, width, Turn::None).unwrap()
}

fn camera(criterion: &mut Criterion) {
    let pictures = photographs();
    let mut group = criterion.benchmark_group("all photographs");
    group.sample_size(10);
    group.bench_function("one frame each", |bencher| {
        bencher.iter(|| {
            pictures.iter().map(|p| Decoder::new().read(&plane(p)).codes.len()).sum::<usize>()
        });
    });
    group.bench_function("one still each", |bencher| {
        let still = |p| Decoder::read_still(&plane(p), Decoder::STILL_BUDGET).codes.len();
        bencher.iter(|| pictures.iter().map(still).sum::<usize>());
    });
    group.bench_function("rxing alone", |bencher| {
        bencher.iter(|| pictures.iter().filter(|p| rxing_reads(p)).count());
    });
    group.bench_function("quircs alone", |bencher| {
        bencher.iter(|| pictures.iter().filter(|p| quircs_reads(p)).count());
    });
    group.finish();
}

fn rxing_reads(picture: &GrayImage) -> bool {
    let (width, height) = picture.dimensions();
    let source = rxing::Luma8Source::new_with_slice(picture.as_raw(), width, height).unwrap();
    let mut bitmap = rxing::BinaryBitmap::new(rxing::common::HybridBinarizer::new(source));
    let hints = rxing::DecodeHints {
        PossibleFormats: Some([rxing::BarcodeFormat::QR_CODE].into_iter().collect()),
        ..rxing::DecodeHints::default()
    };
    black_box(rxing::qrcode::cpp_port::QrReader.decode_with_hints(&mut bitmap, &hints)).is_ok()
}

fn quircs_reads(picture: &GrayImage) -> bool {
    let (width, height) = picture.dimensions();
    let mut quirc = quircs::Quirc::new();
    let mut codes = quirc.identify(width as usize, height as usize, picture.as_raw()).flatten();
    codes.any(|code| black_box(code.decode()).is_ok())
}

criterion_group!(benches, camera);
criterion_main!(benches);
