//! A strip as the reader samples it, and what the network should say of it.

use pipeline::passport::line::{self, BLANK, FRAMES, HEIGHT, PITCH, WIDTH};

use crate::camera;
use crate::font::Fonts;
use crate::page::{self, Canvas, Lie, Subject};
use crate::random::Random;
use crate::soil;
use crate::text::{self, ALPHABET};

/// Between characters and gaps lies a stretch that may be called either.
pub(crate) const IGNORED: u8 = 255;
/// Half the stretch around a character's middle that is that character, in pitches.
const MIDDLE: f32 = 0.28;
/// Beyond this it is a gap.
const BEYOND: f32 = 0.38;

/// What one frame shows.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    /// Class of the character, gap, or `IGNORED`.
    pub(crate) class: u8,
    /// Middle line below the strip's, in 1/128 of a pitch of the strip.
    pub(crate) offset: i8,
    /// Logarithm of the capitals' height to the strip's pitch, times 128.
    pub(crate) height: i8,
}

pub(crate) struct Sample {
    pub(crate) strip: Vec<f32>,
    pub(crate) frames: Vec<Frame>,
}

/// From canvas to strip: the reader's guess at where the line lies.
struct View {
    start: [f32; 2],
    /// Canvas pixels for a pixel of the strip along and down.
    along: [f32; 2],
    down: [f32; 2],
}

impl View {
    fn at(&self, x: f32, y: f32) -> [f32; 2] {
        let y = y - (HEIGHT - 1) as f32 / 2.0;
        [0, 1].map(|i| self.start[i] + self.along[i] * x + self.down[i] * y)
    }
}

pub(crate) fn sample(fonts: &Fonts, random: &mut Random) -> Sample {
    let subject = match random.unit() {
        x if x < 0.07 => Subject::Words,
        x if x < 0.10 => Subject::Nothing,
        _ => Subject::Zone(text::line(random)),
    };
    let cells = if let Subject::Zone(text) = &subject { text.len() } else { 44 };
    let unit = if random.chance(0.7) { random.scale(5.2, 12.0) } else { random.scale(12.0, 21.0) };
    let size = [((cells as f32 + 5.0) * unit) as usize, (5.2 * unit) as usize];
    let lie = Lie::random(random, cells, size, unit);
    let mut canvas = soil::ground(random, size, unit);
    page::print(&mut canvas, fonts, random, &subject, lie);
    soil::cover(&mut canvas, random, unit);
    camera::take(&mut canvas, random, unit);
    let mut text = if let Subject::Zone(text) = subject { Some(text) } else { None };
    let view = view(random, &lie, cells, &mut text);
    let mut strip = look(&canvas, &view);
    line::normalise(&mut strip, WIDTH);
    Sample { strip, frames: frames(&lie, &view, text.as_deref()) }
}

/// The guess: ends, height and slope are a little wrong, as the finder's are;
/// now and then so wrong, turned or mirrored that there is no line to read.
fn view(random: &mut Random, lie: &Lie, cells: usize, text: &mut Option<Vec<u8>>) -> View {
    // two lines are first read as if of 40 characters, then as they are
    let usual = match cells {
        44 => random.pick(&[40.0 / 44.0, 1.0, 1.0]),
        36 => random.pick(&[40.0 / 36.0, 1.0]),
        _ => 1.0,
    };
    let pitch = PITCH * usual * (1.0 + random.normal() * 0.022);
    let step = lie.pitch / pitch;
    let careful = random.chance(0.45);
    let loose = if careful { 0.35 } else { 1.0 };
    let tilt = lie.slope + loose * random.normal() * 0.006;
    let capitals = lie.pitch * lie.tall / PITCH * (1.0 + loose * random.normal() * 0.11);
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
    let middle = lie.across(lie.middle[0]).0;
    let start = [
        lie.middle[0] - along[0] * (half + shift[0]),
        middle - along[1] * (half + shift[0]) + capitals * (shift[1] + off),
    ];
    View { start, along, down }
}

fn look(canvas: &Canvas, view: &View) -> Vec<f32> {
    let mut strip = Vec::with_capacity(WIDTH * HEIGHT);
    let (width, height) = (canvas.width, canvas.height);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let [px, py] = view.at(x as f32, y as f32);
            let px = px.clamp(0.0, width as f32 - 1.001);
            let py = py.clamp(0.0, height as f32 - 1.001);
            let (x0, y0) = (px as usize, py as usize);
            let (fx, fy) = (px - x0 as f32, py - y0 as f32);
            let row = &canvas.data[y0 * width..];
            let top = row[x0] * (1.0 - fx) + row[x0 + 1] * fx;
            let bottom = row[width + x0] * (1.0 - fx) + row[width + x0 + 1] * fx;
            strip.push(top * (1.0 - fy) + bottom * fy);
        }
    }
    strip
}

fn frames(lie: &Lie, view: &View, text: Option<&[u8]>) -> Vec<Frame> {
    let none = Frame { class: BLANK as u8, offset: 0, height: 0 };
    let Some(text) = text else { return vec![none; FRAMES] };
    let middle = (HEIGHT - 1) as f32 / 2.0;
    (0..FRAMES)
        .map(|frame| {
            let x = line::frame_middle(frame);
            let [px, py] = view.at(x, middle);
            let u = lie.cell(px);
            let away = (u - u.floor() - 0.5).abs();
            if u < 0.0 || u >= text.len() as f32 || away > BEYOND {
                return none;
            }
            let (line, tall) = lie.across(px);
            let byte = text[u as usize];
            let class = ALPHABET.iter().position(|known| *known == byte).unwrap_or(BLANK) as u8;
            let code = |v: f32| (v * 128.0).round().clamp(-127.0, 127.0) as i8;
            Frame {
                class: if away < MIDDLE { class } else { IGNORED },
                offset: code((line - py) / view.down[1] / PITCH),
                height: code((tall / (view.down[1] * PITCH)).ln()),
            }
        })
        .collect()
}
