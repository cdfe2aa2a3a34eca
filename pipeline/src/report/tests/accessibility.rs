//! The page can be used with a screen reader.

use std::collections::BTreeSet;

use super::{attribute, page, tags};
use crate::report::specimen::{quiet, troubled};

#[test]
fn headings_ids_labels_and_tables_are_complete() {
    for html in [page(&troubled(), false), page(&quiet(), true)] {
        assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
        let tags = tags(&html);
        let levels: Vec<u8> = tags
            .iter()
            .filter_map(|tag| tag.strip_prefix('h')?.bytes().next())
            .filter(u8::is_ascii_digit)
            .collect();
        assert_eq!(levels.iter().filter(|level| **level == b'1').count(), 1);
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "a heading level is skipped");

        let ids: Vec<&str> = tags.iter().filter_map(|tag| attribute(tag, "id")).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(unique.len(), ids.len(), "an id is used twice");
        for tag in &tags {
            if let Some(target) =
                attribute(tag, "href").or_else(|| attribute(tag, "aria-labelledby"))
            {
                assert!(unique.contains(target.trim_start_matches('#')), "{tag}");
            }
            if tag.starts_with("img ") {
                assert!(attribute(tag, "alt").is_some_and(|alt| alt.len() > 20), "{tag}");
            }
            if tag.starts_with("th ") {
                assert!(attribute(tag, "scope").is_some(), "{tag}");
            }
        }
        let count = |name: &str| tags.iter().filter(|tag| tag.starts_with(name)).count();
        assert_eq!(count("table "), count("caption"));
        assert_eq!(count("tr "), count("/tr"));
        assert_eq!(count("div"), count("/div"));
        assert_eq!(count("bdi"), count("/bdi"));
    }
}
