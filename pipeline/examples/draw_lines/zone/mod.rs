//! Lines of machine readable zones.

mod font;
mod label;
mod page;
mod text;

use pipeline::passport::line::{BLANK, HEIGHT, STRIDE, WIDTH};

pub(crate) use self::font::Fonts;
use self::label::Sample;
use crate::canvas;
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
    canvas::draw_sheet([WIDTH, HEIGHT], || {
        let sample = label::draw_sample(fonts, random);
        let shade = |class: u8| match class {
            label::IGNORED => 128,
            class if usize::from(class) == BLANK => 255,
            _ => 0,
        };
        let marks = sample.frames.iter().flat_map(|frame| [shade(frame.class); STRIDE]);
        (sample.strip, marks.collect())
    })
}
