//! The ways to read one picture, from the cheapest to the last resort.

use super::gray::Gray;
use super::ink;
use super::reader::{Cells, Pass, Reader, Tracer};
use std::time::Instant;

/// How a code was read. Told for diagnosis; an app need not act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strategy {
    /// Where the last frame saw a code, at full resolution.
    LastSeen,
    /// The whole picture at 400 pixels.
    Small,
    /// The whole picture at up to 1280 pixels.
    Whole,
    /// As `Whole`, by the other decoder.
    Cells,
    /// Sharpened, against blur.
    Sharp,
    /// At half the size, against noise and the screen's own pixels.
    Half,
    /// White on black.
    Inverted,
    /// A threshold that follows shadows, by the other decoder.
    Shadow,
    /// At up to 2560 pixels: a code that is small in a photograph.
    Fine,
}

impl Strategy {
    /// A stable lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::LastSeen => "last-seen",
            Self::Small => "small",
            Self::Whole => "whole",
            Self::Cells => "cells",
            Self::Sharp => "sharp",
            Self::Half => "half",
            Self::Inverted => "inverted",
            Self::Shadow => "shadow",
            Self::Fine => "fine",
        }
    }

    /// Runs the strategy over a picture of the size it wants.
    pub(super) fn run(self, gray: &Gray, until: Instant) -> Pass {
        let read = |reader: &dyn Reader, gray: &Gray, ink| match ink {
            Some(ink) => reader.read(gray, &ink, until),
            None => Pass::default(),
        };
        match self {
            Self::LastSeen | Self::Small | Self::Whole | Self::Half | Self::Fine => {
                read(&Tracer, gray, ink::by_blocks(gray))
            }
            Self::Sharp => {
                let sharp = gray.sharpened();
                read(&Tracer, &sharp, ink::by_blocks(&sharp))
            }
            Self::Inverted => {
                let inverted = gray.inverted();
                read(&Tracer, &inverted, ink::by_blocks(&inverted))
            }
            Self::Cells => read(&Cells, gray, ink::by_blocks(gray)),
            Self::Shadow => read(&Cells, gray, ink::by_surroundings(gray, 8, 5)),
        }
    }
}
