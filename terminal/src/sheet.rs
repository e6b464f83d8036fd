//! The sheet for the counter: the store's name, its code, the network's name in its colour, what the store
//! takes in words, whose data that is. One layout, and the SVG of it.

use std::fmt::Write;

use domain::{Acceptance, Channel};
use qrcode::Color;

use crate::ShownSign;

/// Paper of the ISO 216 series, upright.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// 105 x 148 mm: a stand beside the till.
    A6,
    /// 210 x 297 mm: the door.
    A4,
}

impl Paper {
    /// Width and height in millimetres.
    fn size(self) -> (f64, f64) {
        match self {
            Self::A6 => (105.0, 148.0),
            Self::A4 => (210.0, 297.0),
        }
    }
}

/// Width of a letter in parts of its height: the widest of a usual text face, so that no line
/// leaves the sheet. East Asian letters are square.
const LETTER: f64 = 0.62;

/// All lengths in millimetres from the top left.
pub(crate) struct Layout {
    pub size: (f64, f64),
    pub lines: Vec<Line>,
    /// Left, top and side of one module.
    pub code: (f64, f64, f64),
}

pub(crate) struct Line {
    pub left: f64,
    /// Where the letters stand.
    pub base: f64,
    pub height: f64,
    /// Red, green and blue.
    pub colour: [u8; 3],
    pub text: String,
}

const BLACK: [u8; 3] = [0; 3];

impl ShownSign {
    /// The sheet as an SVG document of the paper's size. The printing program brings the letters,
    /// so any language prints.
    pub fn sheet_svg(&self, paper: Paper) -> String {
        let layout = self.layout(paper);
        let (width, height) = layout.size;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}mm\" height=\"{height}mm\" \
             viewBox=\"0 0 {width} {height}\">\n<rect width=\"100%\" height=\"100%\" \
             fill=\"#fff\"/>\n<path fill=\"#000\" d=\""
        );
        let (left, top, module) = layout.code;
        // Writing to a string does not fail.
        for (x, y, run) in self.runs() {
            let (x, y) = (left + x as f64 * module, top + y as f64 * module);
            let wide = run as f64 * module;
            let _ = write!(svg, "M{x:.3} {y:.3}h{wide:.3}v{module:.3}h-{wide:.3}z");
        }
        svg.push_str("\"/>\n");
        for line in layout.lines {
            let [red, green, blue] = line.colour;
            let _ = writeln!(
                svg,
                "<text x=\"{:.2}\" y=\"{:.2}\" font-size=\"{:.2}\" fill=\"#{red:02x}{green:02x}{blue:02x}\" \
                 font-family=\"sans-serif\">{}</text>",
                line.left,
                line.base,
                line.height,
                escaped(&line.text)
            );
        }
        svg.push_str("</svg>\n");
        svg
    }

    pub(crate) fn layout(&self, paper: Paper) -> Layout {
        let (width, height) = paper.size();
        let margin = width / 12.0;
        let room = width - 2.0 * margin;
        let store = &self.sign().store;
        let mut lines = Vec::new();
        let mut base = margin;
        let mut put = |text: &str, tall: f64, most: usize| {
            for text in wrapped(text, room / tall).into_iter().take(most) {
                base += tall * 1.3;
                lines.push(Line { left: margin, base, height: tall, colour: BLACK, text });
            }
            base
        };
        let named = put(&store.name, width / 14.0, 2);
        let modules = self.picture().width() as f64;
        let side = (room).min(height * 0.56);
        let module = side / modules;
        // The margin is wider than the four modules of quiet zone that a reader needs.
        let code = (margin, named + 4.0 * module, module);
        let below = code.1 + side + 4.0 * module;
        let mut base = below;
        let mut put = |text: &str, tall: f64, most: usize, colour: [u8; 3]| {
            for text in wrapped(text, room / tall).into_iter().take(most) {
                base += tall * 1.3;
                lines.push(Line { left: margin, base, height: tall, colour, text });
            }
        };
        let network = &self.sign().network;
        put(network.name(), width / 24.0, 1, rgb(network.colour()));
        for (channel, words) in [
            (Channel::Contactless, "Contactless"),
            (Channel::Scan, "Scan our code"),
            (Channel::Code, "Show your code"),
        ] {
            let taken = self.taken(channel);
            if !taken.is_empty() {
                put(&format!("{words}: {}", taken.join(", ")), width / 32.0, 2, BLACK);
            }
        }
        if !store.attribution.is_empty() {
            let tall = width / 50.0;
            let text = wrapped(&format!("Store data: {}", store.attribution), room / tall);
            let base = height - margin / 2.0;
            let text = text.into_iter().next().unwrap_or_default();
            lines.push(Line { left: margin, base, height: tall, colour: BLACK, text });
        }
        Layout { size: (width, height), lines, code }
    }

    /// Names of what the store takes in this way. What was made up, is inferred or
    /// reported by others is not printed.
    fn taken(&self, channel: Channel) -> Vec<String> {
        let claims = self.sign().store.accepted.claims().iter();
        claims
            .filter(|claim| claim.channel == channel && claim.acceptance == Acceptance::Accepted)
            .filter(|claim| claim.source.may_be_signed())
            .map(|claim| claim.scheme.name().to_owned())
            .collect()
    }

    /// Dark modules that lie side by side, as column, row and count.
    pub(crate) fn runs(&self) -> Vec<(usize, usize, usize)> {
        let width = self.picture().width();
        let mut runs: Vec<(usize, usize, usize)> = Vec::new();
        for (at, color) in self.picture().colors().into_iter().enumerate() {
            let (x, y) = (at % width, at / width);
            match runs.last_mut() {
                _ if color == Color::Light => {}
                Some((from, row, run)) if *row == y && *from + *run == x => *run += 1,
                _ => runs.push((x, y, 1)),
            }
        }
        runs
    }
}

/// The parts of a colour `#rrggbb`.
fn rgb(colour: &str) -> [u8; 3] {
    let [_, red, green, blue] =
        u32::from_str_radix(colour.trim_start_matches('#'), 16).unwrap_or_default().to_be_bytes();
    [red, green, blue]
}

/// Lines of at most `room` letter heights, broken at spaces; a longer word is cut.
fn wrapped(text: &str, room: f64) -> Vec<String> {
    let wide = |text: &str| -> f64 {
        text.chars().map(|letter| if letter < '\u{1100}' { LETTER } else { 1.0 }).sum()
    };
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let mut word = word.to_owned();
        while wide(&word) > room {
            word.pop();
        }
        match lines.last_mut() {
            Some(line) if line.is_empty() => *line = word,
            Some(line) if wide(line) + LETTER + wide(&word) <= room => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            // XML 1.0 has no other control characters, escaped or not.
            control if control.is_control() => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe
}
