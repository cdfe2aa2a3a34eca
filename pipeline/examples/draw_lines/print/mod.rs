//! Lines of print above a zone.

mod alphabet;
mod font;
mod label;
mod text;

pub(crate) use self::font::Fonts;
use self::label::{HEIGHT, MOST, NO_MIDDLE, STRIDE, WIDTH};
use crate::canvas;
use crate::random::Random;

/// Draws one record: strip, number of frames, number of characters, their classes, middles.
pub(crate) fn draw_record(fonts: &Fonts, random: &mut Random) -> Vec<u8> {
    let sample = label::draw_sample(fonts, random);
    let strip = sample.strip.iter().map(|v| (v * 32.0).round().clamp(-127.0, 127.0) as i8 as u8);
    let mut record: Vec<u8> = strip.collect();
    record.push(sample.frames as u8);
    record.push(sample.text.len() as u8);
    record.extend(sample.text.iter().copied().chain(std::iter::repeat(0)).take(MOST));
    record.extend(sample.middles);
    record
}

/// Draws forty strips as one picture (PGM), with the middles of the characters.
pub(crate) fn draw_sheet(fonts: &Fonts, random: &mut Random) -> Vec<u8> {
    canvas::draw_sheet([WIDTH, HEIGHT], || {
        let sample = label::draw_sample(fonts, random);
        let shade = |middle: &u8| [if *middle == NO_MIDDLE { 255 } else { 0 }; STRIDE];
        (sample.strip, sample.middles.iter().flat_map(shade).collect())
    })
}
