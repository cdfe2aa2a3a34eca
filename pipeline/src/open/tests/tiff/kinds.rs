//! The ways in which samples are stored.

use super::*;
use crate::open::tests::sample_files::deflated;

#[track_caller]
fn check_same(file: &[u8], control: &[u8]) {
    let (found, wanted) = (only(file).rgb, only(control).rgb);
    assert_eq!(found.dimensions(), wanted.dimensions());
    assert!(found == wanted);
}

#[test]
fn the_order_of_bits_is_read() {
    let control = case!("tiff-fill-order-1-1bit-uncompressed.tif");
    check_same(case!("tiff-fill-order-2-1bit-uncompressed.tif"), control);
    check_same(case!("tiff-fill-order-2-1bit-deflate.tif"), control);
    check_same(case!("tiff-fill-order-2-g4.tif"), control);
}

#[test]
fn what_scanners_write_opens() {
    check_same(case!("tiff-fax-g3-1d.tif"), case!("tiff-fill-order-1-1bit-uncompressed.tif"));
    check_same(REDUCED_ONLY, case!("tiff-only-directory-full.tif"));
    assert!(
        only(case!("tiff-palette-lzw.tif")).rgb.pixels().any(|pixel| pixel.0 == [247, 246, 242])
    );
}

const BITS: u16 = 258;
const PHOTOMETRIC: u16 = 262;

fn stored(width: u32, samples: u16, bits: u16, bytes: &[u8]) -> TiffPicture {
    TiffPicture::new((width, 1), samples, bytes.to_vec()).short(BITS, &vec![bits; samples.into()])
}

#[test]
fn samples_of_every_depth_are_read() {
    let greys = |values: &[u8]| values.iter().map(|v| [*v; 3]).collect::<Vec<_>>();
    check_pixels(stored(3, 1, 1, &[0b1010_0000]), &greys(&[255, 0, 255]));
    check_pixels(stored(3, 1, 1, &[0b1010_0000]).short(PHOTOMETRIC, &[0]), &greys(&[0, 255, 0]));
    check_pixels(stored(4, 1, 2, &[0b0001_1011]), &greys(&[0, 85, 170, 255]));
    check_pixels(stored(2, 1, 4, &[0x0f]), &greys(&[0, 255]));
    check_pixels(stored(2, 1, 12, &[0xff, 0xf0, 0x1f]), &greys(&[255, 1]));
    check_pixels(stored(2, 1, 16, &[0xff, 0x7f, 0, 0x80]), &greys(&[0x7f, 0x80]));
    check_pixels(stored(1, 1, 32, &[1, 2, 3, 0x84]), &greys(&[0x84]));
    check_pixels(stored(1, 3, 4, &[0x0f, 0x70]), &[[0, 255, 119]]);
    check_pixels(stored(1, 3, 16, &[0, 1, 0, 2, 0, 3]), &[[1, 2, 3]]);
}

#[test]
fn floating_point_samples_have_the_range_that_the_largest_shows() {
    let floats = |values: [f32; 3]| {
        stored(3, 1, 32, &values.map(f32::to_le_bytes).concat()).short(339, &[3])
    };
    check_pixels(floats([0.0, 1.0, 0.2]), &[[0; 3], [255; 3], [51; 3]]);
    check_pixels(floats([-5.0, 255.0, 51.0]), &[[0; 3], [255; 3], [51; 3]]);
    check_pixels(floats([f32::NAN, f32::INFINITY, 1.0]), &[[0; 3], [255; 3], [255; 3]]);
}

#[test]
fn planes_tiles_and_strips_are_put_together() {
    let planes = |bytes: [&[u8]; 3]| {
        TiffPicture::new((2, 1), 3, Vec::new())
            .short(284, &[2])
            .strips(1, bytes.map(<[u8]>::to_vec).to_vec())
    };
    check_pixels(planes([&[1, 10], &[2, 20], &[3, 30]]), &[[1, 2, 3], [10, 20, 30]]);
    let mut tiles = vec![vec![0; 256]; 2];
    (tiles[0][0], tiles[0][15], tiles[1][0]) = (1, 2, 3);
    let tiled = TiffPicture::new((17, 1), 1, Vec::new()).tiles((16, 16), tiles);
    let rgb = only(&tiff(&[tiled])).rgb;
    assert_eq!([0, 15, 16].map(|x| rgb[(x, 0)].0[0]), [1, 2, 3]);
    let strips = [vec![1, 2], vec![3, 4], vec![5, 6]].map(|strip| deflated(&strip)).to_vec();
    let strips = TiffPicture::new((1, 5), 1, Vec::new()).short(259, &[8]).strips(2, strips);
    check_pixels(strips, &[[1; 3], [2; 3], [3; 3], [4; 3], [5; 3]]);
}

#[test]
fn a_kind_that_is_not_shown_is_named() {
    let kind = |picture: TiffPicture, kind: &str| {
        check_code(&tiff(&[picture]), "FILE_TYPE_UNSUPPORTED", Some(kind));
    };
    kind(grey((8, 4)).short(259, &[34712]), "JPEG 2000 compression");
    kind(grey((8, 4)).short(259, &[47]), "compression 47");
    kind(grey((8, 4)).short(262, &[77]), "photometric interpretation 77");
    kind(stored(1, 1, 64, &[0; 8]).short(339, &[6]), "complex numbers");
    kind(stored(1, 4, 8, &[0; 4]).short(262, &[5]).short(332, &[2]), "inks other than CMYK");
    kind(stored(1, 3, 8, &[0; 4]).short(BITS, &[5, 6, 5]), "samples of different sizes");
}
