//! The ways to read one picture, from the cheapest to the last resort.

use super::binarize::Threshold;
use super::gray::Gray;
use super::pass::Pass;
use super::reader::{Bent, Cells, Reader, Tracer, Unframed};
use std::time::Instant;

/// How a code was read. Told for diagnosis; an app need not act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strategy {
    /// A part of the picture at full resolution: where the last frame saw a code, or where the
    /// eyes of one are seen in this.
    Region,
    /// The whole picture at 400 pixels.
    Small,
    /// The whole picture at up to 1280 pixels.
    Whole,
    /// At half the size, then softened, against noise and the screen's own pixels.
    Half,
    /// A threshold that follows shadows.
    Shadow,
    /// Sharpened, against blur.
    Sharp,
    /// A warped grid over a sheet that leans far away or is not flat, or on which one eye is hidden.
    Bent,
    /// By the other decoder.
    Cells,
    /// White on black.
    Inverted,
    /// A threshold that follows narrow shadows, by the other decoder.
    ShadowCells,
    /// At up to 2560 pixels: a code that is small in a photograph.
    Fine,
    /// One part of a photograph after the other, at full resolution.
    Tile,
    /// By the middles of the eyes alone, when their rings run into what lies beside the code.
    Unframed,
    /// With thin gaps in the print closed, then with thin lines over it taken away.
    Closed,
}

impl Strategy {
    /// Tried when the small and the whole picture read nothing, in order of what each adds for
    /// its time.
    pub(super) const OTHERS: [Self; 7] = [
        Self::Shadow,
        Self::Bent,
        Self::Half,
        Self::Sharp,
        Self::Cells,
        Self::Inverted,
        Self::ShadowCells,
    ];

    /// Tried after those, when nothing else reads: printed with no quiet zone, by a worn printer
    /// or in separate dots.
    pub(super) const LAST: [Self; 2] = [Self::Unframed, Self::Closed];

    /// Tried for further codes beside one that was read.
    pub(super) const BESIDE: [Self; 3] = [Self::Whole, Self::Shadow, Self::Inverted];

    /// A stable lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Small => "small",
            Self::Whole => "whole",
            Self::Half => "half",
            Self::Shadow => "shadow",
            Self::Sharp => "sharp",
            Self::Bent => "bent",
            Self::Cells => "cells",
            Self::Inverted => "inverted",
            Self::ShadowCells => "shadow-cells",
            Self::Fine => "fine",
            Self::Tile => "tile",
            Self::Unframed => "unframed",
            Self::Closed => "closed",
        }
    }

    /// Whether its pass tells the eyes of unread codes. The others see eyes of their own making, or
    /// none.
    pub(super) fn seeks_eyes(self) -> bool {
        matches!(self, Self::Region | Self::Small | Self::Whole | Self::Fine)
    }

    /// Runs the strategy over a picture that was cut for it.
    pub(super) fn run(self, gray: &Gray, until: Instant) -> Pass {
        let wide = Threshold::Surroundings(8);
        let blocks = Tracer(Threshold::Blocks);
        match self {
            Self::Region | Self::Small | Self::Whole | Self::Fine => blocks.read(gray, until),
            Self::Half => {
                let half = gray.shrunk(gray.width.max(gray.height) / 2);
                let pass = blocks.read(&half, until).placed(&half, gray);
                pass.or_else(|| Bent(wide).read(&gray.softened(), until))
            }
            Self::Shadow => Tracer(wide).read(gray, until),
            Self::Sharp => {
                let sharp = gray.sharpened();
                Tracer(wide).read(&sharp, until).or_else(|| Bent(wide).read(&sharp, until))
            }
            Self::Bent => Bent(wide).read(gray, until),
            Self::Cells => Cells(None).read(gray, until),
            Self::Inverted => {
                let inverted = gray.inverted();
                blocks.read(&inverted, until).or_else(|| Bent(wide).read(&inverted, until))
            }
            Self::ShadowCells => Cells(Some(Threshold::Surroundings(16))).read(gray, until),
            Self::Tile => {
                let pass = blocks.read(gray, until);
                // Modules of few pixels are told best between the pixels.
                if pass.found.is_empty() && pass.finders.len() > 2 {
                    Bent(wide).read(gray, until)
                } else {
                    pass
                }
            }
            Self::Unframed => Unframed(wide).read(gray, until),
            Self::Closed => {
                let closed =
                    [1, 2, 3].map(|radius| (Gray::closed as fn(&Gray, usize) -> Gray, radius));
                let opened =
                    [1, 2].map(|radius| (Gray::opened as fn(&Gray, usize) -> Gray, radius));
                let ways = closed.into_iter().chain(opened);
                ways.take_while(|_| Instant::now() < until)
                    .map(|(mend, radius)| blocks.read(&mend(gray, radius), until))
                    .find(|pass| !pass.found.is_empty())
                    .unwrap_or_default()
            }
        }
    }
}
