//! What a lens, a sheet and a sensor do to a picture.

use image::{GrayImage, Luma, imageops};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

pub type Point = (f32, f32);

/// The picture whose every point is taken from the point that `from` names; beyond its edge it goes
/// on as at the edge.
pub fn warped(picture: &GrayImage, from: impl Fn(Point) -> Point) -> GrayImage {
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        Luma([sample(picture, from((x as f32, y as f32)))])
    })
}

fn sample(picture: &GrayImage, (x, y): Point) -> u8 {
    let (right, low) = ((picture.width() - 1) as f32, (picture.height() - 1) as f32);
    let (x, y) = (x.clamp(0.0, right), y.clamp(0.0, low));
    let (x0, y0) = (x.floor(), y.floor());
    let grey = |x: f32, y: f32| f32::from(picture.get_pixel(x as u32, y as u32).0[0]);
    let (x1, y1) = ((x0 + 1.0).min(right), (y0 + 1.0).min(low));
    let mix = |one: f32, other: f32, part: f32| one + (other - one) * part;
    let upper = mix(grey(x0, y0), grey(x1, y0), x - x0);
    let lower = mix(grey(x0, y1), grey(x1, y1), x - x0);
    mix(upper, lower, y - y0).round() as u8
}

/// Every grey value changed, with its place.
pub fn relit(picture: &GrayImage, light: impl Fn(f32, Point) -> f32) -> GrayImage {
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let grey = f32::from(picture.get_pixel(x, y).0[0]);
        Luma([light(grey, (x as f32, y as f32)).round().clamp(0.0, 255.0) as u8])
    })
}

/// A lens out of focus: every point becomes a disc.
pub fn defocused(picture: &GrayImage, radius: f32) -> GrayImage {
    let reach = radius.ceil() as i64;
    let half = |dy: i64| (radius * radius - (dy * dy) as f32).max(0.0).sqrt();
    let rows: Vec<(i64, f32)> = (-reach..=reach).map(|dy| (dy, half(dy))).collect();
    let lines: Vec<Vec<f32>> = (0..picture.height()).map(|y| running_sums(picture, y)).collect();
    let bottom = i64::from(picture.height()) - 1;
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let (mut sum, mut area) = (0.0, 0.0);
        for &(dy, half) in &rows {
            let line = &lines[(i64::from(y) + dy).clamp(0, bottom) as usize];
            let (left, right) = (x as f32 - half, x as f32 + half + 1.0);
            sum += up_to(line, right) - up_to(line, left);
            area += right - left;
        }
        Luma([(sum / area).round() as u8])
    })
}

/// Sums of a row from its left edge, one more than it has pixels.
fn running_sums(picture: &GrayImage, y: u32) -> Vec<f32> {
    let mut sums = vec![0.0];
    let mut sum = 0.0;
    for x in 0..picture.width() {
        sum += f32::from(picture.get_pixel(x, y).0[0]);
        sums.push(sum);
    }
    sums
}

/// The sum up to a place between pixels; beyond the edges the row goes on as at the edge.
fn up_to(sums: &[f32], x: f32) -> f32 {
    let last = sums.len() - 1;
    if x <= 0.0 {
        return x * (sums[1] - sums[0]);
    }
    if x >= last as f32 {
        return sums[last] + (x - last as f32) * (sums[last] - sums[last - 1]);
    }
    let at = x.floor() as usize;
    sums[at] + (x - at as f32) * (sums[at + 1] - sums[at])
}

/// A hand that moves while the shutter is open: `length` pixels towards `angle`.
pub fn shaken(picture: &GrayImage, length: f32, angle: f32) -> GrayImage {
    let steps = (2.0 * length).ceil().max(1.0);
    let (across, down) = (angle.cos(), angle.sin());
    let (width, height) = picture.dimensions();
    let mut sums = vec![0.0f32; (width * height) as usize];
    for step in 0..=steps as u32 {
        let away = length * (step as f32 / steps - 0.5);
        let moved = warped(picture, |(x, y)| (x + across * away, y + down * away));
        sums.iter_mut().zip(moved.as_raw()).for_each(|(sum, grey)| *sum += f32::from(*grey));
    }
    let row = width as usize;
    GrayImage::from_fn(width, height, |x, y| {
        Luma([(sums[y as usize * row + x as usize] / (steps + 1.0)).round() as u8])
    })
}

/// A sensor's noise of this standard deviation, in grey values.
pub fn noisy(picture: &GrayImage, deviation: f32, random: &mut ChaCha8Rng) -> GrayImage {
    let mut picture = picture.clone();
    for grey in picture.iter_mut() {
        // Four uniform numbers are normal enough; their sum has a deviation of sqrt(1/3).
        let sum: f32 = (0..4).map(|_| random.random_range(-0.5..0.5)).sum();
        *grey = (f32::from(*grey) + deviation * sum * 1.732).round().clamp(0.0, 255.0) as u8;
    }
    picture
}

/// Shrunk or enlarged by this factor.
pub fn resized(picture: &GrayImage, factor: f32) -> GrayImage {
    let side = |pixels: u32| ((pixels as f32 * factor).round() as u32).max(1);
    let (width, height) = (side(picture.width()), side(picture.height()));
    imageops::resize(picture, width, height, imageops::FilterType::Triangle)
}
