//! Draws a part of a page: one line of a zone, and other print beside it.

use super::font::{Fonts, MASTER, TALL};
use super::text;
use crate::canvas::Canvas;
use crate::ink::{Ink, IntegralImage};
use crate::random::Random;

/// The placement of a line of print on the canvas, in pixels.
#[derive(Clone, Copy)]
pub(crate) struct LinePlacement {
    /// Pitch in the middle of the line.
    pub(crate) pitch: f32,
    /// The centre of the line.
    pub(crate) middle: [f32; 2],
    /// Number of cells of the line.
    pub(crate) cells: f32,
    /// Slope of the centre line, and its bow in pixels at the ends.
    pub(crate) slope: f32,
    pub(crate) bow: f32,
    /// Cap height relative to the pitch, and its growth from end to end.
    pub(crate) tall: f32,
    pub(crate) growth: f32,
    /// Growth of the pitch from end to end.
    pub(crate) stretch: f32,
    /// Shear: pixels along per pixel down.
    pub(crate) slant: f32,
}

impl LinePlacement {
    pub(crate) fn random(random: &mut Random, cells: usize, size: [usize; 2], pitch: f32) -> Self {
        let soft = |random: &mut Random, most: f32| random.normal() * most * 0.4;
        Self {
            pitch,
            middle: [size[0] as f32 / 2.0, size[1] as f32 / 2.0],
            cells: cells as f32,
            slope: random.range(-0.03, 0.03),
            bow: if random.chance(0.3) { soft(random, 0.35) * pitch } else { 0.0 },
            // pages squeezed to a square are as frequent as pages squeezed the other way
            tall: if random.chance(0.9) {
                random.range(0.82, 1.25)
            } else {
                random.scale(0.6, 1.9)
            },
            growth: soft(random, 0.2),
            stretch: soft(random, 0.16),
            slant: soft(random, 0.16),
        }
    }

    fn share(&self, x: f32) -> f32 {
        (x - self.middle[0]) / (self.cells * self.pitch)
    }

    /// Returns centre line and cap height at `x`.
    pub(crate) fn across(&self, x: f32) -> (f32, f32) {
        let t = self.share(x);
        let y =
            self.middle[1] + self.slope * (x - self.middle[0]) + self.bow * 4.0 * (t * t - 0.08);
        (y, self.pitch * self.tall * (1.0 + self.growth * t))
    }

    /// Returns the cell coordinate at `x` on the centre line: 0 at the first cell's left edge.
    pub(crate) fn cell(&self, x: f32) -> f32 {
        let t = self.share(x);
        self.cells * (t + 0.5 + self.stretch * (t * t - 0.25))
    }

    /// Converts a pixel of the canvas to fine pixels of the line's drawing.
    fn fine(&self, x: f32, y: f32, cells_before: f32) -> [f32; 2] {
        let (middle, tall) = self.across(x);
        let down = y - middle;
        let u = self.cell(x - self.slant * down);
        let v = down / tall;
        [(u + cells_before) * MASTER as f32, v * MASTER as f32 * CAPITAL + TALL as f32 / 2.0]
    }
}

/// Cap height of OCR-B relative to its pitch, as in the fonts.
const CAPITAL: f32 = 0.955;

/// Print to draw, and its darkness.
struct Print {
    ink: IntegralImage,
    placement: LinePlacement,
    before: f32,
    depth: f32,
}

/// The content in the middle of the strip.
pub(crate) enum Subject {
    Zone(Vec<u8>),
    Words,
    Nothing,
}

