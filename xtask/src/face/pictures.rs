//! The documents' pictures, taken from the page, and whether those that are committed still show it.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use image::{GrayImage, ImageReader, imageops};

use super::{
    browser::{Browser, DESK, Letters},
    harness::Harness,
    page::{act, approve, charge, in_the_store, says, speak, tab},
};
use crate::step::{root, target};

/// Where they are committed.
const FOLDER: &str = "docs/pictures";
/// What is compared are squares of so many pixels each: the edges of letters differ with the browser.
const SQUARE: u32 = 12;
/// A square looks different from so many of 255 steps of grey on.
const DIFFERENT: u8 = 40;
/// So many of a thousand squares may: the time of day, and what was listened for a second ago.
const MOST_DIFFERENT: usize = 60;

/// A picture: its file, what of the page it shows, and how one comes there.
struct Picture {
    name: &'static str,
    of: &'static str,
    come: fn(&Browser) -> Result<()>,
}

/// In this order: each begins where the one before ended.
const PICTURES: &[Picture] = &[
    Picture { name: "desk.png", of: "body", come: at_the_door },
    Picture { name: "here.png", of: ".dev2", come: in_the_store },
    Picture { name: "why.png", of: ".dev2", come: why },
    Picture { name: "approve.png", of: ".dev2", come: approving },
    Picture { name: "paid.png", of: ".dev2", come: paid },
    Picture { name: "japanese.png", of: ".dev2", come: japanese },
];

fn at_the_door(browser: &Browser) -> Result<()> {
    act(browser, "'till', { store: it.state.walk.store }")?;
    charge(browser)?;
    act(browser, "'seek', { at_s: 30 }")?;
    browser.until("document.querySelector('#map .tg')")?;
    act(browser, "'refresh'")?;
    says(browser, "Balances live")
}

fn why(browser: &Browser) -> Result<()> {
    browser.click(".rows [data-act=why]")?;
    says(browser, "Chance that it works here")
}

fn approving(browser: &Browser) -> Result<()> {
    browser.click("[data-act=back]")?;
    // The one that the till shows may be about to end.
    charge(browser)?;
    tab(browser, "scan")?;
    browser.click(".vf")?;
    browser.until("document.querySelector('.psheet')")
}

fn paid(browser: &Browser) -> Result<()> {
    approve(browser)?;
    browser.until("document.querySelector('#phone .won') && !document.querySelector('.psheet')")
}

fn japanese(browser: &Browser) -> Result<()> {
    browser.click("[data-act=end-payment]")?;
    in_the_store(browser)?;
    browser.click("[data-act=theme]")?;
    speak(browser, "ja")?;
    says(browser, "この店")
}

/// Takes all of them, by name.
fn take(each: impl FnMut(&Picture, Vec<u8>) -> Result<()>) -> Result<()> {
    let folder = target().join("face").join(format!("pictures-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let taken = take_with(&folder, each);
    fs::remove_dir_all(&folder)?;
    taken
}

fn take_with(folder: &Path, mut each: impl FnMut(&Picture, Vec<u8>) -> Result<()>) -> Result<()> {
    let harness = Harness::start(&[])?;
    let browser = Browser::start(folder, Letters::OfTheDocuments)?;
    browser.resize(DESK.0, DESK.1)?;
    browser.stand_still()?;
    browser.open(&harness.link, "document.querySelector('#phone .tabs')")?;
    for picture in PICTURES {
        (picture.come)(&browser).with_context(|| picture.name)?;
        browser.eval("document.activeElement?.blur(); 0")?;
        each(picture, browser.picture_of(picture.of)?)?;
    }
    Ok(())
}

/// Writes the pictures of the documents anew.
///
/// # Errors
/// When the page does not come to show them.
pub fn write() -> Result<()> {
    fs::create_dir_all(root().join(FOLDER))?;
    take(|picture, bytes| {
        let file = root().join(FOLDER).join(picture.name);
        fs::write(&file, bytes)?;
        println!("{}", file.display());
        Ok(())
    })
}

/// Holds the committed pictures against the page.
///
/// # Errors
/// When one shows something else; what the page shows is then beside the build's files.
pub fn check() -> Result<()> {
    take(|picture, bytes| {
        let committed = fs::read(root().join(FOLDER).join(picture.name))
            .with_context(|| format!("no {}: `cargo xtask pictures` makes it", picture.name))?;
        let different = different(&squares(&committed)?, &squares(&bytes)?);
        if different > MOST_DIFFERENT {
            fs::write(target().join("face").join(picture.name), bytes)?;
        }
        ensure!(
            different <= MOST_DIFFERENT,
            "{FOLDER}/{} is not what the page shows ({different} of 1000 squares differ): look at \
             target/face/{0}, and take them anew by `cargo xtask pictures`",
            picture.name
        );
        Ok(())
    })
}

/// A picture in grey, a pixel for each square.
fn squares(png: &[u8]) -> Result<GrayImage> {
    let picture = ImageReader::new(std::io::Cursor::new(png)).with_guessed_format()?.decode()?;
    let (wide, high) = (picture.width().div_ceil(SQUARE), picture.height().div_ceil(SQUARE));
    Ok(imageops::resize(&picture.to_luma8(), wide, high, imageops::FilterType::Triangle))
}

/// How many of a thousand squares differ; all where the pictures are of other sizes.
fn different(a: &GrayImage, b: &GrayImage) -> usize {
    if a.dimensions() != b.dimensions() {
        return 1_000;
    }
    let pairs = a.iter().zip(b.iter());
    let count = pairs.filter(|(a, b)| a.abs_diff(**b) >= DIFFERENT).count();
    count * 1_000 / a.len().max(1)
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};

    use super::{MOST_DIFFERENT, different};

    fn with_a_box(left: u32, wide: u32) -> GrayImage {
        GrayImage::from_fn(100, 50, |x, y| {
            let inside = (left..left + wide).contains(&x) && (10..40).contains(&y);
            Luma([if inside { 40 } else { 240 }])
        })
    }

    #[test]
    fn a_picture_that_lost_a_card_or_its_size_is_told_from_one_that_moved_by_a_letter() {
        let page = with_a_box(20, 30);
        assert_eq!(different(&page, &page), 0);
        assert!(different(&page, &with_a_box(21, 30)) <= MOST_DIFFERENT);
        assert!(different(&page, &with_a_box(20, 0)) > MOST_DIFFERENT);
        assert!(different(&page, &GrayImage::new(100, 49)) > MOST_DIFFERENT);
    }
}
