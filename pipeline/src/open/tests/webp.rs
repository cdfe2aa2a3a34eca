//! WebP whose header and chunks do not agree.

use image::ImageFormat;

use super::sample_files::{check_upright, file};
use super::*;
use crate::reason::Code;

/// A lossy picture of 984 x 692 whose header promises EXIF that does not follow.
const PHONE: &[u8] = include_bytes!("../../../../fixtures/cases/webp-exif-flag-without-chunk.webp");

const ALL_FLAGS: u8 = 0x3c;
const ANIMATION: u8 = 2;

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_le_bytes();
    [&name[..], &length, data, &[0; 1][..data.len() % 2]].concat()
}

/// The sample picture of 48 x 32 in an extended file with these flags and further chunks.
fn extended(flags: u8, before: &[u8], after: &[u8]) -> Vec<u8> {
    let still = file(ImageFormat::WebP);
    let canvas = chunk(b"VP8X", &[flags, 0, 0, 0, 47, 0, 0, 31, 0, 0]);
    chunk(b"RIFF", &[b"WEBP", &canvas[..], before, &still[12..], after].concat())
}

#[test]
fn flags_without_their_chunks_are_ignored() {
    assert_eq!(only(PHONE).rgb.dimensions(), (984, 692));
    for flags in [ALL_FLAGS, 0x20, 0x10, 0x08, 0x04, ANIMATION] {
        check_upright(&only(&extended(flags, &[], &[])).rgb);
    }
}

#[test]
fn other_chunks_and_lengths_are_ignored() {
    let other = chunk(b"ABCD", b"abc");
    let mut file = extended(0, &other, &other);
    check_upright(&only(&file).rgb);
    // the last chunk without its padding
    file.pop();
    check_upright(&only(&file).rgb);
    for length in [0, 20, u32::MAX] {
        file[4..8].copy_from_slice(&length.to_le_bytes());
        check_upright(&only(&file).rgb);
    }
}

#[test]
fn the_orientation_is_read_without_its_flag() {
    let jpeg = fixtures::encode::jpeg_with_orientation(&super::sample_files::picture(), 3);
    // with the prefix that JPEG has, and without
    let block = &jpeg[6..4 + usize::from(jpeg[5])];
    for block in [block, &block[6..]] {
        let file = extended(0, &chunk(b"EXIF", block), &[]);
        let opened = open(&file, &Limits::default()).unwrap();
        assert_eq!(opened.exif().unwrap().orientation, 3);
        assert_eq!(opened.picture(1).unwrap().page.rotation, 180);
    }
    check_upright(&only(&extended(8, &chunk(b"EXIF", b""), &[])).rgb);
}

#[test]
fn a_frame_is_placed_on_its_canvas() {
    let still = file(ImageFormat::WebP);
    // 10 right and 4 down, stored halved
    let place = [5, 0, 0, 2, 0, 0, 47, 0, 0, 31, 0, 0, 40, 0, 0, 0];
    let frame = chunk(b"ANMF", &[&place, &still[12..]].concat());
    let canvas = |width| chunk(b"VP8X", &[ANIMATION, 0, 0, 0, width, 0, 0, 49, 0, 0]);
    let animation = |width| chunk(b"RIFF", &[b"WEBP", &canvas(width)[..], &frame].concat());
    let rgb = only(&animation(69)).rgb;
    assert_eq!(rgb.dimensions(), (70, 50));
    assert_eq!((rgb[(9, 4)].0, rgb[(10, 4)].0, rgb[(10, 36)].0), ([255; 3], [255, 0, 0], [255; 3]));
    let code = pictures(&animation(50), &Limits::default()).err().map(|reason| reason.code);
    assert_eq!(code, Some(Code::FileCorrupt));
}

#[test]
fn a_cut_picture_is_truncated_in_every_container() {
    for file in [PHONE.to_vec(), extended(0, &[], &[])] {
        for cut in [31, file.len() / 2, file.len() - 2] {
            let code = pictures(&file[..cut], &Limits::default()).err().map(|reason| reason.code);
            assert_eq!(code, Some(Code::FileTruncated), "{cut} of {}", file.len());
        }
    }
}
