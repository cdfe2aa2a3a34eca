use image::{DynamicImage, ImageFormat, Rgb};
use serde_json::json;

use super::sample_files::{encoded, file, picture};
use super::*;
use crate::reason::Code;

/// A bitmap of one plane: `height` as stored, values that follow the header
/// (masks, palette), then the pixels.
fn bitmap(
    (width, height): (i32, i32),
    (bits, compression): (u16, u32),
    after: &[u8],
    pixels: &[u8],
) -> Vec<u8> {
    let offset = 54 + after.len() as u32;
    let mut file = b"BM\0\0\0\0\0\0\0\0".to_vec();
    file.extend(offset.to_le_bytes());
    file.extend(40u32.to_le_bytes());
    file.extend(width.to_le_bytes());
    file.extend(height.to_le_bytes());
    file.extend(1u16.to_le_bytes());
    file.extend(bits.to_le_bytes());
    file.extend(compression.to_le_bytes());
    file.extend(0u32.to_le_bytes());
    // 300 dots per inch
    file.extend(11_811u32.to_le_bytes());
    file.extend(11_811u32.to_le_bytes());
    file.extend([0; 8]);
    [&file, after, pixels].concat()
}

/// Blue, green, red and nothing: black, red, green, blue, repeated.
fn palette(colours: usize) -> Vec<u8> {
    [[0, 0, 0, 0], [0, 0, 255, 0], [0, 255, 0, 0], [255, 0, 0, 0]].repeat(colours.div_ceil(4))
        [..colours]
        .concat()
}

const RED: [u8; 3] = [255, 0, 0];
const GREEN: [u8; 3] = [0, 255, 0];

/// Two pixels beside each other.
#[track_caller]
fn check_pair(file: &[u8], left: [u8; 3], right: [u8; 3]) {
    let Picture { page, rgb } = only(file);
    assert_eq!((page.width, page.height, page.dpi), (2, 1, Some(300.0)));
    assert_eq!([rgb[(0, 0)], rgb[(1, 0)]], [Rgb(left), Rgb(right)]);
}

#[test]
fn written_pictures_are_read_back() {
    assert_eq!(only(&file(ImageFormat::Bmp)).rgb, picture());
    let grey = DynamicImage::from(picture()).to_luma8();
    let read = only(&encoded(&grey.clone().into(), ImageFormat::Bmp)).rgb;
    assert_eq!(read, DynamicImage::from(grey).to_rgb8());
}

#[test]
fn every_depth_is_read() {
    let size = (2, 1);
    check_pair(&bitmap(size, (1, 0), &palette(2), &[0x40, 0, 0, 0]), [0; 3], RED);
    check_pair(&bitmap(size, (4, 0), &palette(16), &[0x12, 0, 0, 0]), RED, GREEN);
    check_pair(&bitmap(size, (8, 0), &palette(256), &[1, 2, 0, 0]), RED, GREEN);
    check_pair(&bitmap(size, (16, 0), &[], &[0, 0x7c, 0xe0, 0x03]), RED, GREEN);
    check_pair(&bitmap(size, (24, 0), &[], &[0, 0, 255, 0, 255, 0, 0, 0]), RED, GREEN);
    check_pair(&bitmap(size, (32, 0), &[], &[0, 0, 255, 0, 0, 255, 0, 0]), RED, GREEN);
    let masks = [0, 0xf8, 0, 0, 0xe0, 7, 0, 0, 0x1f, 0, 0, 0];
    check_pair(&bitmap(size, (16, 3), &masks, &[0, 0xf8, 0xe0, 0x07]), RED, GREEN);
    // runs of one pixel, end of bitmap
    check_pair(&bitmap(size, (8, 1), &palette(256), &[1, 1, 1, 2, 0, 1]), RED, GREEN);
    check_pair(&bitmap(size, (4, 2), &palette(16), &[2, 0x12, 0, 1]), RED, GREEN);
}

#[test]
fn an_omitted_palette_and_the_oldest_header_are_read() {
    // an index beyond the palette is black
    let mut short = bitmap((2, 1), (8, 0), &palette(2), &[1, 9, 0, 0]);
    short[46] = 2;
    check_pair(&short, RED, [0; 3]);
    let mut core = b"BM\0\0\0\0\0\0\0\0\x1a\0\0\0\x0c\0\0\0\x02\0\x01\0\x01\0\x18\0".to_vec();
    core.extend([0, 0, 255, 0, 255, 0, 0, 0]);
    let Picture { page, rgb } = only(&core);
    assert_eq!((page.width, page.height, page.dpi), (2, 1, None));
    assert_eq!(rgb.as_raw()[..], [RED, GREEN].concat());
}

#[test]
fn the_sign_of_the_height_gives_the_order_of_rows() {
    let rows = [0, 0, 255, 0, 0, 255, 0, 0];
    let first = |height| only(&bitmap((1, height), (24, 0), &[], &rows)).rgb[(0, 0)];
    assert_eq!([first(-2), first(2)], [Rgb(RED), Rgb(GREEN)]);
}

#[test]
fn an_all_zero_alpha_channel_is_opaque() {
    let read = |alpha| {
        let picture = image::RgbaImage::from_pixel(3, 2, image::Rgba([255, 0, 0, alpha]));
        let file = encoded(&picture.into(), ImageFormat::Bmp);
        only(&file).rgb[(1, 1)].0
    };
    assert_eq!([read(0), read(255), read(128)], [RED, RED, [255, 127, 127]]);
}

#[test]
fn impossible_sizes_and_offsets_are_refused() {
    let code = |file: &[u8]| pictures(file, &Limits::default()).err().map(|reason| reason.code);
    for (size, wanted) in [
        ((0, 1), Code::FileCorrupt),
        ((1, 0), Code::FileCorrupt),
        ((-1, 1), Code::FileCorrupt),
        ((1, i32::MIN), Code::FilePixelBomb),
        ((i32::MAX, i32::MAX), Code::FilePixelBomb),
        ((7_000, -7_000), Code::FileTruncated),
    ] {
        assert_eq!(code(&bitmap(size, (24, 0), &[], &[0; 8])), Some(wanted), "{size:?}");
    }
    let mut moved = file(ImageFormat::Bmp);
    for (offset, wanted) in
        [(0, Code::FileCorrupt), (53, Code::FileCorrupt), (u32::MAX, Code::FileTruncated)]
    {
        moved[10..14].copy_from_slice(&offset.to_le_bytes());
        assert_eq!(code(&moved), Some(wanted), "{offset}");
    }
    let within = bitmap((2, 1), (24, 4), &[], b"\xff\xd8\xff");
    assert_eq!(code(&within), Some(Code::FileTypeUnsupported));
}

#[test]
fn a_run_beyond_its_row_changes_no_other_row() {
    let runs = [255, 1, 0, 0, 2, 2, 0, 1];
    let rgb = only(&bitmap((2, 2), (8, 1), &palette(256), &runs)).rgb;
    assert_eq!([rgb[(1, 1)], rgb[(0, 0)]], [Rgb(RED), Rgb(GREEN)]);
    let limits = Limits { pixels: 3, ..Limits::default() };
    let bomb = json!({"code": "FILE_PIXEL_BOMB", "params": {"width": 2, "height": 2, "limit": 3}});
    check_refused(&bitmap((2, 2), (8, 1), &palette(256), &runs), &limits, bomb);
}
