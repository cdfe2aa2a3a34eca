//! Properties on which matching depends, and values of the reference.

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage, imageops};

use super::perceptual::{PerceptualHashes, perceptual_hashes};

/// Draws a picture with shapes at several scales that differs completely by seed.
fn scene(seed: u32, width: u32, height: u32) -> RgbImage {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let mut next = move |limit: u32| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state % limit
    };
    let mut rgb = RgbImage::from_pixel(width, height, Rgb([210, 205, 200]));
    for _ in 0..40 {
        let (x, y) = (next(width) as i64, next(height) as i64);
        let radius = i64::from(next(width / 5) + 5);
        let colour = Rgb([next(256) as u8, next(256) as u8, next(256) as u8]);
        for (px, py, pixel) in rgb.enumerate_pixels_mut() {
            let (dx, dy) = (i64::from(px) - x, i64::from(py) - y);
            if dx * dx + dy * dy < radius * radius {
                *pixel = colour;
            }
        }
    }
    rgb
}

fn jpeg(rgb: &RgbImage, quality: u8) -> RgbImage {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(rgb).expect("encodes");
    image::load_from_memory(&bytes).expect("decodes").to_rgb8()
}

fn gamma(rgb: &RgbImage, exponent: f64) -> RgbImage {
    let mut out = rgb.clone();
    for sample in out.iter_mut() {
        *sample = (255.0 * (f64::from(*sample) / 255.0).powf(exponent)).round() as u8;
    }
    out
}

fn half(rgb: &RgbImage) -> RgbImage {
    let (width, height) = (rgb.width() / 2, rgb.height() / 2);
    imageops::resize(rgb, width, height, imageops::FilterType::CatmullRom)
}

#[track_caller]
fn check_near(a: PerceptualHashes, b: PerceptualHashes) {
    let distances = (a.pdq.distance(&b.pdq), a.phash.distance(&b.phash));
    assert!(distances.0 <= 31 && distances.1 <= 31, "{distances:?}");
}

#[test]
fn a_saved_scaled_or_brightened_copy_has_similar_hashes() {
    for seed in 1..5 {
        for (width, height) in [(413, 531), (900, 1200), (300, 200)] {
            let rgb = scene(seed, width, height);
            let original = perceptual_hashes(&rgb);
            for copy in [jpeg(&rgb, 70), half(&rgb), gamma(&rgb, 0.85), gamma(&rgb, 1.15)] {
                check_near(original, perceptual_hashes(&copy));
            }
        }
    }
}

#[test]
fn different_pictures_have_distant_hashes() {
    let all: Vec<PerceptualHashes> =
        (1..9).map(|seed| perceptual_hashes(&scene(seed, 413, 531))).collect();
    for (i, a) in all.iter().enumerate() {
        assert!(a.pdq_quality >= 50, "quality {}", a.pdq_quality);
        for b in &all[..i] {
            assert!(a.pdq.distance(&b.pdq) > 80, "{}", a.pdq.distance(&b.pdq));
            assert!(a.phash.distance(&b.phash) > 80, "{}", a.phash.distance(&b.phash));
        }
    }
}

#[test]
fn the_same_picture_has_the_same_hashes() {
    let rgb = scene(3, 640, 480);
    assert_eq!(perceptual_hashes(&rgb), perceptual_hashes(&rgb.clone()));
}

#[test]
fn a_flat_picture_has_no_quality() {
    assert_eq!(perceptual_hashes(&RgbImage::from_pixel(200, 300, Rgb([128; 3]))).pdq_quality, 0);
}

#[test]
fn unusual_sizes_are_hashed_without_panic() {
    for (width, height) in
        [(0, 0), (1, 1), (1, 700), (700, 1), (4, 5), (5, 5), (64, 64), (513, 2), (6000, 3)]
    {
        let hashes = perceptual_hashes(&RgbImage::from_pixel(width, height, Rgb([9, 80, 200])));
        assert_eq!(hashes.pdq_quality, 0, "{width}x{height}");
    }
}

/// Draws a picture by a formula that other implementations can use too.
fn formula(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb([x * x / 7 + y * 3, x * 5 + y * y / 11, x * y / 13].map(|v| (v % 256) as u8))
    })
}

#[test]
fn pdq_equals_the_reference() {
    // computed by the reference itself, through the Python package pdqhash 0.2.8
    for (width, height, hash) in [
        (64, 64, "992623dd6722c85ddbb4960aa6f72c89691a4b645a4bc6dcd891d6b6b564b64c"),
        (200, 150, "2f221a7f2af57da5df88f52bc05d807faef78cd4a180878a3faabd00812a3f20"),
        (413, 512, "2afe2bff22aebfff800000042ffe03080ffe2e8abfff2a8a3ffe07281ff80000"),
    ] {
        let hashes = perceptual_hashes(&formula(width, height));
        assert_eq!((hashes.pdq.to_string().as_str(), hashes.pdq_quality), (hash, 100));
    }
}
