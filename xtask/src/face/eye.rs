//! What the browser's camera sees in a test: a film of one still picture, as Chromium reads it.

/// The camera's picture, pixels.
const SIZE: (usize, usize) = (640, 480);
// Brightness of the paper, of what is printed on it and of the desk round it.
const PAPER: u8 = 235;
const PRINT: u8 = 20;
const DESK: u8 = 120;

/// A film (YUV4MPEG2) of a QR code, given as rows of `1` and `0`; without rows of an empty desk.
pub fn film_of(rows: &[&str]) -> Vec<u8> {
    let (width, height) = SIZE;
    let mut luma = vec![DESK; width * height];
    let modules = rows.len() + 8;
    let module = (height / modules).max(1);
    let (left, top) = ((width - modules * module) / 2, (height - modules * module) / 2);
    let dark = |x: usize, y: usize| {
        let row = y.checked_sub(4).and_then(|y| rows.get(y));
        row.zip(x.checked_sub(4)).is_some_and(|(row, x)| row.as_bytes().get(x) == Some(&b'1'))
    };
    if !rows.is_empty() {
        for y in 0..modules * module {
            for x in 0..modules * module {
                let at = (top + y) * width + left + x;
                luma[at] = if dark(x / module, y / module) { PRINT } else { PAPER };
            }
        }
    }
    let mut film =
        format!("YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\nFRAME\n").into_bytes();
    film.extend(luma);
    film.extend(vec![128; width * height / 2]);
    film
}
