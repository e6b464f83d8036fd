//! Frames in, codes out: which strategies run on which frame, within a budget of time.

use super::content::Part;
use super::gray::{Gray, Region};
use super::plane::Plane;
use super::reader::{Found, Pass};
use super::strategy::Strategy;
use std::time::{Duration, Instant};

/// Longest side of the picture most strategies work on. A code that fills a fifth of it still has
/// more than two pixels a module at version 6.
const SIDE: u32 = 1280;
const SMALL_SIDE: usize = 400;

/// One code in the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    /// The content as bytes, before any reading as text.
    pub bytes: Vec<u8>,
    /// The content as text: by the declared character set, else UTF-8, Shift_JIS or Latin-1,
    /// whichever the bytes are.
    pub text: String,
    /// Set when the content is only one part of a longer message.
    pub part: Option<Part>,
    /// Top left, top right, bottom right and bottom left corner of the code itself, in pixels of
    /// the upright picture.
    pub corners: [(f32, f32); 4],
    /// How it was read.
    pub strategy: Strategy,
}

/// The answer to one frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// All codes seen; empty when none was.
    pub codes: Vec<Code>,
}

/// Reads the frames of one camera session. Not shared between threads: one decoder, one thread,
/// newest frame only.
#[derive(Debug)]
pub struct Decoder {
    budget: Duration,
    turn: usize,
    last_seen: Option<Region>,
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new()
    }
}

impl Decoder {
    /// Tried one a frame when the first strategies read nothing.
    const IN_TURN: [Strategy; 5] =
        [Strategy::Cells, Strategy::Sharp, Strategy::Half, Strategy::Inverted, Strategy::Shadow];

    /// A decoder with a budget of 100 ms a frame.
    pub fn new() -> Self {
        Self { budget: Duration::from_millis(100), turn: 0, last_seen: None }
    }

    /// Reads one frame of a live preview.
    pub fn read(&mut self, plane: &Plane<'_>) -> Reading {
        let until = Instant::now() + self.budget;
        let strategy = Self::IN_TURN.get(self.turn).copied();
        let reading = self.run(plane, until, strategy.as_slice());
        if reading.codes.is_empty() {
            self.turn = (self.turn + 1) % Self::IN_TURN.len();
        }
        reading
    }

    /// Reads one photograph: every strategy until one reads.
    pub fn read_still(plane: &Plane<'_>) -> Reading {
        let mut decoder = Self::new();
        let until = Instant::now() + decoder.budget;
        decoder.run(plane, until, &Self::IN_TURN)
    }

    fn run(&mut self, plane: &Plane<'_>, until: Instant, others: &[Strategy]) -> Reading {
        let mut reading = Reading::default();
        if let Some(region) = self.last_seen.take() {
            let gray = Gray::cut(plane, region, SIDE);
            self.take(plane, &mut reading, &gray, Strategy::LastSeen, until);
        }
        let mut whole = Gray::cut(plane, Region::of(plane), SIDE);
        if reading.codes.is_empty() && whole.width.max(whole.height) > SMALL_SIDE {
            let small = whole.shrunk(SMALL_SIDE);
            self.take(plane, &mut reading, &small, Strategy::Small, until);
        }
        for &strategy in [Strategy::Whole].iter().chain(others) {
            if !reading.codes.is_empty() || Instant::now() >= until {
                break;
            }
            if strategy == Strategy::Half {
                let half = whole.shrunk(whole.width.max(whole.height) / 2);
                self.take(plane, &mut reading, &half, strategy, until);
            } else {
                self.take(plane, &mut reading, &whole, strategy, until);
            }
        }
        whole.data.clear();
        reading
    }

    fn take(
        &mut self,
        plane: &Plane<'_>,
        reading: &mut Reading,
        gray: &Gray,
        strategy: Strategy,
        until: Instant,
    ) {
        let Pass { found, .. } = strategy.run(gray, until);
        for Found { content, corners } in found {
            if self.last_seen.is_none() {
                self.last_seen = around(plane, corners.map(|p| gray.on_plane(p)));
            }
            reading.codes.push(Code {
                bytes: content.bytes,
                text: content.text,
                part: content.part,
                corners: corners.map(|p| plane.upright(gray.on_plane(p))),
                strategy,
            });
        }
    }
}

/// The square around a code with a third of its size to each side: what a hand moves in a frame.
fn around(plane: &Plane<'_>, corners: [(f32, f32); 4]) -> Option<Region> {
    let xs = corners.map(|p| p.0);
    let ys = corners.map(|p| p.1);
    let span = |values: [f32; 4], limit: u32| {
        let low = values.iter().copied().fold(f32::INFINITY, f32::min);
        let high = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let margin = (high - low) / 3.0;
        let from = (low - margin).clamp(0.0, limit as f32) as u32;
        let to = (high + margin).clamp(0.0, limit as f32) as u32;
        (from, to.saturating_sub(from))
    };
    let (x, width) = span(xs, plane.width());
    let (y, height) = span(ys, plane.height());
    (width >= Plane::MIN_SIDE && height >= Plane::MIN_SIDE).then_some(Region {
        x,
        y,
        width,
        height,
    })
}
