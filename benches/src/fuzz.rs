//! Feeds arbitrary and mutated pictures and lines to the reader and the decoder.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use fixtures::passport::varied::VariedPage;
use fixtures::random::Random;
use image::{Rgb, RgbImage, imageops};
use pipeline::examination::{FieldName, Page, PageOrigin};
use pipeline::open::Picture;
use pipeline::passport::mrz::Mrz;
use pipeline::passport::{self, Stage};

/// The result of a run.
#[derive(Debug, Default)]
pub struct Tally {
    /// Number of inputs.
    pub tried: u64,
    /// Number of inputs of which something was read.
    pub read: u64,
    /// Seeds that caused a panic.
    pub panics: Vec<u64>,
    /// Duration of the slowest input.
    pub slowest: Duration,
    /// Seed of the slowest input.
    pub slowest_seed: u64,
}

/// Calls `one` with seeds from `first` until the time is over, at most `most`
/// times. `one` returns whether something was read.
pub fn fuzz(first: u64, most: u64, time: Duration, one: impl Fn(u64) -> bool) -> Tally {
    let (mut tally, began) = (Tally::default(), Instant::now());
    for seed in (first..).take(usize::try_from(most).unwrap_or(usize::MAX)) {
        let since = Instant::now();
        match catch_unwind(AssertUnwindSafe(|| one(seed))) {
            Ok(read) => tally.read += u64::from(read),
            Err(_) => tally.panics.push(seed),
        }
        let took = since.elapsed();
        if took > tally.slowest {
            (tally.slowest, tally.slowest_seed) = (took, seed);
        }
        tally.tried += 1;
        if began.elapsed() > time {
            break;
        }
    }
    tally
}

/// Finds and reads the zones of the picture of a seed.
///
/// # Panics
/// When the reader does, which is what fuzzing searches for, or fonts are missing.
#[must_use]
pub fn page(seed: u64) -> bool {
    let rgb = picture(seed);
    let page = Page {
        number: 1,
        width: rgb.width(),
        height: rgb.height(),
        dpi: None,
        rotation: 0,
        mirrored: false,
        origin: PageOrigin::Image,
    };
    let reading = passport::read_observed(&Picture { page, rgb }, false, &mut |_: Stage| {});
    !reading.zones.is_empty()
}

/// Returns the picture of a seed: noise, stripes, or a drawn page that was mutated.
///
/// # Panics
/// When fonts are missing.
#[must_use]
pub fn picture(seed: u64) -> RgbImage {
    let mut random = Random::new(seed);
    match random.below(4) {
        0 => noise(&mut random),
        1 => print(&mut random),
        _ => {
            let page = VariedPage::random(seed).draw().expect("fonts are installed");
            (0..=random.below(4)).fold(page, |page, _| mutated(page, &mut random))
        }
    }
}

/// Returns blocks of arbitrary brightness, of any proportions.
fn noise(random: &mut Random) -> RgbImage {
    let side = |random: &mut Random| match random.below(3) {
        0 => 1 + random.below(40) as u32,
        1 => 1 + random.below(600) as u32,
        _ => 1 + random.below(2500) as u32,
    };
    let (width, height, block) = (side(random), side(random), 1 + random.below(24) as u32);
    let (colours, salt) = (1 + random.below(6), random.below(1 << 30));
    RgbImage::from_fn(width, height, |x, y| {
        let mut cell = Random::new(salt ^ u64::from(x / block) << 20 ^ u64::from(y / block));
        Rgb([(cell.below(colours) * 255 / colours) as u8; 3])
    })
}

/// Returns rows of boxes at a nearly even pitch, which resemble a zone.
fn print(random: &mut Random) -> RgbImage {
    let (pitch, height) = (3 + random.below(30) as u32, 2 + random.below(36) as u32);
    let (gap, rows) = (height + random.below(40) as u32, 1 + random.below(8) as u32);
    let (count, play) = (20 + random.below(60) as u32, random.below(4));
    let salt = random.below(1 << 30);
    let (width, tall) = (pitch * count + 40, gap * rows + 40);
    let page = RgbImage::from_fn(width, tall, |x, y| {
        let (cell, row) = (x / pitch, y / gap);
        let mut one = Random::new(salt ^ u64::from(cell) << 16 ^ u64::from(row));
        let from = one.below(1 + play) as u32;
        let ink = x % pitch >= from && x % pitch < from + pitch / 2 && y % gap < height;
        Rgb([if ink && cell > 0 && row < rows { 30 } else { 220 }; 3])
    });
    if random.below(2) == 0 { imageops::rotate90(&page) } else { page }
}

