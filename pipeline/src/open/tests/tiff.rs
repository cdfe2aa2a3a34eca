use ::tiff::encoder::TiffEncoder;
use ::tiff::encoder::colortype::Gray8;
use ::tiff::tags::Tag;

use super::*;

/// The only directory states that it is a reduced version of another picture.
pub(super) const REDUCED_ONLY: &[u8] =
    include_bytes!("../../../../fixtures/cases/tiff-only-directory-reduced.tif");

/// Writes a picture for each width; `true` marks a reduced version of another.
fn tiff(pictures: &[(u32, bool)]) -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut file).unwrap();
    for (width, reduced) in pictures {
        let mut image = encoder.new_image::<Gray8>(*width, 4).unwrap();
        image.encoder().write_tag(Tag::NewSubfileType, u32::from(*reduced)).unwrap();
        image.write_data(&vec![0; 4 * *width as usize]).unwrap();
    }
    file.into_inner()
}

#[track_caller]
fn check_widths(untrusted: &[u8], widths: &[u32]) {
    let pictures = pictures(untrusted, &Limits::default()).unwrap();
    let found: Vec<u32> = pictures.iter().map(|picture| picture.page.width).collect();
    assert_eq!(found, widths);
}

#[test]
fn reduced_pictures_are_pages_only_where_there_is_no_other() {
    check_widths(&tiff(&[(8, false), (4, true)]), &[8]);
    check_widths(&tiff(&[(4, true), (8, false)]), &[8]);
    check_widths(&tiff(&[(4, true)]), &[4]);
    check_widths(&tiff(&[(4, true), (5, true)]), &[4, 5]);
    assert!(only(REDUCED_ONLY).page.width > 900);
}
