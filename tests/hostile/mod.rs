//! Hostile camera planes, each from a seed and a number: noise, posters of finder patterns, codes
//! torn and nested, and sizes no camera gives.

use qrcode::{Color, EcLevel, QrCode, Version};
use tillsight::sensed::camera::{Plane, PlaneProblem, Turn};

/// One plane, told apart by what is drawn on it.
pub struct Hostile {
    pub kind: &'static str,
    pub width: u32,
    pub height: u32,
    pub row_stride: u32,
    pub luma: Vec<u8>,
}

impl Hostile {
    pub fn plane(&self) -> Result<Plane<'_>, PlaneProblem> {
        Plane::new(&self.luma, self.width, self.height, self.row_stride, Turn::None)
    }

    /// Whether whole codes may be on it: anything read elsewhere was never written.
    pub fn holds_codes(&self) -> bool {
        matches!(self.kind, "torn code" | "many codes" | "codes under patches" | "cut")
    }

    /// Plane `number` of `seed`, its longest side at most `side` pixels. The same on every machine.
    pub fn draw(seed: u64, number: u64, side: u32) -> Self {
        let mut random = Random::new(seed, number);
        let mut picture = Picture::of_any_size(&mut random, side);
        let kind = picture.fill(&mut random);
        let (width, height) = (picture.width, picture.height);
        let mut luma = picture.luma;
        if random.below(200) == 0 {
            // Numbers and bytes that do not belong together.
            luma.truncate(random.below(luma.len() as u32 + 1) as usize);
            let row_stride = random.below(2 * width + 2);
            return Self { kind: "cut", width, height, row_stride, luma };
        }
        Self { kind, width, height, row_stride: width, luma }
    }

    /// A sheet of `count` finder patterns, as many as fit, of `module` pixels a module: what every
    /// decoder has to try in threes.
    pub fn poster(width: u32, height: u32, count: u32, module: u32) -> Self {
        let mut picture = Picture { width, height, luma: vec![255; (width * height) as usize] };
        let pitch = 9 * module;
        let across = (width / pitch).max(1);
        for eye in 0..count {
            picture.eye((eye % across * pitch + module, eye / across * pitch + module), module, 0);
        }
        Self { kind: "poster", width, height, row_stride: width, luma: picture.luma }
    }
}

struct Picture {
    width: u32,
    height: u32,
    luma: Vec<u8>,
}

impl Picture {
    fn of_any_size(random: &mut Random, side: u32) -> Self {
        let (width, height) = match random.below(16) {
            0 => (random.below(24), random.below(24)),
            1 => (random.between(1, 40), random.between(1, side)),
            2 => (random.between(1, side), random.between(21, 90)),
            3 => (side, side),
            4 => (side, side * 9 / 16),
            5 => (random.between(21, side), random.between(21, side)),
            _ => (random.between(21, side / 2), random.between(21, side / 2)),
        };
        let luma = vec![random.below(256) as u8; (width * height) as usize];
        Self { width, height, luma }
    }

