//! A strip of print as the reader samples it, and the labels for the network.

use pipeline::passport::line;

use super::alphabet;
use super::font::{CAPITALS, DrawnLine, Fonts, TALL};
use super::text;
use crate::canvas::Canvas;
use crate::ink::IntegralImage;
use crate::random::Random;
use crate::{camera, paper};

/// Rows and columns of a strip.
pub(crate) const HEIGHT: usize = 32;
pub(crate) const WIDTH: usize = 512;
/// Columns of a frame.
pub(crate) const STRIDE: usize = 4;
pub(crate) const FRAMES: usize = WIDTH / STRIDE;
/// Height of capitals in rows, and the columns of the same length: letters are stretched, so
/// that narrow ones have a frame of their own.
const TALL_ROWS: f32 = 18.0;
const WIDE_COLUMNS: f32 = 24.0;
/// Most characters of a strip.
pub(crate) const MOST: usize = 40;
/// The label of a frame with no character's middle.
pub(crate) const NO_MIDDLE: u8 = 255;

pub(crate) struct Sample {
    /// Rows of `WIDTH`, of which the columns after the last frame are 0.
    pub(crate) strip: Vec<f32>,
    /// Number of frames.
    pub(crate) frames: usize,
    /// Classes of the characters in their order.
    pub(crate) text: Vec<u8>,
    /// For every frame the class of the character whose middle is nearest to its own and
    /// within half a frame.
    pub(crate) middles: Vec<u8>,
}

/// The placement of a line on the canvas: its middle, height of capitals, and shape.
#[derive(Clone, Copy)]
struct Placement {
    middle: [f32; 2],
    capitals: f32,
    slope: f32,
    slant: f32,
    wide: f32,
}

impl Placement {
    /// Converts a pixel of the canvas to fine pixels of a drawn line.
    fn fine(&self, x: f32, y: f32, width: usize) -> [f32; 2] {
        let along = x - self.middle[0];
        let down = y - self.middle[1] - self.slope * along;
        let scale = CAPITALS / self.capitals;
        let u = (along - self.slant * down) * scale / self.wide + width as f32 / 2.0;
        [u, down * scale + TALL as f32 / 2.0]
    }

    /// Returns the canvas' x of a fine pixel on the line's middle.
    fn canvas_x(&self, fine: f32, width: usize) -> f32 {
        self.middle[0] + (fine - width as f32 / 2.0) * self.wide * self.capitals / CAPITALS
    }
}

/// Draws one strip and its labels.
pub(crate) fn draw_sample(fonts: &Fonts, random: &mut Random) -> Sample {
    let capitals =
        if random.chance(0.55) { random.scale(8.0, 20.0) } else { random.scale(4.6, 9.0) };
    let style = fonts.style(random);
    let line = loop {
        let mut text = text::random_text(random);
        if random.chance(0.15) {
            text = format!("{text} {}", text::random_text(random));
        }
        let line = fonts.line(style, &text);
        let columns = (line.ends[1] - line.ends[0]) / CAPITALS * WIDE_COLUMNS;
        let fits = columns < WIDTH as f32 - 2.6 * WIDE_COLUMNS;
        if fits && !line.characters.is_empty() && line.characters.len() <= MOST {
            break line;
        }
    };
    let length = line.ink.width as f32 * capitals / CAPITALS;
    let size = [(length * 1.15 + 2.0 * capitals) as usize + 8, (5.0 * capitals) as usize + 8];
    let placement = Placement {
        middle: [size[0] as f32 / 2.0, size[1] as f32 / 2.0],
        capitals,
        slope: random.normal() * 0.008,
        slant: if random.chance(0.15) { random.range(-0.1, 0.25) } else { random.normal() * 0.02 },
        wide: 1.0 + random.normal() * 0.04,
    };
    let mut canvas = paper::draw_paper(random, size, capitals);
    let depth = if random.chance(0.7) { random.range(0.55, 0.97) } else { random.range(0.2, 0.55) };
    add_neighbours(&mut canvas, fonts, random, placement, depth);
    draw(&mut canvas, &IntegralImage::new(&line.ink), placement, depth);
    paper::draw_marks(&mut canvas, random, capitals);
    camera::degrade(&mut canvas, random, capitals);
    let strip = StripMapping::random(random, &line, placement);
    let width = strip.frames * STRIDE;
    let mut pixels = canvas.sample([width, HEIGHT], |x, y| strip.canvas_point(x, y));
    line::normalise(&mut pixels, width);
    let mut padded = vec![0.0; WIDTH * HEIGHT];
    for (row, pixels) in padded.chunks_exact_mut(WIDTH).zip(pixels.chunks_exact(width)) {
        row[..width].copy_from_slice(pixels);
    }
    strip.labels(&line, placement, padded)
}

