//! Draws lines of machine readable zones, or of print, as cameras and scanners record them,
//! to train the line networks.
//!
//! `cargo run --release -p pipeline --example draw_lines -- zone SEED > lines` (or `print`)
//! writes an endless sequence of records.
//!
//! A record of `zone`: the strip (`HEIGHT` rows of `WIDTH` signed bytes, 32 to one unit of the
//! normalised strip), then for every frame its class, its vertical offset and its height (one
//! byte each; see `zone/label`). A record of `print`: the strip, the numbers of frames and
//! of characters, their classes in `MOST` bytes, and for every frame the class of the character whose middle
//! is near, or 255 (see `print/label`).
//!
//! `… -- zone SEED --sheet FILE` writes forty strips as one picture (PGM) for inspection.
//!
//! The only inputs are fonts, of the Debian packages that `models/README.md` lists; pictures
//! of documents are not used.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a command line tool")]

mod camera;
mod canvas;
mod ink;
mod paper;
mod print;
mod random;
mod zone;

use std::io::{BufWriter, Write};
use std::{env, fs};

use random::Random;

fn main() {
    let args: Vec<String> = env::args().collect();
    let seed: u64 = args.get(2).map_or(1, |text| text.parse().unwrap());
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let sheet = args.get(4).map(String::as_str);
    match args.get(1).map(String::as_str) {
        Some("zone") => {
            let fonts = zone::Fonts::load();
            write(sheet, &mut random, zone::draw_sheet, zone::draw_record, &fonts);
        }
        Some("print") => {
            let fonts = print::Fonts::load();
            write(sheet, &mut random, print::draw_sheet, print::draw_record, &fonts);
        }
        _ => panic!("say `zone` or `print`"),
    }
}

/// Writes a sheet, or records until their reader closes the pipe.
fn write<F>(
    sheet: Option<&str>,
    random: &mut Random,
    draw_sheet: fn(&F, &mut Random) -> Vec<u8>,
    draw_record: fn(&F, &mut Random) -> Vec<u8>,
    fonts: &F,
) {
    if let Some(file) = sheet {
        return fs::write(file, draw_sheet(fonts, random)).unwrap();
    }
    let mut out = BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    while out.write_all(&draw_record(fonts, random)).is_ok() {}
}
