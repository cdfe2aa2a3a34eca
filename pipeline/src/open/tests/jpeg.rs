//! Every coding of libjpeg opens, and missing data is told from a missing end.

use image::RgbImage;

use super::sample_files::check_upright;
use super::*;
use crate::reason::Code;

macro_rules! small {
    ($name:literal) => {
        include_bytes!(concat!("../../../../fixtures/cases/jpeg-small-", $name, ".jpg"))
    };
}

const BASELINE: &[u8] = small!("baseline");
const PROGRESSIVE: &[u8] = small!("progressive");
const ONE_COLOUR_A_SCAN: &[u8] = small!("one-colour-a-scan");
const RESTART: &[u8] = small!("restart");
const ARITHMETIC: &[u8] = small!("arithmetic");
const CHROMA_FINER: &[u8] = small!("chroma-finer");
const INKS: &[u8] = small!("inks");
const END: &[u8] = b"\xff\xd9";

fn code(untrusted: &[u8]) -> Option<Code> {
    pictures(untrusted, &Limits::default()).err().map(|reason| reason.code)
}

fn last(file: &[u8], marker: &[u8; 2]) -> usize {
    file.windows(2).rposition(|bytes| bytes == marker).unwrap()
}

/// Inserts bytes after the marker of the start.
fn after_start(file: &[u8], bytes: &[u8]) -> Vec<u8> {
    [&file[..2], bytes, &file[2..]].concat()
}

/// Checks every pixel of the three areas of the sample picture, but for their borders.
#[track_caller]
fn check_areas(rgb: &RgbImage) {
    check_upright(rgb);
    for (x, y, pixel) in rgb.enumerate_pixels() {
        let wanted = match (x, y) {
            (0..20, 0..12) => [255, 0, 0],
            (28..48, 0..12) => [0, 255, 0],
            (_, 20..32) => [0, 0, 255],
            _ => continue,
        };
        let off = pixel.0.iter().zip(wanted).map(|(a, b): (&u8, u8)| a.abs_diff(b)).max();
        assert!(off < Some(16), "{x} {y}: {pixel:?}");
    }
}

#[test]
fn every_coding_of_libjpeg_opens() {
    for file in [BASELINE, PROGRESSIVE, ONE_COLOUR_A_SCAN, RESTART, ARITHMETIC, CHROMA_FINER, INKS]
    {
        check_areas(&only(file).rgb);
    }
}

#[test]
fn a_whole_picture_needs_no_end() {
    for file in [BASELINE, PROGRESSIVE, ONE_COLOUR_A_SCAN, RESTART, CHROMA_FINER, INKS] {
        let whole = only(file).rgb;
        let end = file.len() - 2;
        assert_eq!(only(&file[..end]).rgb, whole);
        assert_eq!(only(&file[..end + 1]).rgb, whole);
        assert_eq!(only(&[&file[..end], b"bytes of a maker"].concat()).rgb, whole);
    }
    // this coding may leave out data at the end of a scan
    assert_eq!(code(&ARITHMETIC[..ARITHMETIC.len() - 2]), Some(Code::FileTruncated));
}

#[test]
fn missing_data_is_truncated_with_and_without_an_end() {
    for file in [BASELINE, PROGRESSIVE, ONE_COLOUR_A_SCAN, RESTART, ARITHMETIC, CHROMA_FINER, INKS]
    {
        for cut in 3..file.len() - 2 {
            assert_eq!(code(&file[..cut]), Some(Code::FileTruncated), "{cut} of {}", file.len());
        }
    }
    for file in [BASELINE, ONE_COLOUR_A_SCAN, RESTART, CHROMA_FINER] {
        // after the header of the last scan, its length of two bytes first
        let scan = last(file, b"\xff\xda") + 2;
        let data = scan + usize::from(file[scan + 1]);
        for cut in data..file.len() - 2 {
            let ended = [&file[..cut], END].concat();
            assert_eq!(code(&ended), Some(Code::FileTruncated), "{cut} of {}", file.len());
        }
    }
    // a colour without a scan
    let two = &ONE_COLOUR_A_SCAN[..last(ONE_COLOUR_A_SCAN, b"\xff\xda")];
    assert_eq!(code(&[two, END].concat()), Some(Code::FileTruncated));
}

