//! Frames in, codes out: which strategies run on which frame, within a budget of time.

use super::frame::Frame;
use super::gray::Region;
use super::plane::Plane;
use super::reading::Reading;
use super::strategy::Strategy;
use std::time::Duration;

/// While a code is read, every so manieth frame is also searched for others beside it.
const LOOK_AROUND: usize = 4;

/// Reads the frames of one camera session. One decoder belongs to one thread, which gives it the
/// newest frame when it is free and drops the others.
#[derive(Debug)]
pub struct Decoder {
    budget: Duration,
    turn: usize,
    /// Frames in a row in which a code was read.
    in_a_row: usize,
    seen: Option<Region>,
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new()
    }
}

impl Decoder {
    /// For a preview of 10 to 30 frames a second.
    pub const FRAME_BUDGET: Duration = Duration::from_millis(60);
    /// For a photograph, which a person waits for. Twelve megapixels are read through in it.
    pub const STILL_BUDGET: Duration = Duration::from_millis(500);

    /// A decoder that has seen nothing, with [`Self::FRAME_BUDGET`].
    pub fn new() -> Self {
        Self::with_budget(Self::FRAME_BUDGET)
    }

    /// A decoder that has seen nothing. No strategy starts after `budget` has passed in a frame;
    /// the one at work then ends within some 30 ms on a desktop core, whatever the plane.
    pub fn with_budget(budget: Duration) -> Self {
        Self { budget, turn: 0, in_a_row: 0, seen: None }
    }

    /// Reads one frame of a live preview: where the last frame saw a code, the small and the whole
    /// picture, against shadow, and one more strategy, which changes from frame to frame until one
    /// reads. Then every fourth frame is also searched for other codes, each time another way.
    pub fn read(&mut self, plane: &Plane<'_>) -> Reading {
        let mut frame = Frame::new(plane, self.budget);
        if let Some(region) = self.seen.take() {
            frame.read_region(region);
        }
        self.read_turn(&mut frame);
        self.seen = frame.sighting();
        if frame.read_nothing() {
            self.turn += 1;
            self.in_a_row = 0;
        } else {
            self.look_around(&mut frame);
            self.in_a_row += 1;
        }
        frame.finish()
    }

    fn read_turn(&self, frame: &mut Frame<'_>) {
        let [always, in_turn @ ..] = Strategy::OTHERS;
        frame.read_plain();
        match in_turn.get(self.turn % (in_turn.len() + 1)) {
            Some(strategy) => frame.read_by(&[always, *strategy]),
            None => {
                frame.read_by(&[always]);
                frame.read_fine();
                frame.read_by(&Strategy::LAST);
            }
        }
    }

    fn look_around(&self, frame: &mut Frame<'_>) {
        if self.in_a_row % LOOK_AROUND == LOOK_AROUND - 1 {
            let count = Strategy::BESIDE.len();
            let turn = self.in_a_row / LOOK_AROUND % count;
            frame.read_beside(Strategy::BESIDE.get(turn..=turn).unwrap_or_default());
        }
    }

    /// Reads one photograph, up to the largest plane: every strategy until one reads, and then
    /// the quick ones again for other codes beside the one read.
    pub fn read_still(plane: &Plane<'_>, budget: Duration) -> Reading {
        let mut frame = Frame::new(plane, budget);
        let [quick, slow @ ..] = Strategy::OTHERS;
        frame.read_plain();
        frame.read_by(&[quick]);
        frame.read_fine();
        frame.read_tiles();
        frame.read_by(&slow);
        frame.read_by(&Strategy::LAST);
        if !frame.read_nothing() {
            frame.read_all_beside();
        }
        frame.finish()
    }
}
