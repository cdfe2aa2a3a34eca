//! Properties that hold for any picture.

use fixtures::portrait::{Portrait, draw};
use image::{Rgb, RgbImage, imageops};

use super::{MeasuredPortrait, measure};
use crate::examination::{Page, PageOrigin};
use crate::open::Picture;

fn measure_picture(rgb: RgbImage) -> MeasuredPortrait {
    let (width, height) = rgb.dimensions();
    let origin = PageOrigin::Image;
    let page = Page { number: 1, width, height, dpi: None, rotation: 0, mirrored: false, origin };
    measure(&Picture { page, rgb })
}

/// Returns noise of a fixed seed, in cells of `cell` pixels.
fn noise(width: u32, height: u32, cell: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let mixed = (x / cell * 7919 + y / cell * 104_729 + 1).wrapping_mul(2_654_435_761);
        Rgb([(mixed >> 24) as u8, (mixed >> 16) as u8, (mixed >> 8) as u8])
    })
}

#[test]
fn pictures_of_odd_sizes_have_no_face_and_cause_no_panic() {
    for (width, height) in
        [(0, 0), (1, 1), (1, 900), (900, 1), (3, 2), (7000, 5), (41, 40), (413, 531)]
    {
        for rgb in [
            RgbImage::from_pixel(width, height, Rgb([200; 3])),
            noise(width, height, 1),
            noise(width, height, 16),
        ] {
            let measured = measure_picture(rgb);
            assert!(measured.portrait.faces.is_empty(), "{width}x{height}");
            assert!(measured.reasons.is_empty());
            assert!(measured.portrait.measures.keys().all(|name| !name.ends_with("_mm")));
        }
    }
}

#[test]
fn sizes_are_measured_without_a_face() {
    let measured = measure_picture(RgbImage::from_pixel(350, 450, Rgb([200; 3])));
    for (name, value, unit) in [
        ("aspect_ratio", 0.7778, "ratio"),
        ("width_px", 350.0, "px"),
        ("height_px", 450.0, "px"),
        ("colour", 0.0, "share"),
        ("faces", 0.0, "count"),
    ] {
        let measure = &measured.portrait.measures[name];
        assert_eq!((measure.value, measure.unit.as_str()), (value, unit), "{name}");
    }
}

#[test]
fn the_overlay_is_small_and_names_its_own_digest() {
    let measured = measure_picture(noise(3000, 2000, 1));
    let [shown] = measured.evidence.as_slice() else { panic!("one overlay") };
    assert!(shown.bytes.len() <= 512 * 1024, "{}", shown.bytes.len());
    assert_eq!(shown.evidence.sha256, crate::digest::sha256(&shown.bytes));
    let decoded = image::load_from_memory(&shown.bytes).expect("a JPEG");
    assert_eq!((decoded.width(), decoded.height()), (shown.evidence.width, shown.evidence.height));
}

/// Returns an acceptable portrait at 300 dpi.
fn acceptable() -> Portrait {
    Portrait { width_px: 413, height_px: 531, ..Portrait::default() }
}

#[track_caller]
fn value(measured: &MeasuredPortrait, name: &str) -> f64 {
    measured.portrait.measures.get(name).unwrap_or_else(|| panic!("no {name}")).value
}

#[test]
fn head_heights_are_measured_as_drawn() {
    for head_mm in [28.0, 30.0, 32.0, 34.0, 36.0, 38.0] {
        let above_mm = (45.0 - head_mm) / 3.0;
        let (rgb, truth) = draw(&Portrait { head_mm, above_mm, ..acceptable() });
        let measured = measure_picture(rgb);
        let off = value(&measured, "head_height_hair_mm") - f64::from(truth.head_mm);
        assert!(off.abs() <= 1.0, "{head_mm} mm: off by {off:.2}");
        let [low, high] =
            measured.portrait.measures["head_height_skull_mm"].interval.expect("a spread");
        assert!(low < high && low < f64::from(truth.head_mm));
    }
}