    fn fill(&mut self, random: &mut Random) -> &'static str {
        match random.below(12) {
            0 => self.noise(random, 1),
            1 => {
                let block = random.between(2, 12);
                self.noise(random, block)
            }
            2 => self.lines(random),
            3 => self.waves(random),
            4 | 5 => self.eyes(random),
            6 => self.nested(random),
            7 => self.torn_code(random),
            8 => self.many_codes(random),
            9 => self.hollow_codes(random),
            10 => {
                self.many_codes(random);
                self.patches(random);
                "codes under patches"
            }
            _ => {
                self.noise(random, 3);
                self.eyes(random);
                "eyes on noise"
            }
        }
    }

    /// Black and white in blocks, one grey of many, or between.
    fn noise(&mut self, random: &mut Random, block: u32) -> &'static str {
        let share = random.between(20, 80);
        let grey = random.below(2) == 0;
        let (width, across) = (self.width.max(1), self.width.div_ceil(block).max(1));
        let mut row = Vec::new();
        for (y, pixels) in self.luma.chunks_mut(width as usize).enumerate() {
            if (y as u32).is_multiple_of(block) {
                row.clear();
                row.extend((0..across).map(|_| match grey {
                    true => random.below(256) as u8,
                    false => u8::from(random.below(100) < share) * 255,
                }));
            }
            for (x, pixel) in pixels.iter_mut().enumerate() {
                *pixel = row[x / block as usize];
            }
        }
        "noise"
    }

    /// Every row a finder pattern's 1:1:3:1:1, over and over.
    fn lines(&mut self, random: &mut Random) -> &'static str {
        let module = random.between(1, 9);
        let slant = random.below(3);
        let both = random.below(2) == 0;
        let dark = |at: u32| matches!(at / module % 11, 0 | 2 | 3 | 4 | 6);
        self.paint(|x, y| {
            let along = dark(x + y * slant / 2);
            if along && (!both || dark(y)) { 10 } else { 240 }
        });
        "lines"
    }

    fn waves(&mut self, random: &mut Random) -> &'static str {
        let (a, b, c) = (random.between(1, 60), random.between(1, 60), random.below(8));
        self.paint(|x, y| (x * x / a + y * y / b + ((x * y) >> c)) as u8);
        "waves"
    }

    /// Finder patterns of many sizes, some overlapping.
    fn eyes(&mut self, random: &mut Random) -> &'static str {
        let count = random.between(3, 2_000);
        let largest = random.between(1, 12);
        let same = random.below(2) == 0;
        for _ in 0..count {
            let module = if same { largest } else { random.between(1, largest) };
            let at = (random.below(self.width), random.below(self.height));
            self.eye(at, module, random.below(40) as u8);
        }
        "eyes"
    }

    /// Eyes within eyes, down to single pixels.
    fn nested(&mut self, random: &mut Random) -> &'static str {
        let mut module = self.width.min(self.height) / 7;
        let ink = random.below(90) as u8;
        while module > 0 {
            for _ in 0..random.between(1, 40) {
                let at = (random.below(self.width), random.below(self.height));
                self.eye(at, module, ink);
            }
            module = module * random.between(2, 8) / 10;
        }
        "nested eyes"
    }

    fn torn_code(&mut self, random: &mut Random) -> &'static str {
        let module = random.between(1, 8);
        self.code(random, (0, 0), module);
        for _ in 0..random.below(60) {
            self.patch(random, 8);
        }
        "torn code"
    }

    fn many_codes(&mut self, random: &mut Random) -> &'static str {
        let module = random.between(1, 5);
        for _ in 0..random.between(2, 30) {
            let at = (random.below(self.width), random.below(self.height));
            self.code(random, at, module);
        }
        "many codes"
    }

    /// Codes whose eyes and timing are whole and whose content is noise: read to the end in vain.
    fn hollow_codes(&mut self, random: &mut Random) -> &'static str {
        let module = random.between(1, 4);
        let modules = random.between(1, 40) * 4 + 17;
        let pitch = (modules + 8) * module;
        for top in (0..self.height).step_by(pitch as usize).take(12) {
            for left in (0..self.width).step_by(pitch as usize).take(12) {
                self.block((left, top), pitch, pitch, 250);
                let at = |x: u32, y: u32| (left + (x + 4) * module, top + (y + 4) * module);
                for (x, y) in (0..modules).flat_map(|y| (0..modules).map(move |x| (x, y))) {
                    let timing = (x == 6 || y == 6) && (x + y) % 2 == 0;
                    if timing || x != 6 && y != 6 && random.below(2) == 0 {
                        self.block(at(x, y), module, module, 5);
                    }
                }
                for (x, y) in [(0, 0), (modules - 7, 0), (0, modules - 7)] {
                    self.eye(at(x, y), module, 5);
                }
            }
        }
        "hollow codes"
    }

    fn patches(&mut self, random: &mut Random) {
        for _ in 0..random.below(400) {
            self.patch(random, 30);
        }
    }

    fn patch(&mut self, random: &mut Random, share: u32) {
        let (width, height) = (self.width / share + 1, self.height / share + 1);
        let at = (random.below(self.width), random.below(self.height));
        let (width, height) = (random.below(width), random.below(height));
        self.block(at, width, height, random.below(256) as u8);
    }

    fn code(&mut self, random: &mut Random, (left, top): (u32, u32), module: u32) {
        let length = random.below(300) as usize;
        let content: Vec<u8> = (0..length).map(|_| random.below(256) as u8).collect();
        let version = Version::Normal(random.between(1, 40) as i16);
        let code = QrCode::with_version(&content, version, EcLevel::L)
            .or_else(|_| QrCode::with_error_correction_level(&content, EcLevel::L));
        let Ok(code) = code else { return };
        let modules = code.width();
        let side = (modules as u32 + 8) * module;
        self.block((left, top), side, side, 240);
        for (i, color) in code.to_colors().into_iter().enumerate() {
            if color == Color::Dark {
                let (x, y) = ((i % modules) as u32 + 4, (i / modules) as u32 + 4);
                self.block((left + x * module, top + y * module), module, module, 20);
            }
        }
    }

    fn eye(&mut self, (left, top): (u32, u32), module: u32, ink: u8) {
        for (ring, value) in [(0, ink), (1, 245), (2, ink)] {
            let side = (7 - 2 * ring) * module;
            self.block((left + ring * module, top + ring * module), side, side, value);
        }
    }

    fn block(&mut self, (left, top): (u32, u32), width: u32, height: u32, value: u8) {
        let columns = left.min(self.width)..left.saturating_add(width).min(self.width);
        for y in top.min(self.height)..top.saturating_add(height).min(self.height) {
            let row = (y * self.width) as usize;
            self.luma[row + columns.start as usize..row + columns.end as usize].fill(value);
        }
    }

    fn paint(&mut self, value: impl Fn(u32, u32) -> u8) {
        let width = self.width.max(1) as usize;
        for (y, row) in self.luma.chunks_mut(width).enumerate() {
            for (x, pixel) in row.iter_mut().enumerate() {
                *pixel = value(x as u32, y as u32);
            }
        }
    }
}

/// splitmix64: every number of a seed on its own, the same everywhere.
struct Random(u64);

impl Random {
    fn new(seed: u64, number: u64) -> Self {
        let mut random = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number);
        random.0 = random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 when `end` is 0.
    fn below(&mut self, end: u32) -> u32 {
        ((u64::from(end) * (self.next() >> 32)) >> 32) as u32
    }

    fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below((high + 1).saturating_sub(low))
    }
}
