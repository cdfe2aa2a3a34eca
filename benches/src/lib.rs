//! Pictures that several benchmarks use, and the code of the benchmarks.

pub mod accuracy;
pub mod cluster;
pub mod fuzz;
pub mod million;
pub mod paths;
pub mod portraits;
pub mod unread;

use fixtures::passport::Specimen;
use image::RgbImage;
use image::imageops::{self, FilterType};

/// Draws a passport page of about 1300 x 915 pixels.
///
/// # Panics
/// When Debian's fonts-ocr-b or fonts-dejavu-core is missing.
#[must_use]
pub fn passport() -> RgbImage {
    fixtures::passport::draw(&Specimen::eriksson()).expect("fonts are installed")
}

/// Draws the same page at the size of a phone's photograph: 4000 x 2815 pixels, about 11 megapixels.
#[must_use]
pub fn large_passport() -> RgbImage {
    let page = passport();
    let height = 4000 * page.height() / page.width();
    imageops::resize(&page, 4000, height, FilterType::CatmullRom)
}

/// Draws a portrait of `width` pixels with the ratio of a 35x45 mm print.
#[must_use]
pub fn portrait(width: u32) -> RgbImage {
    let (picture, _) = fixtures::portrait::draw(&fixtures::portrait::Portrait::default());
    imageops::resize(&picture, width, width * 9 / 7, FilterType::CatmullRom)
}
