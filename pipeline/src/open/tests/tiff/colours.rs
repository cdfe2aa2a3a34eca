//! What samples mean.

use super::*;

fn pixel(samples: &[u8]) -> TiffPicture {
    TiffPicture::new((1, 1), samples.len() as u16, samples.to_vec())
}

const PHOTOMETRIC: u16 = 262;
const EXTRA: u16 = 338;

#[test]
fn transparent_pixels_become_white() {
    check_pixels(pixel(&[0, 0]).short(EXTRA, &[2]), &[[255; 3]]);
    check_pixels(pixel(&[0, 0, 200, 128]), &[[127, 127, 227]]);
    check_pixels(pixel(&[0, 0, 200, 128]).short(EXTRA, &[2]), &[[127, 127, 227]]);
    check_pixels(pixel(&[0, 0, 100, 128]).short(EXTRA, &[1]), &[[127, 127, 227]]);
    // without a meaning
    check_pixels(pixel(&[0, 0, 200, 128]).short(EXTRA, &[0]), &[[0, 0, 200]]);
}

#[test]
fn palettes_of_both_depths_are_read() {
    let palette = |bits: u16, index: u8, colours: &[u16]| {
        pixel(&[index]).short(258, &[bits]).short(PHOTOMETRIC, &[3]).short(320, colours)
    };
    check_pixels(palette(1, 0x80, &[0, 0xff00, 0, 0x8080, 0, 0x1234]), &[[255, 0x80, 0x12]]);
    check_pixels(palette(1, 0x80, &[0, 255, 0, 128, 0, 12]), &[[255, 128, 12]]);
    check_code(&tiff(&[palette(2, 0, &[0; 3])]), "FILE_CORRUPT", None);
}

#[test]
fn inks_and_lab_become_rgb() {
    check_pixels(pixel(&[0, 255, 255, 0]).short(PHOTOMETRIC, &[5]), &[[255, 0, 0]]);
    check_pixels(pixel(&[0, 0, 0, 255]).short(PHOTOMETRIC, &[5]), &[[0; 3]]);
    check_pixels(pixel(&[255, 0, 0]).short(PHOTOMETRIC, &[8]), &[[255; 3]]);
    check_pixels(pixel(&[255, 128, 128]).short(PHOTOMETRIC, &[9]), &[[255; 3]]);
    check_pixels(pixel(&[0, 0, 0]).short(PHOTOMETRIC, &[8]), &[[0; 3]]);
}

#[test]
fn values_of_colour_may_be_fewer_than_those_of_brightness() {
    let ycbcr = |(width, height), across, down, samples: &[u8]| {
        TiffPicture::new((width, height), 3, samples.to_vec())
            .short(PHOTOMETRIC, &[6])
            .short(530, &[across, down])
    };
    check_pixels(ycbcr((1, 1), 1, 1, &[76, 85, 255]), &[[254, 0, 0]]);
    let greys = [10, 20, 30, 40].map(|v| [v; 3]);
    check_pixels(ycbcr((2, 2), 2, 2, &[10, 20, 30, 40, 128, 128]), &greys);
    check_pixels(ycbcr((4, 1), 4, 1, &[10, 20, 30, 40, 128, 128]), &greys);
    let cut = [10, 9, 20, 9, 128, 128].map(u8::from);
    check_pixels(ycbcr((1, 2), 2, 2, &cut), &[[10; 3], [20; 3]]);
}
