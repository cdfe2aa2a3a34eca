//! A strip as the reader samples it, and the labels for the network.

use pipeline::passport::line::{self, BLANK, FRAMES, HEIGHT, PITCH, WIDTH};

use super::font::Fonts;
use super::page::{self, LinePlacement, Subject};
use super::text::{self, ALPHABET};
use crate::camera;
use crate::paper;
use crate::random::Random;

/// The label between character and blank, where either answer is accepted.
pub(crate) const IGNORED: u8 = 255;
/// Up to this distance from its centre a frame has the character's label, in pitches.
const CHARACTER_WITHIN: f32 = 0.28;
/// From this distance a frame is blank.
const BLANK_BEYOND: f32 = 0.38;

/// The label of one frame.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    /// The character's class, the blank, or `IGNORED`.
    pub(crate) class: u8,
    /// Distance of the centre line below that of the strip, in 1/128 of its pitch.
    pub(crate) offset: i8,
    /// Logarithm of the cap height relative to the strip's pitch, times 128.
    pub(crate) height: i8,
}

pub(crate) struct Sample {
    pub(crate) strip: Vec<f32>,
    pub(crate) frames: Vec<Frame>,
}

/// The mapping from strip to canvas: the reader's estimate of the line's position.
struct StripMapping {
    start: [f32; 2],
    /// Canvas pixels per pixel of the strip, along and down.
    along: [f32; 2],
    down: [f32; 2],
}

impl StripMapping {
    fn canvas_point(&self, x: f32, y: f32) -> [f32; 2] {
        let y = y - (HEIGHT - 1) as f32 / 2.0;
        [0, 1].map(|i| self.start[i] + self.along[i] * x + self.down[i] * y)
    }
}

/// Draws one strip and its labels.
pub(crate) fn draw_sample(fonts: &Fonts, random: &mut Random) -> Sample {
    let subject = match random.unit() {
        x if x < 0.07 => Subject::Words,
        x if x < 0.10 => Subject::Nothing,
        _ => Subject::Zone(text::random_line(random)),
    };
    let cells = if let Subject::Zone(text) = &subject { text.len() } else { 44 };
    let unit = if random.chance(0.7) { random.scale(5.2, 12.0) } else { random.scale(12.0, 21.0) };
    let size = [((cells as f32 + 5.0) * unit) as usize, (5.2 * unit) as usize];
    let placement = LinePlacement::random(random, cells, size, unit);
    let mut canvas = paper::draw_paper(random, size, unit);
    page::draw_print(&mut canvas, fonts, random, &subject, placement);
    paper::draw_marks(&mut canvas, random, unit);
    camera::degrade(&mut canvas, random, unit);
    let mut text = if let Subject::Zone(text) = subject { Some(text) } else { None };
    let mapping = random_mapping(random, &placement, cells, &mut text);
    let mut strip = canvas.sample([WIDTH, HEIGHT], |x, y| mapping.canvas_point(x, y));
    line::normalise(&mut strip, WIDTH);
    Sample { strip, frames: label_frames(&placement, &mapping, text.as_deref()) }
}

/// Returns a random mapping with small errors in ends, height and slope, like those
/// of the finder; sometimes rotated, mirrored or so wrong that no line is legible.
fn random_mapping(
    random: &mut Random,
    placement: &LinePlacement,
    cells: usize,
    text: &mut Option<Vec<u8>>,
) -> StripMapping {
    // two lines are first read as if they had 40 characters, then with their own number
    let usual = match cells {
        44 => random.pick(&[40.0 / 44.0, 1.0, 1.0]),
        36 => random.pick(&[40.0 / 36.0, 1.0]),
        _ => 1.0,
    };
    let pitch = PITCH * usual * (1.0 + random.normal() * 0.022);
    let step = placement.pitch / pitch;
    let careful = random.chance(0.45);
    let loose = if careful { 0.35 } else { 1.0 };
    let tilt = placement.slope + loose * random.normal() * 0.006;
    let capitals =
        placement.pitch * placement.tall / PITCH * (1.0 + loose * random.normal() * 0.11);
    let shift = [
        random.normal() * if careful { 2.0 } else { 9.0 },
        loose * random.normal() * 0.085 * PITCH,
    ];
    let mut along = [step, step * tilt];
    let mut down = [loose * random.normal() * 0.05 * capitals, capitals];
    let mut off = 0.0;
    match random.unit() {
        x if x < 0.025 => (along, down) = ([-along[0], -along[1]], [-down[0], -down[1]]),
        x if x < 0.035 => along = [-along[0], -along[1]],
        x if x < 0.05 => off = random.pick(&[-1.0, 1.0]) * random.range(0.9, 1.6) * PITCH,
        _ => {}
    }
    let flipped = along[0] < 0.0;
    if flipped || off != 0.0 {
        *text = None;
    }
    let half = (WIDTH - 1) as f32 / 2.0;
    let middle = placement.across(placement.middle[0]).0;
    let start = [
        placement.middle[0] - along[0] * (half + shift[0]),
        middle - along[1] * (half + shift[0]) + capitals * (shift[1] + off),
    ];
    StripMapping { start, along, down }
}

fn label_frames(
    placement: &LinePlacement,
    mapping: &StripMapping,
    text: Option<&[u8]>,
) -> Vec<Frame> {
    let none = Frame { class: BLANK as u8, offset: 0, height: 0 };
    let Some(text) = text else { return vec![none; FRAMES] };
    let middle = (HEIGHT - 1) as f32 / 2.0;
    (0..FRAMES)
        .map(|frame| {
            let x = line::frame_middle(frame);
            let [px, py] = mapping.canvas_point(x, middle);
            let u = placement.cell(px);
            let away = (u - u.floor() - 0.5).abs();
            if u < 0.0 || u >= text.len() as f32 || away > BLANK_BEYOND {
                return none;
            }
            let (line, tall) = placement.across(px);
            let byte = text[u as usize];
            let class = ALPHABET.iter().position(|known| *known == byte).unwrap_or(BLANK) as u8;
            let code = |v: f32| (v * 128.0).round().clamp(-127.0, 127.0) as i8;
            Frame {
                class: if away < CHARACTER_WITHIN { class } else { IGNORED },
                offset: code((line - py) / mapping.down[1] / PITCH),
                height: code((tall / (mapping.down[1] * PITCH)).ln()),
            }
        })
        .collect()
}
