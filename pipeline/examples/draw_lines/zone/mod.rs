//! Lines of machine readable zones.

mod font;
mod label;
mod page;
mod text;

use pipeline::passport::line::{FRAMES, HEIGHT, WIDTH};

pub(crate) use self::font::Fonts;
use self::label::Sample;
use crate::random::Random;

/// Draws one record: strip, classes, offsets, heights.
pub(crate) fn draw_record(fonts: &Fonts, random: &mut Random) -> Vec<u8> {
    record(&label::draw_sample(fonts, random))
}

fn record(sample: &Sample) -> Vec<u8> {
    let strip = sample.strip.iter().map(|v| (v * 32.0).round().clamp(-127.0, 127.0) as i8 as u8);
    let frames = &sample.frames;
    strip
        .chain(frames.iter().map(|f| f.class))
        .chain(frames.iter().map(|f| f.offset as u8))
        .chain(frames.iter().map(|f| f.height as u8))
        .collect()
}

/// Draws forty strips as one picture (PGM), with the labels of the characters.
pub(crate) fn draw_sheet(fonts: &Fonts, random: &mut Random) -> Vec<u8> {
    const ROWS: usize = 40;
    let gap = 6;
    let mut grey = vec![255u8; WIDTH * (HEIGHT + gap) * ROWS];
    for row in 0..ROWS {
        let sample = label::draw_sample(fonts, random);
        let top = row * (HEIGHT + gap);
        for (i, value) in sample.strip.iter().enumerate() {
            let (x, y) = (i % WIDTH, i / WIDTH);
            grey[(top + y) * WIDTH + x] = (150.0 - 45.0 * value).clamp(0.0, 255.0) as u8;
        }
        for frame in 0..FRAMES {
            let class = sample.frames[frame].class;
            let shade = if class < 37 {
                0
            } else if class == label::IGNORED {
                128
            } else {
                255
            };
            for x in 0..4 {
                grey[(top + HEIGHT + 1) * WIDTH + (frame * 4 + x).min(WIDTH - 1)] = shade;
            }
        }
    }
    let mut bytes = format!("P5 {WIDTH} {} 255\n", (HEIGHT + gap) * ROWS).into_bytes();
    bytes.extend(grey);
    bytes
}
