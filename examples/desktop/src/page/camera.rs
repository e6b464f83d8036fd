//! What the phone's camera looks at: pictures that go to the core's own decoder.

use anyhow::Context as _;
use image::{ImageReader, Limits};
use serde::Deserialize;
use serde_json::{Value, json};
use tillsight::{CameraHint, PlaneReading, PlaneShape, screen::Place};

use super::{desk::Desk, refusal::Refusal};

/// What can be held before the camera.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InView {
    /// The code that the till shows.
    Till,
    /// The store's code on the counter.
    Sign,
    /// The sign of another store, put here by somebody.
    Copied,
    /// A sign that no register signed.
    Forged,
}

/// How often a camera looks at the same picture before the person turns away.
const LOOKS: u32 = 6;
/// A photo is at most so many pixels a side, and takes at most so much memory.
const LARGEST: u32 = 8_192;
const MOST_BYTES: u64 = 256 << 20;

/// Looks at something that is on the desk.
///
/// # Errors
/// When there is no such thing, or the core refuses the code.
pub fn look(desk: &Desk, at: InView) -> Result<Value, Refusal> {
    let text = match at {
        InView::Till => {
            let till = desk.till();
            let code = till.as_ref().and_then(|till| till.code()).map(|sign| sign.url.clone());
            code.context("the till shows no code: let it charge first")?
        }
        InView::Sign => sign_of(desk, &here(desk))?,
        InView::Copied => {
            let here = here(desk);
            let far = desk.stores.iter().rev().find(|it| it.id.to_string() != here);
            sign_of(desk, &far.context("there is no other store")?.id.to_string())?
        }
        InView::Forged => forged(&sign_of(desk, &here(desk))?),
    };
    let code = terminal::Picture::new(&text)?;
    read(desk, &code.png(6)?)
}

/// The store the phone is in, as far as it knows; else the one that is walked to.
fn here(desk: &Desk) -> String {
    let handset = desk.handset();
    let shown = handset.heard.shown();
    let screen = shown.settlement.as_ref().filter(|screen| screen.place == Place::Here);
    let store = screen.and_then(|screen| screen.store.as_ref()).map(|store| store.id.clone());
    store.unwrap_or_else(|| desk.goal.id.to_string())
}

fn sign_of(desk: &Desk, store: &str) -> anyhow::Result<String> {
    Ok(terminal::fetch(&desk.server_url, store)?.sign().url.clone())
}

/// The same with one letter of its end, the signature's, changed.
fn forged(text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let end = letters.len();
    if let Some(letter) = letters.get_mut(end.saturating_sub(12)) {
        *letter = if *letter == '2' { '3' } else { '2' };
    }
    letters.into_iter().collect()
}

/// Gives a picture (PNG, JPEG, WebP, GIF or BMP) to the core's decoder.
///
/// # Errors
/// When it is no picture, or the core refuses the code in it.
pub fn read(desk: &Desk, file: &[u8]) -> Result<Value, Refusal> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LARGEST);
    limits.max_image_height = Some(LARGEST);
    limits.max_alloc = Some(MOST_BYTES);
    let reader = ImageReader::new(std::io::Cursor::new(file)).with_guessed_format();
    let mut reader = reader.context("not a picture")?;
    reader.limits(limits);
    let picture = reader.decode().context("not a picture that can be read")?.into_luma8();
    see(desk, picture.dimensions(), picture.as_raw(), LOOKS)
}

/// Gives one frame of the computer's camera, its brightness row by row, to the core's decoder.
///
/// # Errors
/// When it is no frame, or the core refuses the code in it.
pub fn frame(desk: &Desk, size: (u32, u32), luma: &[u8]) -> Result<Value, Refusal> {
    let is_whole = u64::from(size.0) * u64::from(size.1) == luma.len() as u64;
    if !is_whole || luma.is_empty() || size.0.max(size.1) > LARGEST {
        return Err(anyhow::anyhow!("not a frame of a camera").into());
    }
    see(desk, size, luma, 1)
}

fn see(desk: &Desk, size: (u32, u32), luma: &[u8], looks: u32) -> Result<Value, Refusal> {
    let (width, height) = size;
    let shape = PlaneShape { width, height, row_stride: width, rotation_degrees: 0 };
    let handset = desk.handset();
    let mut hint = None;
    for _ in 0..looks {
        let seen: PlaneReading = handset.wallet.sense_plane(luma, shape)?;
        if let Some(screen) = seen.screen {
            handset.heard.settlement(screen);
            return Ok(json!({ "read": true }));
        }
        hint = seen.hint.or(hint);
    }
    let hint = hint.map(|hint| match hint {
        CameraHint::TooDark => "too_dark",
        CameraHint::TooFar => "too_far",
    });
    Ok(json!({ "read": false, "hint": hint }))
}
