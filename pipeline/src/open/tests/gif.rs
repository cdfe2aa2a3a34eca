use ::gif::Frame;
use image::Rgb;
use serde_json::json;

use super::sample_files::{gif, gif_of, picture};
use super::*;
use crate::reason::Code;

const RED: Rgb<u8> = Rgb([255, 0, 0]);
const WHITE: Rgb<u8> = Rgb([255; 3]);

/// One colour in a palette of two; the other one is blue.
fn red((left, top): (u16, u16), (width, height): (u16, u16)) -> Frame<'static> {
    let pixels = vec![0; usize::from(width) * usize::from(height)];
    let palette = vec![255, 0, 0, 0, 0, 255];
    let frame = Frame::from_palette_pixels(width, height, pixels, palette, None);
    Frame { left, top, ..frame }
}

#[test]
fn written_pictures_are_read_back() {
    let Picture { page, rgb } = only(&gif(&picture()));
    assert_eq!((rgb, page.dpi), (picture(), None));
}

#[test]
fn the_first_frame_of_an_animation_is_read() {
    let mut second = red((0, 0), (4, 3));
    second.palette = Some(vec![0; 6]);
    let rgb = only(&gif_of((4, 3), &[red((0, 0), (4, 3)), second])).rgb;
    assert!(rgb.pixels().all(|pixel| *pixel == RED));
}

#[test]
fn interlaced_rows_are_put_in_order() {
    let pixels: Vec<u8> = (0..32).collect();
    let palette: Vec<u8> = (0..32).flat_map(|level| [level * 8; 3]).collect();
    let mut file = gif_of((1, 32), &[Frame::from_palette_pixels(1, 32, pixels, palette, None)]);
    let flags = file.windows(8).position(|w| w == [0, 0, 0, 0, 1, 0, 32, 0]).unwrap() + 8;
    file[flags] |= 0x40;
    let rgb = only(&file).rgb;
    // every eighth row from the first, from the fifth, every fourth, every second
    let level = |y| rgb[(0, y)].0[0] / 8;
    assert_eq!([0, 8, 4, 12, 2, 6, 1, 3, 31].map(level), [0, 1, 4, 5, 8, 9, 16, 17, 31]);
}

#[test]
fn a_frame_outside_the_screen_is_shown_completely() {
    for (screen, at, size) in [
        ((9, 9), (2, 1), (9, 9)),
        ((3, 9), (2, 1), (6, 9)),
        ((1, 1), (0, 0), (4, 3)),
        ((0, 0), (0, 0), (4, 3)),
    ] {
        let rgb = only(&gif_of(screen, &[red(at, (4, 3))])).rgb;
        assert_eq!(rgb.dimensions(), size);
        for (x, y, pixel) in rgb.enumerate_pixels() {
            let (left, top) = (u32::from(at.0), u32::from(at.1));
            let inside = (left..left + 4).contains(&x) && (top..top + 3).contains(&y);
            assert_eq!(*pixel, if inside { RED } else { WHITE }, "{x} {y} on {screen:?}");
        }
    }
}

#[test]
fn transparent_and_undefined_colours_are_white() {
    let clear = Frame { transparent: Some(0), ..red((0, 0), (2, 2)) };
    assert_eq!(only(&gif_of((2, 2), &[clear])).rgb[(1, 1)], WHITE);
    let mut beyond = red((0, 0), (2, 2));
    beyond.buffer = vec![0, 1, 2, 3].into();
    beyond.palette = Some(vec![255, 0, 0, 0, 0, 255, 0, 0, 0]);
    // written with four entries, of which the last is filled
    let rgb = only(&gif_of((2, 2), &[beyond])).rgb;
    assert_eq!(rgb[(0, 0)], RED);
}

#[test]
fn impossible_sizes_are_refused_before_the_pixels() {
    let code = |file: &[u8]| pictures(file, &Limits::default()).err().map(|reason| reason.code);
    let mut file = gif_of((4, 3), &[red((0, 0), (4, 3))]);
    let frame = file.windows(8).position(|w| w == [0, 0, 0, 0, 4, 0, 3, 0]).unwrap();
    for (width, wanted) in [(0, Code::FileCorrupt), (0xffff, Code::FilePixelBomb)] {
        file[frame + 4..frame + 6].copy_from_slice(&u16::to_le_bytes(width));
        assert_eq!(code(&file), Some(wanted), "{width}");
    }
    let params = json!({"width": 65_535, "height": 65_535, "limit": 50_000_000});
    let bomb = json!({"code": "FILE_PIXEL_BOMB", "params": params});
    check_refused(&gif_of((65_535, 65_535), &[red((0, 0), (1, 1))]), &Limits::default(), bomb);
    // no frame, and a frame with fewer pixels than it declares
    assert_eq!(code(&gif_of((4, 3), &[])), Some(Code::FileTruncated));
    let mut short = gif_of((4, 3), &[red((0, 0), (4, 3))]);
    let frame = short.windows(8).position(|w| w == [0, 0, 0, 0, 4, 0, 3, 0]).unwrap();
    short[frame + 6] = 200;
    assert_eq!(code(&short), Some(Code::FileCorrupt));
}