#[test]
fn eye_centres_are_located_as_drawn() {
    for (tilt_degrees, aside_mm, width_px, height_px) in
        [(0.0, 0.0, 413, 531), (6.0, 0.0, 413, 531), (-8.0, 2.0, 413, 531), (3.0, -3.0, 1240, 1594)]
    {
        let spec = Portrait { tilt_degrees, aside_mm, width_px, height_px, ..acceptable() };
        let (rgb, truth) = draw(&spec);
        let measured = measure_picture(rgb);
        let [face] = measured.portrait.faces.as_slice() else { panic!("one face") };
        let apart =
            (truth.left_eye.0 - truth.right_eye.0).hypot(truth.left_eye.1 - truth.right_eye.1);
        for (found, drawn) in [(face.right_eye, truth.right_eye), (face.left_eye, truth.left_eye)] {
            let [x, y] = found.expect("an eye");
            let off = (x - f64::from(drawn.0)).hypot(y - f64::from(drawn.1)) / f64::from(apart);
            assert!(off < 0.06, "{spec:?}: off by {off:.3}");
        }
        let roll = value(&measured, "roll_deg");
        assert!((roll - f64::from(tilt_degrees)).abs() < 1.5, "{spec:?}: {roll}");
    }
}

#[test]
fn grey_and_colour_are_distinguished_despite_tint_and_compression() {
    let (grey, _) = draw(&Portrait { grey: true, ..acceptable() });
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
        let measured = value(&measure_picture(greyish), "colour");
        assert!(measured < 0.1, "grey: {measured}");
    }
    let (colour, _) = draw(&acceptable());
    let pale = RgbImage::from_fn(413, 531, |x, y| {
        let Rgb(samples) = *colour.get_pixel(x, y);
        let mean = samples.iter().map(|&v| f32::from(v)).sum::<f32>() / 3.0;
        Rgb(samples.map(|v| (mean + (f32::from(v) - mean) * 0.4) as u8))
    });
    for coloured in [pale, colour] {
        let measured = value(&measure_picture(coloured), "colour");
        assert!(measured > 0.2, "colour: {measured}");
    }
}

fn jpeg(rgb: &RgbImage, quality: u8) -> RgbImage {
    image::load_from_memory(&fixtures::encode::jpeg(rgb, quality)).expect("a JPEG").to_rgb8()
}

#[test]
fn a_rotated_portrait_is_measured_upright_and_located_on_the_page() {
    let (rgb, truth) = draw(&acceptable());
    let upright = measure_picture(rgb.clone());
    for (rotation, turned) in [
        (270, imageops::rotate90(&rgb)),
        (180, imageops::rotate180(&rgb)),
        (90, imageops::rotate270(&rgb)),
    ] {
        let size = [f64::from(turned.width()), f64::from(turned.height())];
        let measured = measure_picture(turned);
        assert_eq!(measured.portrait.rotation, rotation);
        for name in ["aspect_ratio", "head_height_hair_mm", "eye_line_mm", "roll_deg"] {
            let off = value(&measured, name) - value(&upright, name);
            assert!(off.abs() < 0.6, "{rotation} {name}: {off}");
        }
        let [x, y] = measured.portrait.faces[0].right_eye.expect("an eye");
        let (u, v) = (f64::from(truth.right_eye.0), f64::from(truth.right_eye.1));
        let [u, v] = match rotation {
            270 => [size[0] - v, u],
            180 => [size[0] - u, size[1] - v],
            _ => [v, size[1] - u],
        };
        assert!((x - u).hypot(y - v) < 8.0, "{rotation}: {x} {y} for {u} {v}");
    }
}

#[test]
fn two_people_have_two_faces() {
    let (one, _) = draw(&acceptable());
    let mut both = RgbImage::new(826, 531);
    imageops::replace(&mut both, &one, 0, 0);
    imageops::replace(&mut both, &imageops::flip_horizontal(&one), 413, 0);
    let measured = measure_picture(both);
    assert_eq!(measured.portrait.faces.len(), 2);
    assert!(value(&measured, "single_face_present") < 0.2);
    assert!(measured.portrait.suggested_crop.is_none());
}

#[test]
fn a_crop_is_suggested_only_where_it_corrects_the_geometry() {
    let (good, _) = draw(&acceptable());
    assert!(measure_picture(good).portrait.suggested_crop.is_none());
    let (far, _) = draw(&Portrait {
        head_mm: 24.0,
        above_mm: 8.0,
        width_px: 900,
        height_px: 900,
        ..acceptable()
    });
    let measured = measure_picture(far.clone());
    let crop = measured.portrait.suggested_crop.expect("a crop");
    let [x, y, width, height] = crop.bounds.map(|v| v.round() as u32);
    assert!(measured.evidence.iter().any(|picture| picture.evidence.id == "portrait-crop"));
    // the predicted measures are those of the cut picture
    let cut = measure_picture(imageops::crop_imm(&far, x, y, width, height).to_image());
    for name in ["head_height_hair_mm", "eye_line_mm", "aspect_ratio"] {
        let off = crop.measures[name].value - value(&cut, name);
        assert!(off.abs() < 0.7, "{name}: {off}");
    }
    assert!((32.0..36.0).contains(&value(&cut, "head_height_hair_mm")));
}

