use fixtures::tiff::{TiffPicture, tiff};
use image::{DynamicImage, ImageFormat};

use super::sample_files::{HEIC, Pdf, check_upright, encoded, file, gif, picture, text_pdf};
use super::*;

#[test]
fn every_type_opens_upright() {
    let types = [
        (MediaType::Jpeg, file(ImageFormat::Jpeg)),
        (MediaType::Png, file(ImageFormat::Png)),
        (MediaType::Webp, file(ImageFormat::WebP)),
        (MediaType::Gif, gif(&picture())),
        (MediaType::Bmp, file(ImageFormat::Bmp)),
        (MediaType::Tiff, file(ImageFormat::Tiff)),
        (MediaType::Heic, HEIC.to_vec()),
        (MediaType::Pdf, Pdf::scan(&picture(), "288 0 0 192 0 0", "", "").bytes()),
    ];
    for (media_type, file) in types {
        let opened = open(&file, &Limits::default()).unwrap();
        assert_eq!((opened.media_type(), opened.page_count()), (media_type, 1));
        assert_eq!(opened.reasons(), []);
        let Picture { page, rgb } = opened.picture(1).unwrap();
        assert_eq!((page.number, page.width, page.height), (1, 48, 32));
        assert_eq!(rgb.dimensions(), (48, 32));
        check_upright(&rgb);
    }
}

#[test]
fn all_eight_orientations_become_upright_and_are_recorded() {
    let turns = [
        (0, false),
        (0, true),
        (180, false),
        (180, true),
        (270, true),
        (90, false),
        (90, true),
        (270, false),
    ];
    for (orientation, (rotation, mirrored)) in (1..=8).zip(turns) {
        let file = fixtures::encode::jpeg_with_orientation(&picture(), orientation);
        let opened = open(&file, &Limits::default()).unwrap();
        assert_eq!(opened.exif().unwrap().orientation, orientation);
        let Picture { page, rgb } = opened.picture(1).unwrap();
        assert_eq!((page.rotation, page.mirrored), (rotation, mirrored), "{orientation}");
        assert_eq!((page.width, page.height), (48, 32), "{orientation}");
        check_upright(&rgb);
    }
}

#[test]
fn a_heic_is_rotated_once() {
    let opened = open(HEIC, &Limits::default()).unwrap();
    let exif = opened.exif().unwrap();
    assert_eq!((exif.orientation, exif.taken.as_deref()), (6, Some("2025-02-03T04:05:06")));
    assert_eq!(opened.picture(1).unwrap().page.rotation, 0);
}

#[test]
fn every_layout_of_samples_becomes_rgb() {
    let rgb = DynamicImage::from(picture());
    let layouts = [
        rgb.to_luma8().into(),
        rgb.to_luma_alpha8().into(),
        rgb.to_rgba8().into(),
        rgb.to_luma16().into(),
        rgb.to_luma_alpha16().into(),
        rgb.to_rgb16().into(),
        rgb.to_rgba16().into(),
    ];
    for layout in layouts {
        let layout: DynamicImage = layout;
        let wanted = layout.to_rgb8();
        let read = only(&encoded(&layout, ImageFormat::Png)).rgb;
        let off = read.iter().zip(wanted.iter()).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        assert!(off <= 1, "{:?} is off by {off}", layout.color());
    }
    let grey = encoded(&rgb.to_luma8().into(), ImageFormat::Jpeg);
    assert_eq!(only(&grey).rgb.dimensions(), (48, 32));
    let clear = image::RgbaImage::from_pixel(4, 4, image::Rgba([0, 0, 0, 0]));
    assert!(only(&encoded(&clear.into(), ImageFormat::WebP)).rgb.iter().all(|v| *v == 255));
}

#[test]
fn the_declared_density_is_recorded() {
    let mut jpeg = file(ImageFormat::Jpeg);
    // JFIF: units at byte 13, horizontal density after it
    jpeg[13..16].copy_from_slice(&[2, 0, 118]);
    assert_eq!(only(&jpeg).page.dpi, Some(299.72));
    jpeg[13] = 0;
    assert_eq!(only(&jpeg).page.dpi, None);

    let mut png = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut png, 48, 32);
    encoder.set_color(::png::ColorType::Rgb);
    encoder.set_pixel_dims(Some(::png::PixelDimensions {
        xppu: 11_811,
        yppu: 11_811,
        unit: ::png::Unit::Meter,
    }));
    encoder.write_header().unwrap().write_image_data(&picture()).unwrap();
    assert_eq!(only(&png).page.dpi, Some(300.0));
}

#[test]
fn a_tiff_may_have_several_pages() {
    let page = |grey| TiffPicture::new((5, 4), 1, vec![grey; 20]);
    let file = tiff(&[page(10), page(20), page(30)]);
    let pictures = pictures(&file, &Limits::default()).unwrap();
    let greys: Vec<(u32, u8)> =
        pictures.iter().map(|p| (p.page.number, p.rgb[(0, 0)].0[0])).collect();
    assert_eq!(greys, [(1, 10), (2, 20), (3, 30)]);
}

#[test]
fn bytes_after_a_picture_are_ignored() {
    let formats = [
        ImageFormat::Jpeg,
        ImageFormat::Png,
        ImageFormat::WebP,
        ImageFormat::Tiff,
        ImageFormat::Bmp,
    ];
    for file in formats.map(file).into_iter().chain([gif(&picture())]) {
        check_upright(&only(&[file, b"a second picture of some phones".to_vec()].concat()).rgb);
    }
}

#[test]
fn only_a_pdf_has_text() {
    assert!(open(&file(ImageFormat::Png), &Limits::default()).unwrap().text().is_none());
    assert!(open(&text_pdf().bytes(), &Limits::default()).unwrap().text().is_some());
}
