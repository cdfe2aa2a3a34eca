//! Files that somebody may upload as a paper: blank, wrong, or simply not read.

use fixtures::paper::{self, Paper};
use fixtures::passport::{self, Specimen};
use fixtures::portrait::{self, Portrait};
use fixtures::random::Random;
use fixtures::{encode, hostile};
use image::{Rgb, RgbImage};

/// A file with its description.
pub struct Sheet {
    /// The content, in words.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Returns the files: blank pages, real-looking papers, passports, portraits, noise,
/// and some that do not open.
///
/// # Panics
/// When a font is missing.
#[must_use]
pub fn sheets() -> Vec<Sheet> {
    let holder = Specimen::eriksson();
    let fonts = "fonts are installed";
    let mut sheets = Vec::new();
    let mut add = |name: String, bytes: Vec<u8>| sheets.push(Sheet { name, bytes });
    add("blank PDF".to_owned(), paper::letter("", &[]));
    for (name, level) in [("white", 255), ("black", 0), ("grey", 128)] {
        let page = RgbImage::from_pixel(620, 877, Rgb([level; 3]));
        add(format!("{name} page, PNG"), encode::png(&page));
        add(format!("{name} page, scanned PDF"), paper::scan_pdf(&[page], 0, 75.0));
    }
    for seed in 0..4 {
        add(format!("noise {seed}"), encode::jpeg(&noise(seed), 80));
    }
    for kind in Paper::ALL {
        add(format!("{kind:?}, PDF of text"), paper::text_pdf(kind, &holder));
        let scan = paper::scanned(kind, &holder, 90).expect(fonts);
        add(format!("{kind:?}, scanned PDF"), scan);
    }
    for seed in 0..3 {
        let page = passport::draw(&Specimen::random(100 + seed)).expect(fonts);
        add(format!("passport {seed}"), encode::jpeg(&page, 85));
    }
    add("passport, PDF".to_owned(), paper::passport_pdf(&holder, 0).expect(fonts));
    let (face, _) = portrait::draw(&Portrait::default());
    add("portrait".to_owned(), encode::jpeg(&face, 85));
    add("portfolio of 40 pages".to_owned(), paper::portfolio(40).expect(fonts));
    for file in hostile::all() {
        if ["empty.jpg", "truncated.jpg", "user-password.pdf"].contains(&file.name) {
            add(file.name.to_owned(), file.bytes);
        }
    }
    sheets
}

fn noise(seed: u64) -> RgbImage {
    let mut random = Random::new(seed);
    RgbImage::from_fn(400, 560, |_, _| Rgb([random.bits() as u8; 3]))
}
