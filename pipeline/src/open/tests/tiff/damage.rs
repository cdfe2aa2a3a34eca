//! Damage is named, and never shown as if it were a picture.

use image::RgbImage;

use super::*;
use crate::open::tests::sample_files::deflated;

fn compressed(number: u16, size: (u32, u32), samples: u16, strip: Vec<u8>) -> TiffPicture {
    TiffPicture::new(size, samples, strip).short(259, &[number])
}

fn jpeg(size: (u32, u32)) -> Vec<u8> {
    let wave = |x: u32, y: u32| image::Rgb([(x * 37 % 256) as u8, (y * 11 % 256) as u8, 90]);
    fixtures::encode::jpeg(&RgbImage::from_fn(size.0, size.1, wave), 90)
}

#[test]
fn a_jpeg_inside_that_ends_early_is_corrupt() {
    let picture =
        |strip| tiff(&[compressed(7, (64, 64), 3, strip).short(262, &[6]).short(530, &[1, 1])]);
    let whole = jpeg((64, 64));
    assert_eq!(only(&picture(whole.clone())).page.width, 64);
    for share in [0.4, 0.7, 0.95] {
        let cut = whole[..(whole.len() as f64 * share) as usize].to_vec();
        check_code(&picture(cut), "FILE_CORRUPT", None);
    }
    // the end mark alone
    assert_eq!(only(&picture(whole[..whole.len() - 2].to_vec())).page.width, 64);
    // fewer rows than the directory states
    check_code(&picture(jpeg((64, 32))), "FILE_CORRUPT", None);
}

#[test]
fn a_strip_that_ends_early_is_corrupt() {
    for number in [5, 8, 32773] {
        check_code(&tiff(&[compressed(number, (8, 8), 1, vec![0x55; 9])]), "FILE_CORRUPT", None);
    }
    let short = grey((8, 8)).strips(4, vec![vec![0; 32], vec![0; 31]]);
    check_code(&tiff(&[short]), "FILE_CORRUPT", None);
    for number in [2, 3, 4] {
        let fax = compressed(number, (64, 64), 1, vec![0x01; 9]).short(258, &[1]);
        check_code(&tiff(&[fax]), "FILE_CORRUPT", None);
    }
    let missing = TiffPicture::new((8, 8), 1, Vec::new()).strips(4, vec![vec![0; 32]]);
    check_code(&tiff(&[missing]), "FILE_CORRUPT", None);
}

#[test]
fn a_strip_beyond_the_end_is_truncated() {
    let mut file = tiff(&[grey((8, 8))]);
    let offsets = file.windows(4).rposition(|entry| entry == [0x11, 1, 4, 0]).unwrap();
    file[offsets + 8 + 2] = 0x7f;
    check_code(&file, "FILE_TRUNCATED", None);
}

#[test]
fn tiles_far_larger_than_the_picture_are_not_decoded() {
    let tiled = grey((8, 8)).tiles((60_000, 60_000), vec![vec![0; 64]]);
    let reason = pictures(&tiff(&[tiled]), &Limits::default()).err().unwrap();
    assert_eq!(reason.code.name(), "FILE_UNPACK_BOMB");
}

#[test]
fn strips_that_share_their_bytes_are_read_only_so_often() {
    let rows = 8_000;
    let mut strip = deflated(&[0]);
    strip.resize(1_000_000, 0);
    // every strip is that of the first row
    let mut file = tiff(&[grey((1, rows)).short(259, &[8]).strips(1, vec![strip])]);
    let at = file.len() as u32;
    file.extend(8u32.to_le_bytes().repeat(rows as usize));
    file.extend(1_000_000u32.to_le_bytes().repeat(rows as usize));
    for (tag, place) in [([0x11, 1], at), ([0x17, 1], at + 4 * rows)] {
        let entry = file.windows(4).rposition(|e| e[..2] == tag && e[2..] == [4, 0]).unwrap();
        file[entry + 4..entry + 8].copy_from_slice(&rows.to_le_bytes());
        file[entry + 8..entry + 12].copy_from_slice(&place.to_le_bytes());
    }
    check_code(&file, "FILE_CORRUPT", None);
}

#[test]
fn a_page_is_shown_after_one_that_cannot_be_read() {
    let file = tiff(&[grey((8, 4)).without(256), grey((8, 4))]);
    let opened = open(&file, &Limits::default()).unwrap();
    assert_eq!(opened.page_count(), 2);
    assert_eq!(opened.picture(1).err().unwrap().code.name(), "FILE_PAGE_UNREADABLE");
    assert!(opened.picture(2).is_ok());
    check_code(&tiff(&[grey((8, 4)).without(256)]), "FILE_CORRUPT", None);
}
