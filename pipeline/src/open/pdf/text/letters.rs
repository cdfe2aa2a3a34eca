//! Whether the letters of a page have a known meaning.

use std::collections::{BTreeMap, BTreeSet};

use super::font::ShownCode;

/// How many letters of each font were shown, and which of them nobody knows.
#[derive(Default)]
pub(super) struct Letters(BTreeMap<usize, (u32, u32, BTreeSet<u32>)>);

/// Different letters without a meaning that make a font unreadable: single marks of
/// lists are no text.
const UNREADABLE: usize = 3;
/// One in so many letters of a font without a meaning makes it unreadable.
const UNSURE_SHARE: u32 = 8;

impl Letters {
    pub(super) fn count(&mut self, font: usize, shown: &ShownCode) {
        let (all, unsure, codes) = self.0.entry(font).or_default();
        *all += 1;
        if shown.meaning.is_unsure() {
            *unsure += 1;
            codes.insert(shown.code);
        }
    }

    /// Whether many letters of a font are without a meaning, or a letter of a page
    /// without any text.
    pub(super) fn are_unreadable(&self, page_is_empty: bool) -> bool {
        self.0.values().any(|(all, unsure, codes)| {
            (codes.len() >= UNREADABLE && unsure.saturating_mul(UNSURE_SHARE) >= *all)
                || (page_is_empty && *unsure > 0)
        })
    }
}
