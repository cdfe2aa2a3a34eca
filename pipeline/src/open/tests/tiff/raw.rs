//! Raw pictures of cameras: DNG and the like.

use super::*;

/// What a sensor recorded, behind one filter of colour for each pixel.
fn sensor() -> TiffPicture {
    TiffPicture::new((16, 8), 1, vec![0; 256]).short(258, &[16]).short(262, &[32803])
}

fn preview(size: (u32, u32)) -> TiffPicture {
    grey(size).long(254, &[1])
}

#[track_caller]
fn check_preview(file: &[u8], width: u32) {
    let opened = open(file, &Limits::default()).unwrap();
    let codes: Vec<&str> = opened.reasons().iter().map(|reason| reason.code.name()).collect();
    assert_eq!(codes, ["FILE_PREVIEW_EXAMINED"]);
    assert_eq!((opened.page_count(), opened.picture(1).unwrap().page.width), (1, width));
}

#[test]
fn the_largest_preview_of_a_raw_picture_is_the_page() {
    check_preview(&tiff(&[preview((4, 2)).inner(sensor())]), 4);
    check_preview(&tiff(&[preview((4, 2)).inner(sensor()).inner(preview((8, 4)))]), 8);
    check_preview(&tiff(&[sensor().inner(preview((8, 4)))]), 8);
    check_preview(&tiff(&[sensor(), preview((4, 2)), preview((8, 4))]), 8);
}

#[test]
fn a_raw_picture_without_a_preview_is_named() {
    let name = "raw data of a camera's sensor";
    check_code(&tiff(&[sensor()]), "FILE_TYPE_UNSUPPORTED", Some(name));
    let unknown = preview((4, 2)).short(259, &[34712]).inner(sensor());
    check_code(&tiff(&[unknown]), "FILE_TYPE_UNSUPPORTED", Some(name));
}

#[test]
fn a_full_picture_beside_a_raw_one_is_a_page() {
    let file = tiff(&[grey((8, 4)), sensor()]);
    let opened = open(&file, &Limits::default()).unwrap();
    assert_eq!((opened.page_count(), opened.reasons()), (2, &[][..]));
    assert!(opened.picture(1).is_ok());
}
