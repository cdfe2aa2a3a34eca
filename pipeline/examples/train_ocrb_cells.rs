//! Trains the reader of zone characters on cells drawn from an OCR-B font.
//!
//! `cargo run --release -p pipeline --example train_ocrb_cells -- OCRB.otf ocrb-cells.bin [batches]`
//!
//! Same font, same number of batches: same file, on any machine with the same
//! floating point. Nothing but the font goes in; no real document is used.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a command line tool")]

#[path = "train_ocrb_cells/draw.rs"]
mod draw;
#[path = "train_ocrb_cells/learn.rs"]
mod learn;

use std::env;
use std::fs;

use draw::Painter;
use learn::Net;
use pipeline::passport::cells;

const BATCH: usize = 64;

fn main() {
    let args: Vec<String> = env::args().collect();
    let (font, out) = (fs::read(&args[1]).unwrap(), &args[2]);
    let batches: usize = args.get(3).map_or(40_000, |text| text.parse().unwrap());
    let mut painter = Painter::new(&font, 20_250_115);
    let mut net = Net::new(&[cells::INPUTS, cells::HIDDEN[0], cells::HIDDEN[1], cells::CLASSES], 7);
    if batches == 0 {
        return sheet(&mut painter, out);
    }
    let (mut loss, mut hits) = (0.0, 0);
    for batch in 1..=batches {
        // cosine from 1e-3 to nearly nothing
        let rate = 5e-4 * (1.0 + (std::f32::consts::PI * batch as f32 / batches as f32).cos());
        for _ in 0..BATCH {
            let (input, class) = painter.cell();
            let (sample_loss, right) = net.learn(&input, class);
            loss += sample_loss;
            hits += usize::from(right);
        }
        net.step(rate.max(1e-5), BATCH);
        if batch % 1000 == 0 {
            let seen = (1000 * BATCH) as f32;
            println!("{batch} loss {:.4} right {:.4}", loss / seen, hits as f32 / seen);
            (loss, hits) = (0.0, 0);
        }
    }
    fs::write(out, net.to_bytes()).unwrap();
}

/// A sheet of 20 by 20 samples (PGM), junk last, to look at.
fn sheet(painter: &mut Painter, out: &str) {
    let side = 20 * cells::WIDTH;
    let mut grey = vec![0u8; side * side];
    let mut samples: Vec<_> = (0..400).map(|_| painter.cell()).collect();
    samples.sort_by_key(|(_, class)| *class);
    for (i, (input, _)) in samples.iter().enumerate() {
        for (j, value) in input.iter().enumerate() {
            let x = i % 20 * cells::WIDTH + j % cells::WIDTH;
            let y = i / 20 * cells::HEIGHT + j / cells::WIDTH;
            grey[y * side + x] = (190.0 - 60.0 * value).clamp(0.0, 255.0) as u8;
        }
    }
    let mut bytes = format!("P5 {side} {side} 255\n").into_bytes();
    bytes.extend(grey);
    fs::write(out, bytes).unwrap();
}
