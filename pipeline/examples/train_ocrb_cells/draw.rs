//! Draws single cells as a camera or scanner might have seen them.

use ab_glyph::{Font, FontRef, PxScale, point};
use pipeline::passport::cells::{self, ALPHABET, HEIGHT, INPUTS, PITCH, WIDTH};

/// Splitmix64: small, seeded, the same everywhere.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    pub(crate) fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn chance(&mut self, share: f32) -> bool {
        self.unit() < share
    }

    fn sign(&mut self) -> f32 {
        if self.chance(0.5) { 1.0 } else { -1.0 }
    }

    fn normal(&mut self) -> f32 {
        (0..4).map(|_| self.unit()).sum::<f32>() * 1.732 - 3.464
    }
}

/// Pixels of the master drawings to one character pitch.
const MASTER: usize = 48;
/// Strokes thinner and bolder than drawn, in master pixels.
const WEIGHTS: [f32; 7] = [-1.6, -0.8, 0.0, 0.9, 1.8, 2.8, 3.8];
/// Master cell: three pitches wide, two high, the glyph in the middle.
const MASTER_WIDTH: usize = 2 * MASTER;
const MASTER_HEIGHT: usize = 2 * MASTER;

/// Sums of ink over rectangles of one glyph.
struct Integral(Vec<f32>);

impl Integral {
    fn new(ink: &[f32]) -> Self {
        let stride = MASTER_WIDTH + 1;
        let mut sums = vec![0.0; stride * (MASTER_HEIGHT + 1)];
        for y in 0..MASTER_HEIGHT {
            let mut row = 0.0;
            for x in 0..MASTER_WIDTH {
                row += ink[y * MASTER_WIDTH + x];
                sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + row;
            }
        }
        Self(sums)
    }

    fn mean(&self, x: f32, y: f32, half: f32) -> f32 {
        let clamp = |v: f32, max: usize| v.clamp(0.0, max as f32) as usize;
        let (x0, x1) = (clamp(x - half + 0.5, MASTER_WIDTH), clamp(x + half + 0.5, MASTER_WIDTH));
        let (y0, y1) = (clamp(y - half + 0.5, MASTER_HEIGHT), clamp(y + half + 0.5, MASTER_HEIGHT));
        let at = |x: usize, y: usize| self.0[y * (MASTER_WIDTH + 1) + x];
        (at(x1, y1) - at(x0, y1) - at(x1, y0) + at(x0, y0)) / (4.0 * half * half)
    }
}

/// Draws cells with every fault that a reader should bear.
pub(crate) struct Painter {
    /// By weight, then by class.
    glyphs: Vec<Vec<Integral>>,
    random: Random,
}

impl Painter {
    pub(crate) fn new(font: &[u8], seed: u64) -> Self {
        let font = FontRef::try_from_slice(font).unwrap();
        let drawn: Vec<Vec<f32>> = ALPHABET.iter().map(|c| master(&font, *c as char)).collect();
        let glyphs = WEIGHTS
            .iter()
            .map(|w| drawn.iter().map(|ink| Integral::new(&embolden(ink, *w))).collect())
            .collect();
        Self { glyphs, random: Random(seed) }
    }

    /// One normalised patch and its class.
    pub(crate) fn cell(&mut self) -> ([f32; INPUTS], usize) {
        let random = &mut self.random;
        let junk = random.chance(0.2);
        let class = random.below(ALPHABET.len());
        let mut shift = [random.range(-0.17, 0.17), random.range(-0.15, 0.15)];
        let mut row = [self.neighbour(), Some(class), self.neighbour()];
        let random = &mut self.random;
        let mut turned = false;
        if junk {
            match random.below(10) {
                0 => row = [None, None, None],
                1 => row[1] = None,
                2 => shift[1] = random.sign() * random.range(0.45, 0.9),
                3 | 4 if b"<ACDEFGJKLPQRTUVY147".contains(&ALPHABET[class]) => turned = true,
                _ => shift[0] = random.sign() * random.range(0.34, 0.66),
            }
        }
        let patch = self.photograph(row, shift, turned);
        (patch, if junk { cells::JUNK } else { class })
    }

