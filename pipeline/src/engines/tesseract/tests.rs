//! Tests of the recogniser.

use super::*;

#[test]
fn a_language_that_is_not_there_is_missing() {
    assert_eq!(Recogniser::new("no such language").err(), Some(Missing::Language));
    assert_eq!(Recogniser::new("e\0g").err(), Some(Missing::Language));
}

#[test]
fn lines_of_impossible_shape_have_no_symbols() {
    let mut recogniser = Recogniser::new("eng").unwrap();
    for (width, length) in [(0, 0), (0, 9), (9, 0), (10, 15), (1, 40), (5000, 50_000), (20, 40_000)]
    {
        let pixels = vec![255; length];
        assert!(recogniser.recognise(&Line { width, pixels: &pixels }).is_empty());
    }
    let _ = recogniser.recognise(&Line { width: 200, pixels: &[255; 8000] });
}

#[test]
fn the_language_data_is_that_of_the_installed_languages() {
    let one = language_data(&["eng"]).unwrap();
    assert_eq!(language_data(&["eng"]), Ok(one.clone()));
    let others = [&["rus"][..], &["eng", "rus"], &["eng", "no such language"]];
    for other in others {
        assert_ne!(language_data(other), Ok(one.clone()), "{other:?}");
    }
    assert_eq!(language_data(&["no such language"]), Err(Missing::Language));
    assert_eq!(language_data(&[]), Err(Missing::Language));
}
