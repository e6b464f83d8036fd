//! The ways to read one picture, from the cheapest to the last resort.

use super::gray::Gray;
use super::ink;
use super::reader::{Cells, Pass, Reader, Tracer};
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
    /// At half the size, against noise and the screen's own pixels.
    Half,
    /// A threshold that follows shadows.
    Shadow,
    /// Sharpened, against blur.
    Sharp,
    /// White on black.
    Inverted,
    /// By the other decoder.
    Cells,
    /// A threshold that follows shadows, by the other decoder.
    ShadowCells,
    /// At up to 2560 pixels: a code that is small in a photograph.
    Fine,
}

impl Strategy {
    /// Tried when the small and the whole picture read nothing, in order of what each adds for
    /// its time.
    pub(super) const OTHERS: [Self; 6] =
        [Self::Shadow, Self::Half, Self::Sharp, Self::Cells, Self::Inverted, Self::ShadowCells];

    /// A stable lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Small => "small",
            Self::Whole => "whole",
            Self::Half => "half",
            Self::Shadow => "shadow",
            Self::Sharp => "sharp",
            Self::Inverted => "inverted",
            Self::Cells => "cells",
            Self::ShadowCells => "shadow-cells",
            Self::Fine => "fine",
        }
    }

    /// Whether its pass tells the eyes of unread codes.
    pub(super) fn seeks_eyes(self) -> bool {
        !matches!(self, Self::Cells | Self::ShadowCells)
    }

    /// Runs the strategy over a picture that was cut for it.
    pub(super) fn run(self, gray: &Gray, until: Instant) -> Pass {
        match self {
            Self::Region | Self::Small | Self::Whole | Self::Half | Self::Fine => {
                pass(&Tracer, ink::by_blocks(gray), until)
            }
            Self::Shadow => pass(&Tracer, ink::by_surroundings(gray, 4, 5), until),
            Self::Sharp => pass(&Tracer, ink::by_blocks(&gray.sharpened()), until),
            Self::Inverted => pass(&Tracer, ink::by_blocks(&gray.inverted()), until),
            Self::Cells => pass(&Cells, ink::by_blocks(gray), until),
            Self::ShadowCells => pass(&Cells, ink::by_surroundings(gray, 8, 5), until),
        }
    }
}

fn pass(reader: &dyn Reader, ink: Option<rxing::common::BitMatrix>, until: Instant) -> Pass {
    ink.map(|ink| reader.read(&ink, until)).unwrap_or_default()
}
