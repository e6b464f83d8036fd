//! The readers that are compared, and what each made of some pictures.

use std::time::Duration;

use image::GrayImage;
use rustix::time::{ClockId, clock_gettime};
use rxing::Reader;
use tillsight::sensed::camera::{Decoder, Plane, Reading, Turn};

/// A machine that does other work, too, takes the time of the decoder's budget away; given so much,
/// it is the decoder that is measured. What takes longer than its true budget is counted.
const UNHURRIED: Duration = Duration::from_secs(2);

/// Texts of the codes that a reader sees in a picture.
pub type Engine = fn(&GrayImage) -> Vec<String>;

pub const ENGINES: [(&str, Engine); 4] = [
    ("a photograph", |picture| texts(Decoder::read_still(&plane(picture), UNHURRIED))),
    ("the first frame of a preview", |picture| texts(preview().read(&plane(picture)))),
    ("rxing, its own threshold", rxing_alone),
    ("quircs", quircs_alone),
];

/// Counts over some pictures.
#[derive(Clone, Copy, Default)]
pub struct Tally {
    pub all: u32,
    pub right: u32,
    /// A text was read, and it is not the code's.
    pub wrong: u32,
    /// Took longer than a photograph has.
    pub late: u32,
    pub took: Duration,
}

impl Tally {
    /// Counts what `engine` reads in `picture`; `judged` says whether it is right, and whether wrong.
    pub fn add(
        &mut self,
        engine: Engine,
        picture: &GrayImage,
        judged: impl Fn(&[String]) -> (bool, bool),
    ) {
        let before = processor_time();
        let texts = engine(picture);
        let took = processor_time().saturating_sub(before);
        let (right, wrong) = judged(&texts);
        self.all += 1;
        self.right += u32::from(right);
        self.wrong += u32::from(wrong);
        self.late += u32::from(took > Decoder::STILL_BUDGET);
        self.took += took;
    }

    pub fn plus(self, other: Self) -> Self {
        Self {
            all: self.all + other.all,
            right: self.right + other.right,
            wrong: self.wrong + other.wrong,
            late: self.late + other.late,
            took: self.took + other.took,
        }
    }

    /// Share of right ones, percent.
    pub fn percent(&self) -> f64 {
        100.0 * f64::from(self.right) / f64::from(self.all.max(1))
    }

    /// Mean processor time, milliseconds.
    pub fn mean_ms(&self) -> f64 {
        self.took.as_secs_f64() * 1e3 / f64::from(self.all.max(1))
    }
}

/// A decoder for the frames of a preview.
pub fn preview() -> Decoder {
    Decoder::with_budget(UNHURRIED)
}

/// The corners of the first code in a picture.
pub fn corners(picture: &GrayImage) -> Option<[(f32, f32); 4]> {
    let reading = Decoder::read_still(&plane(picture), UNHURRIED);
    reading.codes.first().map(|code| code.corners)
}

pub fn texts(reading: Reading) -> Vec<String> {
    reading.codes.into_iter().map(|code| code.text).collect()
}

pub fn plane(picture: &GrayImage) -> Plane<'_> {
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