/// Draws labels and values close above and below.
fn add_neighbours(
    canvas: &mut Canvas,
    fonts: &Fonts,
    random: &mut Random,
    placement: Placement,
    depth: f32,
) {
    for side in [-1.0, 1.0] {
        if random.chance(0.35) {
            continue;
        }
        let small = if random.chance(0.7) { random.range(0.4, 0.75) } else { 1.0 };
        let gap = random.range(0.15, 1.2);
        let away = (0.5 + gap + 0.5 * small) * placement.capitals;
        let middle = [
            placement.middle[0] + random.range(-3.0, 3.0) * placement.capitals,
            placement.middle[1] + side * away,
        ];
        let style = fonts.style(random);
        let line = fonts.line(style, &text::neighbour(random));
        let placed = Placement { middle, capitals: placement.capitals * small, ..placement };
        draw(canvas, &IntegralImage::new(&line.ink), placed, depth * random.range(0.5, 1.0));
    }
}

fn draw(canvas: &mut Canvas, ink: &IntegralImage, placement: Placement, depth: f32) {
    let scale = CAPITALS / placement.capitals;
    let half = [0.5 * scale / placement.wide, 0.5 * scale];
    for y in 0..canvas.height {
        for x in 0..canvas.width {
            let at = placement.fine(x as f32, y as f32, ink.width);
            if at[1] < -4.0 || at[1] > TALL as f32 + 4.0 {
                continue;
            }
            let cover = ink.mean(at, half);
            if cover > 0.0 {
                canvas.data[y * canvas.width + x] *= 1.0 - depth * cover;
            }
        }
    }
}

/// The mapping from strip to canvas: the reader's estimate of the line's position.
struct StripMapping {
    left: f32,
    middle: f32,
    capitals: f32,
    frames: usize,
}

impl StripMapping {
    /// Errors as large as those of boxes around marks.
    fn random(random: &mut Random, line: &DrawnLine, placement: Placement) -> Self {
        let capitals = placement.capitals * (1.0 + random.normal() * 0.07);
        let middle = placement.middle[1] + random.normal() * 0.06 * capitals;
        let mut margin = || (random.range(0.2, 0.8) + random.normal() * 0.08).max(0.05) * capitals;
        let (before, after) = (margin(), margin());
        let left = placement.canvas_x(line.ends[0], line.width) - before;
        let right = placement.canvas_x(line.ends[1], line.width) + after;
        let columns = (right - left) * WIDE_COLUMNS / capitals;
        let frames = ((columns / STRIDE as f32).ceil() as usize).clamp(1, FRAMES);
        Self { left, middle, capitals, frames }
    }

    fn canvas_point(&self, x: f32, y: f32) -> [f32; 2] {
        let y = y - (HEIGHT - 1) as f32 / 2.0;
        [self.left + x * self.capitals / WIDE_COLUMNS, self.middle + y * self.capitals / TALL_ROWS]
    }

    fn labels(&self, line: &DrawnLine, placement: Placement, strip: Vec<f32>) -> Sample {
        let mut middles = vec![NO_MIDDLE; FRAMES];
        let text = line.characters.iter().map(|(character, fine)| {
            let class = alphabet::class(*character);
            let x = placement.canvas_x(*fine, line.width);
            let column = (x - self.left) / self.capitals * WIDE_COLUMNS;
            let frame = (column / STRIDE as f32) as usize;
            if let Some(middle) = middles.get_mut(frame) {
                *middle = class;
            }
            class
        });
        Sample { text: text.collect(), frames: self.frames, middles, strip }
    }
}
