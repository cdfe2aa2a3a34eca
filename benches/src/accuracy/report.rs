//! Scores as JSON, or as a table with one row for each page.

use serde_json::{Value, json};

use super::score::Score;
use super::statistics::{percentile, upper_bound};
use super::timing::STAGES;

/// Returns totals and every page as JSON.
#[must_use]
pub fn json(scores: &[Score]) -> Value {
    let count = |of: fn(&Score) -> bool| scores.iter().filter(|s| of(s)).count();
    let (sure, wrong) = (count(|s| s.sure), count(|s| s.wrong));
    json!({
        "pages": scores.len(),
        "expiry_exact": count(|s| s.expiry),
        "second_line_exact": count(|s| s.second),
        "whole_zone_exact": count(|s| s.whole),
        "sure": sure,
        "sure_but_wrong": wrong,
        "sure_but_wrong_below": upper_bound(wrong as u64, sure as u64),
        "valid": count(|s| s.valid),
        "sure_of_valid": count(|s| s.valid && s.sure),
        "sure_of_invalid": count(|s| !s.valid && s.sure),
        "milliseconds": times(scores),
        "scores": scores.iter().map(page).collect::<Vec<Value>>(),
    })
}

fn times(scores: &[Score]) -> Value {
    let summary = |mut values: Vec<f64>| json!({"median": percentile(&mut values, 0.5), "p95": percentile(&mut values, 0.95)});
    let mut stages = serde_json::Map::new();
    for (i, name) in STAGES.iter().enumerate() {
        let values = scores.iter().map(|s| s.times.stages[i]).collect();
        stages.insert((*name).to_owned(), summary(values));
    }
    let zone_path = scores.iter().map(|s| s.times.zone_path()).collect();
    stages.insert("zone_path".to_owned(), summary(zone_path));
    stages.insert("all".to_owned(), summary(scores.iter().map(|s| s.times.all()).collect()));
    stages.insert("cpu".to_owned(), summary(scores.iter().map(|s| s.times.cpu).collect()));
    Value::Object(stages)
}

fn page(score: &Score) -> Value {
    json!({
        "file": score.truth.file,
        "type": score.truth.format,
        "printed": score.truth.lines,
        "read": score.read,
        "expiry": score.truth.expiry,
        "expiry_read": score.expiry_read,
        "expiry_exact": score.expiry,
        "second_line_exact": score.second,
        "whole_zone_exact": score.whole,
        "valid": score.valid,
        "sure": score.sure,
        "sure_but_wrong": score.wrong,
        "sure_fields": score.sure_fields,
        "zone_path_ms": score.times.zone_path(),
        "all_ms": score.times.all(),
    })
}

/// One row a page with its header.
#[must_use]
pub fn tsv(scores: &[Score]) -> String {
    let mut text = "file\ttype\texpiry_exact\tsecond_line_exact\twhole_zone_exact\tvalid\tsure\t\
                    sure_but_wrong\tzone_path_ms\tall_ms\tcpu_ms\n"
        .to_owned();
    for s in scores {
        let flags = [s.expiry, s.second, s.whole, s.valid, s.sure, s.wrong];
        let flags: String = flags.iter().map(|flag| if *flag { "1\t" } else { "0\t" }).collect();
        text += &format!(
            "{}\t{}\t{flags}{:.2}\t{:.2}\t{:.2}\n",
            s.truth.file,
            s.truth.format,
            s.times.zone_path(),
            s.times.all(),
            s.times.cpu
        );
    }
    text
}
