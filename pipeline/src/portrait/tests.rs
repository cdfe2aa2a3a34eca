//! Properties that hold for any picture.

use fixtures::portrait::{Portrait, draw};
use image::{Rgb, RgbImage};

use super::{Measured, measure};
use crate::examination::{Page, PageOrigin};
use crate::open::Picture;

fn measured(rgb: RgbImage) -> Measured {
    let (width, height) = rgb.dimensions();
    let origin = PageOrigin::Image;
    let page = Page { number: 1, width, height, dpi: None, rotation: 0, mirrored: false, origin };
    measure(&Picture { page, rgb })
}

/// Noise of a fixed seed, in cells of some pixels.
fn noise(width: u32, height: u32, cell: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let mixed = (x / cell * 7919 + y / cell * 104_729 + 1).wrapping_mul(2_654_435_761);
        Rgb([(mixed >> 24) as u8, (mixed >> 16) as u8, (mixed >> 8) as u8])
    })
}

#[test]
fn odd_pictures_have_no_face_and_cause_no_panic() {
    for (width, height) in
        [(0, 0), (1, 1), (1, 900), (900, 1), (3, 2), (7000, 5), (41, 40), (413, 531)]
    {
        for rgb in [
            RgbImage::from_pixel(width, height, Rgb([200; 3])),
            noise(width, height, 1),
            noise(width, height, 16),
        ] {
            let seen = measured(rgb);
            assert!(seen.portrait.faces.is_empty(), "{width}x{height}");
            assert!(seen.reasons.is_empty());
            assert!(seen.portrait.measures.keys().all(|name| !name.ends_with("_mm")));
        }
    }
}

#[test]
fn sizes_are_measured_without_a_face() {
    let seen = measured(RgbImage::from_pixel(350, 450, Rgb([200; 3])));
    for (name, value, unit) in [
        ("aspect_ratio", 0.7778, "ratio"),
        ("width_px", 350.0, "px"),
        ("height_px", 450.0, "px"),
        ("colour", 0.0, "share"),
        ("faces", 0.0, "count"),
    ] {
        let measure = &seen.portrait.measures[name];
        assert_eq!((measure.value, measure.unit.as_str()), (value, unit), "{name}");
    }
}

#[test]
fn the_overlay_is_small_and_names_its_own_digest() {
    let seen = measured(noise(3000, 2000, 1));
    let [shown] = seen.evidence.as_slice() else { panic!("one overlay") };
    assert!(shown.bytes.len() <= 512 * 1024, "{}", shown.bytes.len());
    assert_eq!(shown.evidence.sha256, crate::fingerprint::exact::bytes(&shown.bytes));
    let decoded = image::load_from_memory(&shown.bytes).expect("a JPEG");
    assert_eq!((decoded.width(), decoded.height()), (shown.evidence.width, shown.evidence.height));
}

/// An acceptable portrait at 300 dpi.
fn usual() -> Portrait {
    Portrait { width_px: 413, height_px: 531, ..Portrait::default() }
}

#[track_caller]
fn value(seen: &Measured, name: &str) -> f64 {
    seen.portrait.measures.get(name).unwrap_or_else(|| panic!("no {name}")).value
}

#[test]
fn head_heights_come_out_as_drawn() {
    for head_mm in [28.0, 30.0, 32.0, 34.0, 36.0, 38.0] {
        let above_mm = (45.0 - head_mm) / 3.0;
        let (rgb, truth) = draw(&Portrait { head_mm, above_mm, ..usual() });
        let seen = measured(rgb);
        let off = value(&seen, "head_height_hair_mm") - f64::from(truth.head_mm);
        assert!(off.abs() <= 1.5, "{head_mm} mm: off by {off:.2}");
        let [low, high] =
            seen.portrait.measures["head_height_skull_mm"].interval.expect("a spread");
        assert!(low < high && low < f64::from(truth.head_mm));
    }
}

#[test]
fn eyes_come_out_as_drawn() {
    for (tilt_degrees, aside_mm, width_px, height_px) in
        [(0.0, 0.0, 413, 531), (6.0, 0.0, 413, 531), (-8.0, 2.0, 413, 531), (3.0, -3.0, 1240, 1594)]
    {
        let spec = Portrait { tilt_degrees, aside_mm, width_px, height_px, ..usual() };
        let (rgb, truth) = draw(&spec);
        let seen = measured(rgb);
        let [face] = seen.portrait.faces.as_slice() else { panic!("one face") };
        let apart =
            (truth.left_eye.0 - truth.right_eye.0).hypot(truth.left_eye.1 - truth.right_eye.1);
        for (found, drawn) in [(face.right_eye, truth.right_eye), (face.left_eye, truth.left_eye)] {
            let [x, y] = found.expect("an eye");
            let off = (x - f64::from(drawn.0)).hypot(y - f64::from(drawn.1)) / f64::from(apart);
            assert!(off < 0.1, "{spec:?}: off by {off:.3}");
        }
        let roll = value(&seen, "roll_deg");
        assert!((roll - f64::from(tilt_degrees)).abs() < 3.0, "{spec:?}: {roll}");
    }
}

#[test]
fn grey_is_told_from_colour_in_spite_of_tint_and_compression() {
    let (grey, _) = draw(&Portrait { grey: true, ..usual() });
    let sepia = |grey: &RgbImage, strength: f64| {
        let mut toned = grey.clone();
        for Rgb([red, _, blue]) in toned.pixels_mut() {
            let tone = strength * f64::from(255 - *red) * f64::from(*red) / 255.0;
            *red = (f64::from(*red) + tone).min(255.0) as u8;
            *blue = (f64::from(*blue) - tone).max(0.0) as u8;
        }
        toned
    };
    for greyish in [sepia(&grey, 0.1), sepia(&grey, 0.3), jpeg(&sepia(&grey, 0.1), 40), grey] {
        let seen = value(&measured(greyish), "colour");
        assert!(seen < 0.1, "grey: {seen}");
    }
    let (colour, _) = draw(&usual());
    let pale = RgbImage::from_fn(413, 531, |x, y| {
        let Rgb(samples) = *colour.get_pixel(x, y);
        let mean = samples.iter().map(|&v| f32::from(v)).sum::<f32>() / 3.0;
        Rgb(samples.map(|v| (mean + (f32::from(v) - mean) * 0.4) as u8))
    });
    for coloured in [pale, colour] {
        let seen = value(&measured(coloured), "colour");
        assert!(seen > 0.2, "colour: {seen}");
    }
}

fn jpeg(rgb: &RgbImage, quality: u8) -> RgbImage {
    image::load_from_memory(&fixtures::encode::jpeg(rgb, quality)).expect("a JPEG").to_rgb8()
}