/// Draws ink on `canvas`, which has the paper: the subject at its placement, and
/// sometimes neighbours above and below.
pub(crate) fn draw_print(
    canvas: &mut Canvas,
    fonts: &Fonts,
    random: &mut Random,
    subject: &Subject,
    placement: LinePlacement,
) {
    let style = PrintStyle {
        face: [fonts.face(random), random.below(fonts.weights())],
        narrow: if random.chance(0.3) { random.range(0.75, 1.3) } else { 1.0 },
    };
    let depth = if random.chance(0.75) { random.range(0.6, 0.97) } else { random.range(0.22, 0.6) };
    let mut prints = Vec::new();
    match subject {
        Subject::Zone(text) => {
            let mut ink = zone_ink(fonts, random, style, text);
            wear(&mut ink, random);
            prints.push(Print { ink: IntegralImage::new(&ink), placement, before: 2.0, depth });
        }
        Subject::Words => prints.push(words(fonts, random, placement, depth)),
        Subject::Nothing => {}
    }
    let apart = placement.pitch * random.range(1.7, 3.3);
    for side in [-1.0, 1.0] {
        if random.chance(0.45) {
            continue;
        }
        let mut middle = placement.middle;
        middle[1] += side * apart;
        middle[0] += random.range(-0.7, 0.7) * placement.pitch;
        let placement = LinePlacement { middle, ..placement };
        if random.chance(0.7) {
            let text = text::random_line(random);
            let ink = zone_ink(fonts, random, style, &text);
            let placement = LinePlacement { cells: text.len() as f32, ..placement };
            prints.push(Print { ink: IntegralImage::new(&ink), placement, before: 2.0, depth });
        } else {
            prints.push(words(fonts, random, placement, depth));
        }
    }
    prints.iter().for_each(|print| draw(canvas, print));
}

/// The common style of the lines of a zone: typeface, weight and width of glyphs.
#[derive(Clone, Copy)]
struct PrintStyle {
    face: [usize; 2],
    narrow: f32,
}

fn zone_ink(fonts: &Fonts, random: &mut Random, style: PrintStyle, text: &[u8]) -> Ink {
    let loose = if random.chance(0.2) { random.range(0.0, 1.6) } else { 0.0 };
    fonts.zone_line(style.face, style.narrow, text, || {
        [(random.normal() * loose) as i32, (random.normal() * loose) as i32]
    })
}

fn words(fonts: &Fonts, random: &mut Random, placement: LinePlacement, depth: f32) -> Print {
    let text = text::words(random);
    let face = random.below(8);
    let capitals = MASTER as f32 * random.range(0.6, 1.3);
    let width = (placement.cells as usize + 4) * MASTER;
    let mut ink = fonts.other_line(face, &text.repeat(2), capitals, width);
    let turned = random.below(3);
    if turned > 0 {
        // upside down, or mirrored
        for row in ink.data.chunks_exact_mut(width) {
            row.reverse();
        }
        if turned == 1 {
            let rows: Vec<f32> = ink.data.chunks_exact(width).rev().flatten().copied().collect();
            ink.data = rows;
        }
    }
    Print { ink: IntegralImage::new(&ink), placement, before: 2.0, depth }
}

/// Adds printer dots, holes of wear, and letters of uneven darkness.
fn wear(ink: &mut Ink, random: &mut Random) {
    let kind = random.unit();
    if kind < 0.12 {
        let (period, fill) = (random.range(3.0, 6.0), random.range(0.45, 0.8));
        for (i, value) in ink.data.iter_mut().enumerate() {
            let (x, y) = ((i % ink.width) as f32, (i / ink.width) as f32);
            let wave = |t: f32| 0.5 + 0.5 * (std::f32::consts::TAU * t / period).cos();
            let dot = wave(x) * wave(y);
            *value *= (fill + 1.6 * dot - 0.3).clamp(0.0, 1.0);
        }
    } else if kind < 0.3 {
        for _ in 0..ink.width / 8 {
            let (x, y) = (random.below(ink.width), random.below(ink.height));
            let (size, left) = (1 + random.below(6), random.range(0.0, 0.7));
            for dy in 0..size.min(ink.height - y) {
                for dx in 0..size.min(ink.width - x) {
                    ink.data[(y + dy) * ink.width + x + dx] *= left;
                }
            }
        }
    } else if kind < 0.45 {
        let mut strength = 1.0;
        for x in 0..ink.width {
            if x % MASTER == 0 {
                strength = random.range(0.55, 1.0);
            }
            for y in 0..ink.height {
                ink.data[y * ink.width + x] *= strength;
            }
        }
    }
}

fn draw(canvas: &mut Canvas, print: &Print) {
    let placement = &print.placement;
    let half = [
        0.5 * MASTER as f32 / placement.pitch,
        0.5 * MASTER as f32 / (placement.pitch * placement.tall),
    ];
    for y in 0..canvas.height {
        for x in 0..canvas.width {
            let at = placement.fine(x as f32, y as f32, print.before);
            if at[1] < -4.0 || at[1] > TALL as f32 + 4.0 {
                continue;
            }
            let cover = print.ink.mean(at, half);
            if cover > 0.0 {
                canvas.data[y * canvas.width + x] *= 1.0 - print.depth * cover;
            }
        }
    }
}