#[test]
fn a_progressive_picture_may_end_before_its_last_detail() {
    let coarse = &PROGRESSIVE[..last(PROGRESSIVE, b"\xff\xda")];
    check_upright(&only(&[coarse, END].concat()).rgb);
    assert_eq!(code(coarse), Some(Code::FileTruncated));
}

#[test]
fn codings_that_libjpeg_lacks_are_named() {
    let frame = last(BASELINE, b"\xff\xc0");
    let changed = |at: usize, value: u8| {
        let mut file = BASELINE.to_vec();
        file[at] = value;
        file
    };
    for (file, detected) in [
        (changed(frame + 4, 12), "image/jpeg, 12 bits"),
        (changed(frame + 1, 0xc3), "image/jpeg, lossless"),
        (changed(frame + 1, 0xc5), "image/jpeg, hierarchical"),
        (changed(frame + 1, 0xf7), "image/jls"),
    ] {
        let reason = pictures(&file, &Limits::default()).err().unwrap();
        assert_eq!(reason.code, Code::FileTypeUnsupported);
        assert_eq!(reason.params["detected"], detected);
    }
}

#[test]
fn a_height_after_the_scan_is_used() {
    let mut file = BASELINE.to_vec();
    let frame = last(&file, b"\xff\xc0");
    file[frame + 5..frame + 7].fill(0);
    assert_eq!(code(&file), Some(Code::FileCorrupt));
    let end = file.len() - 2;
    file.splice(end..end, *b"\xff\xdc\0\x04\0\x20");
    check_areas(&only(&file).rgb);
    // the limits are those of the later height
    file[end + 4..end + 6].fill(0xff);
    assert_eq!(code(&file), Some(Code::FilePixelBomb));
}

#[test]
fn two_frames_of_different_sizes_are_corrupt() {
    let frame = last(BASELINE, b"\xff\xc0");
    let other = [b"\xff\xc0\0\x11\x08\0\x08\0\x08".as_slice(), &BASELINE[frame + 9..frame + 19]];
    let file = [&BASELINE[..frame], &other.concat(), &BASELINE[frame..]].concat();
    assert_eq!(code(&file), Some(Code::FileCorrupt));
}

#[test]
fn more_scans_than_encoders_write_are_corrupt() {
    let scan = last(PROGRESSIVE, b"\xff\xda");
    let (before, scan) = (&PROGRESSIVE[..scan], &PROGRESSIVE[scan..PROGRESSIVE.len() - 2]);
    let repeated = |count: usize| [before, &scan.repeat(count), END].concat();
    assert_eq!(code(&repeated(80)), None);
    assert_eq!(code(&repeated(120)), Some(Code::FileCorrupt));
}

#[test]
fn the_orientation_is_found_wherever_cameras_write_it() {
    let turned = fixtures::encode::jpeg_with_orientation(&RgbImage::new(16, 8), 6);
    let length = usize::from(turned[5]);
    let mut block = turned[2..4 + length].to_vec();
    let frame = last(BASELINE, b"\xff\xc0");
    let before_frame = [&BASELINE[..frame], &block, &BASELINE[frame..]].concat();
    let before_jfif = after_start(BASELINE, &block);
    let xmp = [b"\xff\xe1\0\x21http://ns.adobe.com/xap/1.0/\0<x".as_slice(), &block].concat();
    // some cameras write another byte here
    block[9] = 0xff;
    let other_byte = after_start(BASELINE, &block);
    for file in [before_frame, before_jfif, after_start(BASELINE, &xmp), other_byte] {
        let opened = open(&file, &Limits::default()).unwrap();
        assert_eq!(opened.exif().unwrap().orientation, 6);
        assert_eq!(opened.picture(1).unwrap().rgb.dimensions(), (32, 48));
    }
}