    fn neighbour(&mut self) -> Option<usize> {
        match self.random.unit() {
            x if x < 0.07 => None,
            x if x < 0.35 => Some(0),
            _ => Some(self.random.below(ALPHABET.len())),
        }
    }

    fn photograph(
        &mut self,
        row: [Option<usize>; 3],
        shift: [f32; 2],
        turned: bool,
    ) -> [f32; INPUTS] {
        let random = &mut self.random;
        // pixels to a pitch as the camera saw it: many small, some large
        let dense = 4.6 * (16.0f32 / 4.6).powf(random.unit());
        let scale = [random.range(0.93, 1.07), random.range(0.91, 1.09)];
        let (turn, slant) = (random.range(-0.05, 0.05), random.range(-0.09, 0.09));
        let widest = if random.chance(0.3) { (dense / 6.0).clamp(0.8, 1.5) } else { 0.8 };
        let blur = random.range(0.45, widest);
        let weight = &self.glyphs[random.below(WEIGHTS.len())];
        let columns = (WIDTH as f32 / PITCH * dense).ceil() as usize + 3;
        let rows = (HEIGHT as f32 / PITCH * dense).ceil() as usize + 3;
        let step = MASTER as f32 / dense;
        let phase = [random.unit() - 0.5, random.unit() - 0.5];
        let sign = if turned { -1.0 } else { 1.0 };
        let mut seen = vec![0.0f32; columns * rows];
        for j in 0..rows {
            for i in 0..columns {
                let x = (i as f32 - (columns - 1) as f32 / 2.0 + phase[0]) * step / scale[0];
                let y = (j as f32 - (rows - 1) as f32 / 2.0 + phase[1]) * step / scale[1];
                let x = sign * (x + (turn + slant) * y - shift[0] * MASTER as f32);
                let y = sign * (y - turn * x - shift[1] * MASTER as f32);
                for (k, glyph) in row.iter().enumerate() {
                    let Some(glyph) = glyph else { continue };
                    let left = x - (k as f32 - 1.0) * MASTER as f32 + MASTER_WIDTH as f32 / 2.0;
                    let top = y + MASTER_HEIGHT as f32 / 2.0;
                    if left > -step && left < MASTER_WIDTH as f32 + step {
                        let half = (blur * step).max(0.75);
                        seen[j * columns + i] += weight[*glyph].mean(left, top, half);
                    }
                }
            }
        }
        self.soil(&mut seen, columns, rows, dense);
        self.resample(&seen, columns, rows, dense, phase)
    }

    /// Background, lines across, uneven light, ringing and grain; ink is positive.
    fn soil(&mut self, seen: &mut [f32], columns: usize, rows: usize, dense: f32) {
        let random = &mut self.random;
        seen.iter_mut().for_each(|v| *v = v.min(1.0));
        if random.chance(0.25) {
            sharpen(seen, columns, rows, random.range(0.1, 0.5));
        }
        for _ in 0..if random.chance(0.35) { 1 + random.below(4) } else { 0 } {
            let angle = random.range(0.0, std::f32::consts::PI);
            let (s, c) = angle.sin_cos();
            let offset = random.range(-0.8, 0.8) * dense;
            let (half, depth) = (random.range(0.03, 0.12) * dense, random.range(0.1, 0.7));
            let period = if random.chance(0.5) { random.range(0.25, 1.2) * dense } else { 1e6 };
            for j in 0..rows {
                for i in 0..columns {
                    let x = i as f32 - columns as f32 / 2.0;
                    let y = j as f32 - rows as f32 / 2.0;
                    let away = (c * x + s * y - offset).rem_euclid(period);
                    let away = away.min(period - away);
                    let cover = (half + 0.5 - away).clamp(0.0, 1.0);
                    let v = &mut seen[j * columns + i];
                    *v = v.max(*v * (1.0 - cover) + cover * depth);
                }
            }
        }
        let light = [random.range(-0.3, 0.3) / dense, random.range(-0.2, 0.2) / dense];
        let grain = if random.chance(0.5) { 0.03 } else { random.range(0.03, 0.22) };
        for j in 0..rows {
            for i in 0..columns {
                let v = &mut seen[j * columns + i];
                *v += light[0] * i as f32 + light[1] * j as f32 + grain * random.normal();
            }
        }
    }

