//! Lines of print above a zone.

mod alphabet;
mod font;
mod label;
mod text;

pub(crate) use self::font::Fonts;
use self::label::{FRAMES, HEIGHT, MOST, NO_MIDDLE, STRIDE, WIDTH};
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
        for frame in (0..FRAMES).filter(|frame| sample.middles[*frame] != NO_MIDDLE) {
            for x in 0..STRIDE {
                grey[(top + HEIGHT + 1) * WIDTH + frame * STRIDE + x] = 0;
            }
        }
    }
    let mut bytes = format!("P5 {WIDTH} {} 255\n", (HEIGHT + gap) * ROWS).into_bytes();
    bytes.extend(grey);
    bytes
}
