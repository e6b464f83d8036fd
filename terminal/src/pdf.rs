//! The sheet as a PDF: with a font's letters in it, or with those that every PDF reader brings.

use std::{collections::BTreeSet, fmt::Write};

use anyhow::Context;
use krilla::{
    Document, SerializeSettings,
    color::rgb,
    geom::{PathBuilder, Point, Rect},
    page::PageSettings,
    paint::Fill,
    text::TextDirection,
};

use crate::{
    Paper, ShownSign,
    font::SheetFont,
    sheet::{Layout, Line},
};

/// Points of a PDF in a millimetre.
const POINTS: f64 = 72.0 / 25.4;

/// A sheet, and what could not be printed on it.
pub struct SheetPdf {
    /// The file.
    pub file: Vec<u8>,
    /// Letters of the sheet's texts that the font lacks, as the sheet says by their numbers.
    pub left_out: BTreeSet<char>,
}

impl ShownSign {
    /// The sheet as a PDF of one page, which brings the letters of `font` that it needs. Without one
    /// it has the letters of Latin-1, which every PDF reader brings. What the letters lack is left
    /// out, and the sheet says so.
    ///
    /// # Errors
    /// When the font cannot be embedded.
    pub fn sheet_pdf(&self, paper: Paper, font: Option<&SheetFont>) -> anyhow::Result<SheetPdf> {
        let mut layout = self.layout(paper);
        let letters: BTreeSet<char> =
            layout.lines.iter().flat_map(|line| line.text.chars()).collect();
        let printed: BTreeSet<char> = match font {
            Some(font) => font.having(letters.iter().copied()).into_iter().collect(),
            None => letters.iter().copied().filter(|letter| is_latin(*letter)).collect(),
        };
        let left_out: BTreeSet<char> = letters.difference(&printed).copied().collect();
        for line in &mut layout.lines {
            line.text.retain(|letter| printed.contains(&letter));
        }
        layout.lines.extend(note(&layout, &left_out));
        let file = match font {
            Some(font) => self.embedded(&layout, font)?,
            None => self.plain(&layout),
        };
        Ok(SheetPdf { file, left_out })
    }

    fn embedded(&self, layout: &Layout, font: &SheetFont) -> anyhow::Result<Vec<u8>> {
        // A page is a few kilobytes; uncompressed it can be read by whoever doubts it.
        let settings =
            SerializeSettings { compress_content_streams: false, ..SerializeSettings::default() };
        let mut document = Document::new_with(settings);
        let points = |millimetres: f64| (millimetres * POINTS) as f32;
        let (width, height) = (points(layout.size.0), points(layout.size.1));
        let size = PageSettings::from_wh(width, height).context("the paper has no size")?;
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        let (left, top, module) = layout.code;
        let mut code = PathBuilder::new();
        for (x, y, run) in self.runs() {
            let (x, y) = (left + x as f64 * module, top + y as f64 * module);
            let dark =
                Rect::from_xywh(points(x), points(y), points(run as f64 * module), points(module));
            code.push_rect(dark.context("a module has no size")?);
        }
        surface.draw_path(&code.finish().context("the code has no module")?);
        for line in layout.lines.iter().filter(|line| !line.text.trim().is_empty()) {
            let [red, green, blue] = line.colour;
            let paint = rgb::Color::new(red, green, blue).into();
            surface.set_fill(Some(Fill { paint, ..Fill::default() }));
            surface.draw_text(
                Point::from_xy(points(line.left), points(line.base)),
                font.face(),
                points(line.height),
                &line.text,
                false,
                TextDirection::Auto,
            );
        }
        surface.finish();
        page.finish();
        document.finish().map_err(|_| anyhow::anyhow!("the font cannot be embedded"))
    }

    fn plain(&self, layout: &Layout) -> Vec<u8> {
        let (width, height) = (layout.size.0 * POINTS, layout.size.1 * POINTS);
        let (left, top, module) = layout.code;
        let mut page = String::from("0 g\n");
        // Writing to a string does not fail.
        for (x, y, run) in self.runs() {
            let _ = writeln!(
                page,
                "{:.3} {:.3} {:.3} {:.3} re",
                (left + x as f64 * module) * POINTS,
                height - (top + (y + 1) as f64 * module) * POINTS,
                run as f64 * module * POINTS,
                module * POINTS
            );
        }
        page.push_str("f\n");
        for line in &layout.lines {
            let [red, green, blue] = line.colour;
            let _ = writeln!(
                page,
                "{:.3} {:.3} {:.3} rg BT /F {:.2} Tf {:.2} {:.2} Td <{}> Tj ET",
                f64::from(red) / 255.0,
                f64::from(green) / 255.0,
                f64::from(blue) / 255.0,
                line.height * POINTS,
                line.left * POINTS,
                height - line.base * POINTS,
                latin(&line.text)
            );
        }
        pdf(&[
            "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width:.2} {height:.2}] \
                 /Resources << /Font << /F 4 0 R >> >> /Contents 5 0 R >>"
            ),
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
                .to_owned(),
            format!("<< /Length {} >>\nstream\n{page}endstream", page.len()),
        ])
    }
}

/// Most numbers of letters that the sheet names; more than these do not fit.
const MOST_NAMED: usize = 8;

/// What the sheet says of letters that it lacks, in letters that every font has.
fn note(layout: &Layout, left_out: &BTreeSet<char>) -> Option<Line> {
    if left_out.is_empty() {
        return None;
    }
    let named = left_out.iter().take(MOST_NAMED).map(|letter| format!("U+{:04X}", *letter as u32));
    let named = named.collect::<Vec<_>>().join(" ");
    let more = left_out.len().saturating_sub(MOST_NAMED);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let (width, height) = layout.size;
    let (left, tall) = (width / 12.0, width / 50.0);
    let base = height - left / 2.0 - tall * 1.5;
    let text = format!("Letters left out: {named}{more}");
    Some(Line { left, base, height: tall, colour: [0; 3], text })
}

/// Whether a letter is of Latin-1, the common part with WinAnsi.
fn is_latin(letter: char) -> bool {
    matches!(letter, ' '..='~' | '\u{a0}'..='\u{ff}')
}

/// Hexadecimal digits of a text of Latin-1.
fn latin(text: &str) -> String {
    text.chars().map(|letter| format!("{:02x}", u32::from(letter))).collect()
}

/// A PDF 1.4 file of these objects, the first its catalogue.
fn pdf(objects: &[String]) -> Vec<u8> {
    let mut file = String::from("%PDF-1.4\n");
    let mut table = String::from("0000000000 65535 f \n");
    for (i, object) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", file.len());
        let _ = writeln!(file, "{} 0 obj\n{object}\nendobj", i + 1);
    }
    let (start, size) = (file.len(), objects.len() + 1);
    let _ = write!(
        file,
        "xref\n0 {size}\n{table}trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    file.into_bytes()
}
