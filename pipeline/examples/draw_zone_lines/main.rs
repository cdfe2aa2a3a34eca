//! Draws lines of machine readable zones as cameras and scanners record them, to train
//! the line network.
//!
//! `cargo run --release -p pipeline --example draw_zone_lines -- SEED > lines`
//! writes an endless sequence of records: the strip (`HEIGHT` rows of `WIDTH` signed bytes,
//! 32 to one unit of the normalised strip), then for every frame its class, its
//! vertical offset and its height (one byte each; see `label`).
//!
//! `… -- SEED --sheet FILE` writes forty strips as one picture (PGM) for inspection.
//!
//! The only inputs are fonts (Debian packages fonts-ocr-b and fonts-dejavu-core);
//! pictures of documents are not used.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a command line tool")]

mod camera;
mod font;
mod label;
mod page;
mod paper;
mod random;
mod text;

use std::env;
use std::fs;
use std::io::{BufWriter, Write};

use font::Fonts;
use label::Sample;
use pipeline::passport::line::{FRAMES, HEIGHT, WIDTH};
use random::Random;

fn main() {
    let args: Vec<String> = env::args().collect();
    let seed: u64 = args.get(1).map_or(1, |text| text.parse().unwrap());
    let fonts = Fonts::load();
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    if let Some(out) = args.get(3) {
        return draw_sheet(&fonts, &mut random, out);
    }
    let mut out = BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    loop {
        let sample = label::draw_sample(&fonts, &mut random);
        // the reader of the records stops this program by closing the pipe
        if out.write_all(&record(&sample)).is_err() {
            return;
        }
    }
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

fn draw_sheet(fonts: &Fonts, random: &mut Random, out: &str) {
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
        // the labels of the characters
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
    fs::write(out, bytes).unwrap();
}
