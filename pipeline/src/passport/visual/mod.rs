//! The visual zone: the print above the machine readable zone, searched for the
//! values of that zone.
//!
//! Lines of print are located cheaply and recognised one by one, the likeliest
//! first, until everything is found or the budget is spent. The budget counts
//! print, not time, so that a page gives the same result on every machine.

mod boxes;
mod field;
mod line_text;
mod months;
mod other_dates;
mod printed_date;
mod recognised_line;
mod search;
mod sheet;
mod target;
mod words;

pub(crate) use field::{Agreement, VisualField, VisualZone};

use super::read::ReadZone;
use crate::engines::tesseract::{Line, Recogniser};
use crate::open::Picture;
use search::{ROWS, VisualSearch};
use sheet::Sheet;

/// Searches the page above a zone for the values of the zone.
pub(crate) fn read_visual_zone(picture: &Picture, zone: &ReadZone) -> VisualZone {
    let Some(sheet) = Sheet::above_zone(&picture.rgb, zone) else { return VisualZone::default() };
    let boxes = boxes::find_boxes(&sheet);
    if boxes.is_empty() {
        return VisualZone::default();
    }
    let mut search = match VisualSearch::new(&sheet, zone, "eng") {
        Ok(search) => search,
        Err(missing) => return VisualZone { missing: Some(missing), ..VisualZone::default() },
    };
    search.read_likeliest(&boxes);
    if let (false, Some(language)) = (search.has_expiry(), national_language(zone)) {
        search.read_in_language(language);
    }
    VisualZone { fields: search.into_fields(), missing: None }
}

/// Every language in which a page may be recognised.
pub(crate) const LANGUAGES: [&str; 3] = ["eng", "kaz", "rus"];

/// Loads every language for this thread, and recognises a line of bars in each.
pub(super) fn warm() {
    const WIDTH: usize = 8 * ROWS;
    let bars: Vec<u8> = (0..WIDTH * ROWS)
        .map(|at| {
            let (x, y) = (at % WIDTH, at / WIDTH);
            let ink = x % 12 < 3 && (6..30).contains(&y) && x % 60 < 40;
            if ink { 0 } else { 255 }
        })
        .collect();
    for language in LANGUAGES {
        // a machine without the language examines without it
        if let Ok(mut recogniser) = Recogniser::preload(language) {
            let _ = recogniser.recognise(&Line { width: WIDTH, pixels: &bars });
        }
    }
}

/// Returns the language whose letters a state prints beside or instead of Latin ones.
fn national_language(zone: &ReadZone) -> Option<&'static str> {
    match zone.mrz.issuing_state() {
        "KAZ" => Some("kaz"),
        "RUS" | "BLR" | "KGZ" | "UKR" | "BGR" | "SRB" | "MKD" | "MNG" | "TJK" => Some("rus"),
        _ => None,
    }
}