    fn resample(
        &mut self,
        seen: &[f32],
        columns: usize,
        rows: usize,
        dense: f32,
        phase: [f32; 2],
    ) -> [f32; INPUTS] {
        let mut patch = [0.0; INPUTS];
        let at = |x: usize, y: usize| seen[y.min(rows - 1) * columns + x.min(columns - 1)];
        for j in 0..HEIGHT {
            for i in 0..WIDTH {
                let x = (i as f32 - (WIDTH - 1) as f32 / 2.0) * dense / PITCH - phase[0]
                    + (columns - 1) as f32 / 2.0;
                let y = (j as f32 - (HEIGHT - 1) as f32 / 2.0) * dense / PITCH - phase[1]
                    + (rows - 1) as f32 / 2.0;
                let (x0, y0) = (x.max(0.0) as usize, y.max(0.0) as usize);
                let (fx, fy) = (x - x0 as f32, y - y0 as f32);
                let top = at(x0, y0) * (1.0 - fx) + at(x0 + 1, y0) * fx;
                let bottom = at(x0, y0 + 1) * (1.0 - fx) + at(x0 + 1, y0 + 1) * fx;
                patch[j * WIDTH + i] = top * (1.0 - fy) + bottom * fy;
            }
        }
        cells::normalise(&mut patch, self.random.range(0.1, 0.22));
        patch
    }
}

fn sharpen(seen: &mut [f32], columns: usize, rows: usize, amount: f32) {
    let before = seen.to_vec();
    for y in 1..rows - 1 {
        for x in 1..columns - 1 {
            let i = y * columns + x;
            let around = before[i - 1] + before[i + 1] + before[i - columns] + before[i + columns];
            seen[i] = before[i] + amount * (before[i] - around / 4.0);
        }
    }
}

/// A glyph in the middle of its master cell, ink 0..1; capitals centred in height.
fn master(font: &FontRef<'_>, c: char) -> Vec<f32> {
    let units = font.units_per_em().unwrap();
    let advance = font.h_advance_unscaled(font.glyph_id('H')) / units;
    let capital = font.outline(font.glyph_id('H')).unwrap().bounds.height().abs() / units;
    let em = MASTER as f32 / advance;
    let scale = PxScale::from(em * font.height_unscaled() / units);
    let middle = MASTER as f32 / 2.0;
    let place =
        point(MASTER_WIDTH as f32 / 2.0 - middle, MASTER_HEIGHT as f32 / 2.0 + capital * em / 2.0);
    let mut ink = vec![0.0; MASTER_WIDTH * MASTER_HEIGHT];
    let outline =
        font.outline_glyph(font.glyph_id(c).with_scale_and_position(scale, place)).unwrap();
    let bounds = outline.px_bounds();
    outline.draw(|x, y, cover| {
        let (x, y) = (x as f32 + bounds.min.x, y as f32 + bounds.min.y);
        if (0.0..MASTER_WIDTH as f32).contains(&x) && (0.0..MASTER_HEIGHT as f32).contains(&y) {
            ink[y as usize * MASTER_WIDTH + x as usize] = cover.min(1.0);
        }
    });
    ink
}

/// Grows (or for negative `by` shrinks) the ink by that many master pixels.
fn embolden(ink: &[f32], by: f32) -> Vec<f32> {
    let reach = by.abs().ceil() as i32;
    let mut out = ink.to_vec();
    for y in 0..MASTER_HEIGHT as i32 {
        for x in 0..MASTER_WIDTH as i32 {
            for dy in -reach..=reach {
                for dx in -reach..=reach {
                    let (sx, sy) = (x + dx, y + dy);
                    let inside = (0..MASTER_WIDTH as i32).contains(&sx)
                        && (0..MASTER_HEIGHT as i32).contains(&sy);
                    let cover =
                        (by.abs() + 0.5 - ((dx * dx + dy * dy) as f32).sqrt()).clamp(0.0, 1.0);
                    let there =
                        if inside { ink[sy as usize * MASTER_WIDTH + sx as usize] } else { 0.0 };
                    let v = &mut out[y as usize * MASTER_WIDTH + x as usize];
                    if by > 0.0 {
                        *v = v.max(cover * there);
                    } else {
                        *v = v.min(1.0 - cover * (1.0 - there));
                    }
                }
            }
        }
    }
    out
}
