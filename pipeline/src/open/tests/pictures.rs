//! Pictures beside the one that is decoded are counted and named.

use ::gif::Frame;
use image::ImageFormat;
use serde_json::json;

use super::sample_files::{HEIC, file, gif_of};
use super::*;

#[track_caller]
fn check_pictures(untrusted: &[u8], pictures: usize) {
    let opened = open(untrusted, &Limits::default()).unwrap();
    let reasons = serde_json::to_value(opened.reasons()).unwrap();
    let params = json!({"pictures": pictures});
    let named = json!([{"code": "FILE_PICTURES_NOT_EXAMINED", "params": params}]);
    assert_eq!(reasons, if pictures == 1 { json!([]) } else { named });
    assert!(opened.picture(1).is_ok());
}

#[test]
fn frames_of_a_gif() {
    let frame = || Frame::from_palette_pixels(1, 1, vec![0], vec![255, 0, 0, 0, 0, 0], None);
    for count in 1..4 {
        let frames: Vec<Frame<'_>> = (0..count).map(|_| frame()).collect();
        check_pictures(&gif_of((1, 1), &frames), count);
    }
}

#[test]
fn frames_of_a_png() {
    for (count, still_is_separate) in [(1, false), (3, false), (1, true), (2, true)] {
        let mut bytes = Vec::new();
        let mut encoder = ::png::Encoder::new(&mut bytes, 2, 2);
        encoder.set_animated(count, 0).unwrap();
        encoder.set_sep_def_img(still_is_separate).unwrap();
        let mut writer = encoder.write_header().unwrap();
        let pictures = count + u32::from(still_is_separate);
        (0..pictures).for_each(|_| writer.write_image_data(&[0; 4]).unwrap());
        writer.finish().unwrap();
        check_pictures(&bytes, pictures as usize);
    }
}

#[test]
fn frames_of_a_webp() {
    check_pictures(&file(ImageFormat::WebP), 1);
    let still = file(ImageFormat::WebP);
    // the picture's own chunk, inside as many frames
    let inner = &still[12..];
    let chunk = |name: &[u8; 4], data: &[u8]| {
        let length = u32::try_from(data.len()).unwrap().to_le_bytes();
        [&name[..], &length, data, &[0; 1][..data.len() % 2]].concat()
    };
    let size = [47, 0, 0, 31, 0, 0];
    let canvas = [&[2, 0, 0, 0][..], &size].concat();
    let frame = [&[0; 6][..], &size, &[40, 0, 0, 0], inner].concat();
    for count in [2, 3] {
        let mut body = b"WEBP".to_vec();
        body.extend(chunk(b"VP8X", &canvas));
        body.extend(chunk(b"ANIM", &[0; 6]));
        (0..count).for_each(|_| body.extend(chunk(b"ANMF", &frame)));
        check_pictures(&chunk(b"RIFF", &body), count);
    }
}

#[test]
fn a_preview_in_a_heic_is_not_counted() {
    check_pictures(HEIC, 1);
}
