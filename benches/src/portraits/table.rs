//! Scores as a table and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::consistency::Drift;
use super::score::{Score, balanced};
use crate::accuracy::statistics::percentile;

/// A named figure with its target.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Its name.
    pub name: String,
    /// The figure as text.
    pub value: String,
    /// The target; empty if there is none.
    pub bar: &'static str,
    /// Whether the target is met; nothing if that is unknown.
    pub met: Option<bool>,
    /// Number of pictures or variants behind it.
    pub count: usize,
}

/// Returns figures of accuracy and speed.
#[must_use]
pub fn accuracy(scores: &[Score]) -> Vec<Figure> {
    let mut figures = Vec::new();
    let exact = scores.iter().filter(|s| s.faces.0 == s.faces.1).count();
    figures.push(share("faces counted exactly", exact, scores.len(), 0.97, "97 %"));
    let empty: Vec<_> = scores.iter().filter(|s| s.faces.1 == 0).collect();
    let right = empty.iter().filter(|s| s.faces.0 == 0).count();
    figures.push(share("no face where there is none", right, empty.len(), 1.0, "all"));
    let eyes: Vec<f64> = scores.iter().filter_map(|s| s.eyes).flatten().collect();
    figures.push(mean("eye centres, mean error in eye distances", &eyes, 0.05, "5 %"));
    let worst = eyes.iter().copied().fold(0.0, f64::max);
    figures.push(Figure {
        name: "eye centres, worst".to_owned(),
        value: percent(worst),
        bar: "15 %",
        met: (!eyes.is_empty()).then_some(worst <= 0.15),
        count: eyes.len(),
    });
    for (name, least, bar, of) in [
        (
            "grey and colour distinguished",
            1.0,
            "all",
            (|s| s.grey) as fn(&Score) -> Option<(bool, bool)>,
        ),
        ("eyes closed, balanced accuracy", 0.85, "85 %", |s| s.closed),
        ("glasses, balanced accuracy", 0.85, "85 %", |s| s.glasses),
        ("mouth open, balanced accuracy", 0.85, "85 %", |s| s.mouth_open),
    ] {
        figures.push(classified(
            name,
            &scores.iter().filter_map(of).collect::<Vec<_>>(),
            least,
            bar,
        ));
    }
    let plain = || scores.iter().filter(|s| s.plain);
    let chins: Vec<f64> = plain().filter_map(|s| s.chin).collect();
    let crowns: Vec<f64> = plain().filter_map(|s| s.crown).collect();
    figures.push(mean(
        "chin on plain backgrounds, mean error in head heights",
        &chins,
        0.05,
        "5 %",
    ));
    figures.push(mean("crown with hair on plain backgrounds, the same", &crowns, 0.06, "6 %"));
    let missed = plain().filter(|s| s.crown_missed).count();
    figures.push(figure_without_target(
        "crowns known and not found there",
        missed.to_string(),
        crowns.len() + missed,
    ));
    figures.extend(by_skin(scores));
    for (name, of) in [("open, ms", (|s| s.ms.0) as fn(&Score) -> f64), ("measure, ms", |s| s.ms.1)]
    {
        let mut all: Vec<f64> = scores.iter().map(of).collect();
        let mut at = |share| percentile(&mut all, share).unwrap_or(0.0);
        let value = format!("{:.0} (95th percentile {:.0})", at(0.5), at(0.95));
        figures.push(figure_without_target(name, value, scores.len()));
    }
    figures
}

/// Returns the errors of the eyes by the lightness of the cheeks, which show
/// whether dark or light skin is measured worse.
fn by_skin(scores: &[Score]) -> Vec<Figure> {
    [
        ("darker, L* below 60", 0.0..60.0),
        ("L* 60 to 70", 60.0..70.0),
        ("lighter, L* from 70", 70.0..101.0),
    ]
    .into_iter()
    .map(|(name, range)| {
        let of = |s: &&Score| s.skin.is_some_and(|skin| range.contains(&skin));
        let eyes: Vec<f64> = scores.iter().filter(of).filter_map(|s| s.eyes).flatten().collect();
        let average = eyes.iter().sum::<f64>() / eyes.len().max(1) as f64;
        figure_without_target(&format!("eye error, cheeks {name}"), percent(average), eyes.len())
    })
    .collect()
}

