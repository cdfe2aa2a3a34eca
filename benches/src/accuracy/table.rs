//! Scores as a table.

use std::fmt::Write as _;

use super::print;
use super::score::Score;
use super::statistics::{percentile, upper_bound};
use super::timing::STAGES;

/// Order of the rows.
const FORMATS: [&str; 5] = ["TD1", "TD2", "TD3", "MRV-A", "MRV-B"];

/// Returns accuracy overall and by format, then milliseconds by stage.
#[must_use]
pub fn table(scores: &[Score]) -> String {
    let mut text = format!(
        "{:8}{:>7}{:>17}{:>17}{:>17}{:>17}{:>17}{:>12}\n",
        "",
        "pages",
        "expiry exact",
        "second line",
        "whole zone",
        "sure",
        "sure of valid",
        "sure, wrong"
    );
    let all: Vec<&Score> = scores.iter().collect();
    row(&mut text, "all", &all);
    for format in FORMATS {
        let some: Vec<&Score> = scores.iter().filter(|s| s.truth.format == format).collect();
        if !some.is_empty() {
            row(&mut text, format, &some);
        }
    }
    write_refused(&mut text, &all);
    write_sure_but_wrong(&mut text, &all);
    text.push_str(&print::table(scores.iter().map(|score| &score.print)));
    times(&mut text, &all);
    text
}

fn row(text: &mut String, name: &str, scores: &[&Score]) {
    let pages = scores.len();
    let share = |of: fn(&Score) -> bool| part(scores.iter().filter(|s| of(s)).count(), pages);
    let valid = scores.iter().filter(|s| s.valid).count();
    let sure_of_valid = scores.iter().filter(|s| s.valid && s.sure).count();
    let wrong = scores.iter().filter(|s| s.wrong).count();
    // writing to a string does not fail
    let _ = writeln!(
        text,
        "{name:8}{pages:>7}{:>17}{:>17}{:>17}{:>17}{:>17}{wrong:>12}",
        share(|s| s.expiry),
        share(|s| s.second),
        share(|s| s.whole),
        share(|s| s.sure),
        part(sure_of_valid, valid)
    );
}

fn part(count: usize, of: usize) -> String {
    if of == 0 {
        return "-".to_owned();
    }
    format!("{count}/{of} {:.1} %", 100.0 * count as f64 / of as f64)
}

fn write_refused(text: &mut String, scores: &[&Score]) {
    let count = scores.iter().filter(|s| s.refused).count();
    if count > 0 {
        let _ = writeln!(
            text,
            "\nfiles that do not open, counted as not read: {count} (see --convert)"
        );
    }
}

fn write_sure_but_wrong(text: &mut String, scores: &[&Score]) {
    let sure = scores.iter().filter(|s| s.sure).count() as u64;
    let wrong = scores.iter().filter(|s| s.wrong).count() as u64;
    let invalid = scores.iter().filter(|s| !s.valid).count();
    let sure_of_invalid = scores.iter().filter(|s| !s.valid && s.sure).count();
    let _ = writeln!(
        text,
        "\nsure but wrong: {wrong} of {sure} sure pages; the rate is below {:.3} % (95 %, one-sided)",
        100.0 * upper_bound(wrong, sure)
    );
    let _ = writeln!(
        text,
        "wrong printed check digits: {invalid} pages, {sure_of_invalid} of them sure (must be 0)"
    );
}

fn times(text: &mut String, scores: &[&Score]) {
    let _ = writeln!(text, "\n{:24}{:>12}{:>12}", "milliseconds a page", "median", "95th");
    for (i, name) in STAGES.iter().enumerate() {
        time(text, name, scores.iter().map(|s| s.times.stages[i]).collect());
    }
    time(text, "zone path, open..parse", scores.iter().map(|s| s.times.zone_path()).collect());
    time(text, "all stages", scores.iter().map(|s| s.times.all()).collect());
    time(text, "all, processor time", scores.iter().map(|s| s.times.cpu).collect());
}

fn time(text: &mut String, name: &str, mut values: Vec<f64>) {
    let (Some(median), Some(high)) = (percentile(&mut values, 0.5), percentile(&mut values, 0.95))
    else {
        return;
    };
    if high == 0.0 {
        let _ = writeln!(text, "{name:24}{:>12}{:>12}", "-", "-");
    } else {
        let _ = writeln!(text, "{name:24}{median:>12.1}{high:>12.1}");
    }
}
