//! HEIC with the references that phones write and libheif 1.15 refuses.

use super::*;

/// Pictures 1 (984 x 692) and 2 (its gain map), recipe 3 (`tmap` of both), EXIF block 4. The gain map
/// is auxiliary to 1 and 3; the block describes 1.
const PHONE: &[u8] = include_bytes!("../../../../fixtures/cases/heic-two-referents-aux.heic");

/// The file with other bytes in place of its only ones like these.
fn with(file: &[u8], changes: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut file = file.to_vec();
    for (old, new) in changes {
        let places: Vec<usize> =
            (0..file.len()).filter(|at| file[*at..].starts_with(old)).collect();
        assert!(places.len() == 1 && old.len() == new.len(), "{old:?}: {places:?}");
        file[places[0]..places[0] + new.len()].copy_from_slice(new);
    }
    file
}

/// An entry of `iref` without its length.
fn entry(kind: &[u8; 4], from: u16, to: &[u16]) -> Vec<u8> {
    let numbers = [&[from, to.len() as u16], to].concat();
    [kind.as_slice(), &numbers.iter().flat_map(|n| n.to_be_bytes()).collect::<Vec<u8>>()].concat()
}

#[track_caller]
fn check_opens(untrusted: &[u8], has_exif: bool) {
    let opened = open(untrusted, &Limits::default()).unwrap();
    assert_eq!(opened.reasons(), []);
    let rgb = opened.picture(1).unwrap().rgb;
    assert_eq!(rgb.dimensions(), (984, 692));
    // the page is pale, its frame is dark
    let mean = rgb.iter().map(|v| u64::from(*v)).sum::<u64>() / rgb.len() as u64;
    assert!(mean > 150, "{mean}");
    assert_eq!(opened.exif().is_some(), has_exif);
}

#[test]
fn references_to_a_picture_and_its_recipe_are_accepted() {
    check_opens(PHONE, true);
    let auxiliary = entry(b"auxl", 2, &[1, 3]);
    let block = entry(b"cdsc", 4, &[1]);
    // the block describes the recipe alone, whichever is asked for
    check_opens(&with(PHONE, &[(&block, &entry(b"cdsc", 4, &[3]))]), false);
    // both describe or help items that do not exist
    check_opens(
        &with(
            PHONE,
            &[(&auxiliary, &entry(b"auxl", 2, &[9, 3])), (&block, &entry(b"cdsc", 4, &[9]))],
        ),
        false,
    );
    // a preview of both, and the other order
    check_opens(&with(PHONE, &[(&auxiliary, &entry(b"thmb", 2, &[3, 1]))]), true);
}

#[test]
fn the_picture_of_a_recipe_is_the_one_it_brightens() {
    check_opens(&with(PHONE, &[(b"pitm\0\0\0\0\0\x01", b"pitm\0\0\0\0\0\x03")]), true);
}

#[test]
fn a_gain_map_is_not_a_further_picture() {
    check_opens(&with(PHONE, &[(&entry(b"auxl", 2, &[1, 3]), &entry(b"skip", 2, &[1, 3]))]), true);
}

#[test]
fn boxes_of_64_bits_and_without_length_are_followed() {
    let at = PHONE.windows(4).position(|name| name == b"mdat").unwrap();
    let mut endless = PHONE.to_vec();
    endless[at - 4..at].fill(0);
    check_opens(&endless, true);
    // bytes of a maker after the last box
    check_opens(&[PHONE, b"\0\0\0\x07SEFT of a maker"].concat(), true);
}