/// Figures of steadiness.
#[must_use]
pub fn steadiness(drifts: &[Drift]) -> Vec<Figure> {
    let mut figures = Vec::new();
    for (name, most, bar, digits, of) in [
        ("head height off, mm", 1.0, "1 mm", 2, (|d| d.head_mm) as fn(&Drift) -> Option<f64>),
        ("roll off, degrees", 1.0, "1°", 2, |d| d.roll_deg),
        ("centring off, share", 0.01, "1 %", 4, |d| d.centre),
    ] {
        let mut all: Vec<f64> = drifts.iter().filter_map(of).collect();
        let within = all.iter().filter(|v| **v <= most).count();
        let count = all.len();
        let mut at = |share| percentile(&mut all, share).unwrap_or(0.0);
        let value = format!(
            "median {:.digits$}, 95th percentile {:.digits$}, most {:.digits$}; within {} of {count}",
            at(0.5),
            at(0.95),
            at(1.0),
            within
        );
        let met = (count > 0).then_some(within == count);
        figures.push(Figure { name: name.to_owned(), value, bar, met, count });
        let missing = drifts.len() - count;
        if missing > 0 {
            figures.push(figure_without_target(
                &format!("{name}: not measured"),
                missing.to_string(),
                drifts.len(),
            ));
        }
    }
    let right = drifts.iter().filter(|d| d.colour).count();
    figures.push(share(
        "grey copies recognised as grey, colour ones not",
        right,
        drifts.len(),
        1.0,
        "all",
    ));
    figures
}

fn share(name: &str, right: usize, all: usize, least: f64, bar: &'static str) -> Figure {
    let rate = right as f64 / all.max(1) as f64;
    let met = (all > 0).then_some(rate >= least);
    Figure {
        name: name.to_owned(),
        value: format!("{right} of {all} ({})", percent(rate)),
        bar,
        met,
        count: all,
    }
}

fn mean(name: &str, values: &[f64], most: f64, bar: &'static str) -> Figure {
    let average = values.iter().sum::<f64>() / values.len().max(1) as f64;
    let met = (!values.is_empty()).then_some(average <= most);
    let value = if values.is_empty() { "not measured".to_owned() } else { percent(average) };
    Figure { name: name.to_owned(), value, bar, met, count: values.len() }
}

fn classified(name: &str, pairs: &[(bool, bool)], least: f64, bar: &'static str) -> Figure {
    let positive = pairs.iter().filter(|(_, truth)| *truth).count();
    let right = pairs.iter().filter(|(measured, truth)| measured == truth).count();
    let rate = balanced(pairs);
    let all = format!("{right} of {} right, {positive} of them so", pairs.len());
    let value = rate.map_or_else(
        || format!("one side only: {all}"),
        |rate| format!("{} ({all})", percent(rate)),
    );
    let one_sided = || (!pairs.is_empty()).then_some(right == pairs.len());
    let met = rate.map_or_else(one_sided, |rate| Some(rate >= least));
    Figure { name: name.to_owned(), value, bar, met, count: pairs.len() }
}

fn figure_without_target(name: &str, value: String, count: usize) -> Figure {
    Figure { name: name.to_owned(), value, bar: "", met: None, count }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// Returns the lines of a table.
#[must_use]
pub fn text(title: &str, figures: &[Figure]) -> String {
    let wide = figures.iter().map(|f| f.name.chars().count()).max().unwrap_or(0);
    let mut text = format!("{title}\n");
    for figure in figures {
        let met = match figure.met {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "",
        };
        let bar =
            if figure.bar.is_empty() { String::new() } else { format!("  bar {}", figure.bar) };
        let pad = " ".repeat(wide - figure.name.chars().count());
        let _ = writeln!(text, "  {}{pad}  {}{bar} {met}", figure.name, figure.value);
    }
    text
}

/// Returns the figures as JSON.
#[must_use]
pub fn json(figures: &[Figure]) -> Value {
    let rows = figures.iter().map(
        |f| json!({"name": f.name, "value": f.value, "bar": f.bar, "met": f.met, "count": f.count}),
    );
    rows.collect()
}