#[test]
fn each_defect_changes_its_measure() {
    let (rgb, _) = draw(&Portrait { width_px: 206, height_px: 265, ..acceptable() });
    let plain = measure_picture(rgb.clone());
    let blurred = measure_picture(imageops::blur(&rgb, 2.0));
    assert!(value(&blurred, "sharpness") < 0.7 * value(&plain, "sharpness"));
    let enlarged =
        measure_picture(imageops::resize(&rgb, 620, 797, imageops::FilterType::CatmullRom));
    assert!(value(&enlarged, "upscaled") > 0.5);
    assert!(value(&plain, "upscaled") < 0.1);
    let (rgb, _) = draw(&Portrait { width_px: 620, height_px: 797, ..acceptable() });
    let plain = measure_picture(rgb.clone());
    let squeezed = measure_picture(jpeg(&rgb, 15));
    assert!(
        value(&squeezed, "compression_artifacts") > value(&plain, "compression_artifacts") + 0.1
    );
    let mut framed = rgb.clone();
    for (x, y, pixel) in framed.enumerate_pixels_mut() {
        if x < 30 || y < 30 || x >= 590 || y >= 767 {
            *pixel = Rgb([255, 20, 20]);
        }
    }
    assert!((value(&measure_picture(framed), "border") - 0.048).abs() < 0.01);
    assert!(value(&plain, "border") < 1e-9);
    let bright = RgbImage::from_fn(620, 797, |x, y| {
        Rgb(rgb.get_pixel(x, y).0.map(|v| (f32::from(v) * 1.6).min(255.0) as u8))
    });
    assert!(
        value(&measure_picture(bright), "over_exposure") > value(&plain, "over_exposure") + 0.1
    );
}

#[test]
fn cut_off_heads_borders_and_covered_eyes_are_measured() {
    let (rgb, truth) =
        draw(&Portrait { width_px: 413, height_px: 531, head_mm: 34.0, ..acceptable() });
    assert!(value(&measure_picture(rgb.clone()), "hair_margin_mm") > 2.0);
    let top = truth.crown.1 as u32 + 40;
    let cut = imageops::crop_imm(&rgb, 0, top, 413, 531 - top).to_image();
    let cut = measure_picture(cut);
    assert!(value(&cut, "hair_margin_mm") < 0.1);
    assert!(!cut.portrait.measures.contains_key("head_height_hair_mm"));

    let mut framed = RgbImage::from_pixel(513, 631, Rgb([255; 3]));
    imageops::replace(&mut framed, &rgb, 50, 50);
    let framed = measure_picture(framed);
    assert!((value(&framed, "border") - 50.0 / 513.0).abs() < 0.01);
    let off = value(&framed, "head_height_hair_mm") - 34.0 * 531.0 / 631.0;
    assert!(off.abs() < 1.0, "{off}");

    let mut covered = rgb.clone();
    for (x, y, pixel) in covered.enumerate_pixels_mut() {
        let lens = |(u, v): (f32, f32)| (x as f32 - u).hypot(y as f32 - v) < 32.0;
        if lens(truth.right_eye) || lens(truth.left_eye) {
            *pixel = Rgb([10; 3]);
        }
    }
    assert!(value(&measure_picture(covered), "tinted_glasses") > 0.9);
    assert!(value(&measure_picture(rgb), "tinted_glasses") < 0.1);
}

#[test]
fn a_strongly_tilted_head_does_not_rotate_the_picture() {
    let (rgb, _) =
        draw(&Portrait { tilt_degrees: 50.0, head_mm: 26.0, above_mm: 10.0, ..acceptable() });
    let measured = measure_picture(rgb);
    assert_eq!(measured.portrait.rotation, 0);
    assert!((value(&measured, "roll_deg") - 50.0).abs() < 3.0);
}

#[test]
fn a_face_printed_on_clothes_is_a_second_face() {
    let (rgb, truth) = draw(&Portrait { head_mm: 26.0, ..acceptable() });
    let chin = truth.chin.1 as u32;
    let face = imageops::crop_imm(&rgb, 90, 30, 233, chin).to_image();
    let small =
        imageops::resize(&face, 90, 90 * face.height() / 233, imageops::FilterType::Triangle);
    let mut both = rgb;
    imageops::replace(&mut both, &small, 160, i64::from(chin) + 40);
    assert_eq!(measure_picture(both).portrait.faces.len(), 2);
}