/// Applies one random mutation.
fn mutated(mut page: RgbImage, random: &mut Random) -> RgbImage {
    let (width, height) = page.dimensions();
    let part = |random: &mut Random, of: u32| random.below(u64::from(of.max(1))) as u32;
    let (x, y) = (part(random, width), part(random, height));
    let (w, h) = (1 + part(random, width - x), 1 + part(random, height - y));
    match random.below(8) {
        0 => imageops::crop_imm(&page, x, y, w, h).to_image(),
        1 => {
            let (to_x, to_y) = (part(random, width), part(random, height));
            let piece = imageops::crop_imm(&page, x, y, w, h).to_image();
            imageops::replace(&mut page, &piece, i64::from(to_x), i64::from(to_y));
            page
        }
        2 => {
            let (w, h) = (1 + part(random, 2 * width), 1 + part(random, 2 * height));
            imageops::resize(&page, w.min(4000), h.min(4000), imageops::FilterType::Triangle)
        }
        3 => {
            imageops::invert(&mut page);
            page
        }
        4 => imageops::flip_horizontal(&page),
        5 => {
            let level = random.below(256) as u8;
            page.pixels_mut()
                .for_each(|p| p.0.iter_mut().for_each(|v| *v = v.saturating_add(level)));
            page
        }
        6 => {
            let salt = random.below(1 << 30);
            let share = 1 + random.below(60);
            for (i, pixel) in page.pixels_mut().enumerate() {
                let mut one = Random::new(salt ^ i as u64);
                if one.below(100) < share {
                    *pixel = Rgb([one.below(256) as u8; 3]);
                }
            }
            page
        }
        _ => {
            let piece = RgbImage::from_pixel(w, h, Rgb([random.below(256) as u8; 3]));
            imageops::replace(&mut page, &piece, i64::from(x), i64::from(y));
            page
        }
    }
}

/// Decodes the lines of a seed and reads every field.
#[must_use]
pub fn lines(seed: u64) -> bool {
    let Some(mrz) = Mrz::parse(&text(seed)) else { return false };
    let _ = (mrz.check_digits(), mrz.names(), mrz.date_of_birth(), mrz.date_of_expiry());
    for name in FieldName::ALL {
        let _ = mrz.raw(name);
    }
    true
}

/// Returns the lines of a drawn zone with characters replaced, left out, doubled or moved,
/// or arbitrary text.
#[must_use]
pub fn text(seed: u64) -> String {
    let mut random = Random::new(seed);
    let mut text: Vec<char> =
        VariedPage::random(seed).specimen.lines().join("\n").chars().collect();
    for _ in 0..random.below(12) {
        let at = random.below(text.len().max(1) as u64) as usize;
        let other = match random.below(5) {
            0 => char::from_u32(random.below(0x11_0000) as u32).unwrap_or('\u{fffd}'),
            1 => '\n',
            2 => '<',
            _ => char::from(b' ' + random.below(95) as u8),
        };
        match random.below(6) {
            0 => text.truncate(at),
            1 => text.insert(at.min(text.len()), other),
            2 if at < text.len() => {
                text.remove(at);
            }
            3 => {
                let by = at.min(text.len());
                text.rotate_left(by);
            }
            _ if at < text.len() => text[at] = other,
            _ => {}
        }
    }
    text.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A short run of `cargo run --release -p benches --bin fuzz`.
    #[test]
    fn neither_the_reader_nor_the_decoder_panics() {
        let pages = fuzz(1_000_000, 60, Duration::from_secs(60), page);
        assert!(pages.panics.is_empty(), "{:?}", pages.panics);
        let lines = fuzz(1_000_000, 5_000, Duration::from_secs(60), lines);
        assert!(lines.panics.is_empty() && lines.read > 0, "{lines:?}");
    }

    #[test]
    fn a_panic_is_reported_with_its_seed() {
        let tally = fuzz(5, 4, Duration::from_secs(60), |seed| {
            assert!(seed != 7);
            seed == 6
        });
        assert_eq!((tally.tried, tally.read, tally.panics), (4, 1, vec![7]));
    }
}
