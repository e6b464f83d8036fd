//! How many photographs of a folder are read, beside the decoders alone: `camera_rate FOLDER`.
//!
//! The folder (or its subfolders) holds pictures, each with its text beside it in a file of the same
//! name ending in `.txt`. Times are processor time of the decoding thread.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, ensure};
use image::GrayImage;
use rustix::time::{ClockId, clock_gettime};
use rxing::Reader;
use tillsight::sensed::camera::{Decoder, Plane, Reading, Turn};

fn main() -> anyhow::Result<()> {
    let folder = std::env::args_os().nth(1).context("say which folder holds the photographs")?;
    let mut files = Vec::new();
    pictures(Path::new(&folder), &mut files)?;
    ensure!(!files.is_empty(), "no picture with a text beside it is there");
    files.sort();
    let photographs: Vec<(GrayImage, String)> = files
        .iter()
        .map(|file| {
            let text = fs::read_to_string(file.with_extension("txt"))?;
            Ok((image::open(file)?.into_luma8(), text.trim().to_owned()))
        })
        .collect::<anyhow::Result<_>>()?;
    println!("{} photographs", photographs.len());
    println!("{:<32} right   wrong  mean ms", "");
    rate("a photograph", &photographs, |picture| {
        texts(Decoder::read_still(&plane(picture), Decoder::STILL_BUDGET))
    });
    rate("the first frame of a preview", &photographs, |picture| {
        texts(Decoder::new().read(&plane(picture)))
    });
    rate("rxing, its own threshold", &photographs, rxing_alone);
    rate("quircs", &photographs, quircs_alone);
    Ok(())
}

fn pictures(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            pictures(&path, files)?;
        } else if path.extension().is_some_and(|kind| kind == "png" || kind == "jpg")
            && path.with_extension("txt").exists()
        {
            files.push(path);
        }
    }
    Ok(())
}

fn rate(name: &str, photographs: &[(GrayImage, String)], read: fn(&GrayImage) -> Vec<String>) {
    let (mut right, mut wrong) = (0, 0);
    let before = processor_time();
    for (picture, expected) in photographs {
        let texts = read(picture);
        let found = texts.iter().any(|text| text.trim() == expected);
        right += usize::from(found);
        wrong += usize::from(!found && !texts.is_empty());
    }
    let took = processor_time().saturating_sub(before).as_secs_f64();
    let all = photographs.len() as f64;
    let percent = 100.0 * right as f64 / all;
    println!("{name:<32} {percent:>5.1} % {wrong:>4}  {:>8.2}", took * 1e3 / all);
}

fn texts(reading: Reading) -> Vec<String> {
    reading.codes.into_iter().map(|code| code.text).collect()
}

fn plane(picture: &GrayImage) -> Plane<'_> {
    let (width, height) = picture.dimensions();
    Plane::new(picture.as_raw(), width, height, width, Turn::None).expect("a photograph is a plane")
}

fn rxing_alone(picture: &GrayImage) -> Vec<String> {
    let (width, height) = picture.dimensions();
    let Ok(source) = rxing::Luma8Source::new_with_slice(picture.as_raw(), width, height) else {
        return Vec::new();
    };
    let mut bitmap = rxing::BinaryBitmap::new(rxing::common::HybridBinarizer::new(source));
    let hints = rxing::DecodeHints {
        PossibleFormats: Some([rxing::BarcodeFormat::QR_CODE].into_iter().collect()),
        ..rxing::DecodeHints::default()
    };
    let read = rxing::qrcode::cpp_port::QrReader.decode_with_hints(&mut bitmap, &hints);
    read.into_iter().map(|code| code.getText().to_owned()).collect()
}

fn quircs_alone(picture: &GrayImage) -> Vec<String> {
    let (width, height) = picture.dimensions();
    let mut quirc = quircs::Quirc::new();
    let codes = quirc.identify(width as usize, height as usize, picture.as_raw()).flatten();
    let read = codes.filter_map(|code| code.decode().ok());
    read.map(|code| String::from_utf8_lossy(&code.payload).into_owned()).collect()
}

fn processor_time() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or(0))
}
