//! Validates a parsed programme: values that cannot be right, and rules that nothing applies.

mod rules;
mod sources;
mod stages;

use jiff::tz::TimeZone;

use super::holidays::Holidays;
use super::model::Programme;
use super::stage::DayUnit;
use crate::application::{MAX_DOCUMENTS, is_id};

/// Plausible terms: more than ten years is a mistake, and far more is outside the calendar.
const DAYS: std::ops::RangeInclusive<i64> = 0..=3660;
const TEN_YEARS: &str = "must be between 0 and 3660 days";

/// Returns the faults of a programme: key and fault, in a fixed order.
pub(super) fn find_faults(programme: &Programme) -> Vec<(String, String)> {
    let mut faults = Faults::default();
    check_head(programme, &mut faults);
    stages::check_stages(programme, &mut faults);
    sources::check_sources(programme, &mut faults);
    rules::check_rules(&programme.rules, &mut faults);
    check_notes(programme, &mut faults);
    faults.0
}

fn check_head(programme: &Programme, faults: &mut Faults) {
    faults.add_unless(is_id(&programme.id), "id", "1 to 64 of A-Z a-z 0-9 . _ -");
    let last = programme.effective_to;
    faults.add_unless(
        last.is_none_or(|last| programme.effective_from <= last),
        "effective_to",
        "before effective_from",
    );
    faults.add_unless(
        (1..=MAX_DOCUMENTS).contains(&programme.documents_at_most),
        "documents_at_most",
        &format!("must be between 1 and {MAX_DOCUMENTS}"),
    );
    let zone = TimeZone::get(&programme.timezone);
    faults.add_unless(zone.is_ok(), "timezone", "no zone of that name in the tz database");
    if let Some(id) = &programme.holidays {
        faults.add_unless(
            Holidays::built_in(id).is_some(),
            "holidays",
            "no such table; there is kz",
        );
        let counts = |clock: &super::Clock| clock.unit == DayUnit::WorkingDays;
        let used = programme.stages.values().filter_map(|stage| stage.clock.as_ref()).any(counts);
        faults.add_unless(used, "holidays", "applied nowhere: no clock counts working days");
    }
}

fn check_notes(programme: &Programme, faults: &mut Faults) {
    let notes = &programme.notes;
    let terms = [
        ("notes.reapplication.days", notes.reapplication.as_ref().and_then(|note| note.days)),
        ("notes.entry.days", notes.entry.as_ref().map(|note| note.days)),
    ];
    for (key, days) in terms {
        faults.add_unless(days.is_none_or(|days| DAYS.contains(&days)), key, TEN_YEARS);
    }
    let places = notes.places.as_ref();
    let named = |note: &super::Places| {
        !note.places.is_empty() && note.places.iter().all(|place| !place.trim().is_empty())
    };
    faults.add_unless(
        places.is_none_or(named),
        "notes.places.places",
        "at least one name is needed",
    );
}

/// Faults found so far: key and fault.
#[derive(Default)]
struct Faults(Vec<(String, String)>);

impl Faults {
    /// Adds a fault unless the value is valid.
    fn add_unless(&mut self, is_valid: bool, key: &str, fault: &str) {
        if !is_valid {
            self.0.push((key.to_owned(), fault.to_owned()));
        }
    }
}
