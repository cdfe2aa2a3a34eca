//! Rule sets: every number, list and date with its legal source.
//!
//! A programme file holds between two dates; the application's local date
//! picks it. Code holds no rule's number.

mod check;
mod ranged_measures;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kind::Kind;

pub use check::ProgrammeError;
pub(crate) use ranged_measures::RANGED_MEASURES;

/// One dated rule set.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    /// Its name in verdicts: `kz-dnr-2025`.
    pub id: String,
    /// For people.
    pub title: String,
    /// First local day on which it holds.
    #[serde(deserialize_with = "toml_date")]
    pub effective_from: Date,
    /// Last local day on which it holds; open when absent.
    #[serde(default, deserialize_with = "toml_date_option")]
    pub effective_to: Option<Date>,
    /// Whether the text of the act has yet to be seen.
    pub to_confirm: bool,
    /// IANA name of the zone in which days are counted.
    pub timezone: String,
    /// Where numbers come from, by short name.
    pub sources: BTreeMap<String, LegalSource>,
    /// What each stage asks for.
    pub stages: BTreeMap<String, Stage>,
    /// The numbers.
    pub rules: Rules,
    /// SHA-256 of the file, lower-case hexadecimal.
    #[serde(skip)]
    pub sha256: String,
}

/// Where a number comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LegalSource {
    /// The act or page.
    pub title: String,
    /// Where to find it.
    pub reference: String,
    /// How far it was verified.
    pub certainty: Certainty,
}

/// How far a source was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// The act itself or an official page.
    High,
    /// Several secondary pages agree.
    Medium,
    /// One secondary page: may warn, never fail.
    Low,
}

/// What one stage asks for.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// For people.
    pub title: String,
    /// Short name of its source.
    pub source: String,
    /// Must be there.
    pub required: Vec<Kind>,
    /// May be there.
    pub optional: Vec<Kind>,
}

/// The numbers of a programme; each table names its source.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "each is the table of the rule it names")]
pub struct Rules {
    pub passport_validity: PassportValidity,
    pub expiry_window: ExpiryWindow,
    pub review: Review,
    pub police_clearance: PoliceClearance,
    pub portrait_ratio: PortraitRatio,
    pub portrait_size: PortraitSize,
    pub portrait_colour: PortraitColour,
    pub portrait_head_height: MillimetreRange,
    pub portrait_eye_line: MillimetreRange,
    pub portrait_age: PortraitAge,
    pub portrait_measures: BTreeMap<String, MeasureRange>,
    pub iin: Iin,
}

/// How long a passport must still be valid on the local day of application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PassportValidity {
    /// Short name of the source.
    pub source: String,
    /// Calendar days that must be exceeded.
    pub more_than_days: i64,
    /// Days to spare up to which it is said that they are few.
    pub close_days: i64,
}

/// Which century a two-digit year of expiry belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpiryWindow {
    /// Short name of the source.
    pub source: String,
    /// Years before the application that are still meant.
    pub years_back: i16,
    /// Years after the application that are still meant.
    pub years_ahead: i16,
    /// More years ahead than this are for a person to look at.
    pub unsure_beyond_years: i16,
}

/// The authority's clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Short name of the source.
    pub source: String,
    /// Calendar days from the local day of application.
    pub days: i64,
    /// Days that are safe however the first day is counted.
    pub safe_days: i64,
}

/// How long a police clearance is taken as valid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PoliceClearance {
    /// Short name of the source.
    pub source: String,
    /// Calendar days from its issue.
    pub valid_days: i64,
}

/// The portrait's width to height.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PortraitRatio {
    /// Short name of the source.
    pub source: String,
    /// Width of the print.
    pub width_mm: f64,
    /// Height of the print.
    pub height_mm: f64,
    /// Share by which the ratio may differ and still pass.
    pub tolerance: f64,
    /// Lower end of the range that warns.
    pub warn_low: f64,
    /// Upper end of the range that warns.
    pub warn_high: f64,
    /// Short name of the source of that range.
    pub warn_source: String,
}

/// The portrait's pixels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PortraitSize {
    /// Short name of the source.
    pub source: String,
    /// Least width.
    pub min_width_px: u32,
    /// Least height.
    pub min_height_px: u32,
}

/// Colour or grey, by the measure `colour` (0 grey … 1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PortraitColour {
    /// Short name of the source.
    pub source: String,
    /// Below: grey.
    pub grey_below: f64,
    /// From `grey_below` up to here: cannot be told.
    pub unsure_below: f64,
}

/// An allowed range on a 35x45 print.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MillimetreRange {
    /// Short name of the source.
    pub source: String,
    /// Least.
    pub low_mm: f64,
    /// Most.
    pub high_mm: f64,
}

/// How old a portrait may be by its camera's clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PortraitAge {
    /// Short name of the source.
    pub source: String,
    /// Calendar months before the local day of application.
    pub months: i32,
}

/// An allowed range of a measure, by the measure's name; beyond it a warning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeasureRange {
    /// Short name of the source.
    pub source: String,
    /// Least, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Most, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

/// The individual identification number has no parameter but its source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Iin {
    /// Short name of the source.
    pub source: String,
}

/// A rule set chosen for a day.
#[derive(Clone, Copy, Debug)]
pub struct Chosen<'a> {
    /// The rule set.
    pub programme: &'a Programme,
    /// Whether it holds on that day, or is only the nearest.
    pub covers: bool,
}

impl Programme {
    /// Name and text of the files that are built in, oldest first.
    pub const FILES: [(&str, &str); 2] = [
        ("kz-dnr-2025.toml", include_str!("../programmes/kz-dnr-2025.toml")),
        ("kz-dnr-2026.toml", include_str!("../programmes/kz-dnr-2026.toml")),
    ];

    /// The rule sets that are built in, oldest first.
    #[must_use]
    pub fn built_in() -> &'static [Self] {
        static BUILT_IN: LazyLock<Vec<Programme>> = LazyLock::new(|| {
            Programme::FILES
                .iter()
                .map(|(name, text)| Programme::parse(name, text).expect("a test reads both files"))
                .collect()
        });
        &BUILT_IN
    }

    /// Whether the rule set holds on that local day.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.effective_from <= day && self.effective_to.is_none_or(|last| day <= last)
    }

    /// The rule set that holds on the local day, or the nearest in time.
    #[must_use]
    pub fn choose(programmes: &[Self], day: Date) -> Option<Chosen<'_>> {
        if let Some(programme) = programmes.iter().find(|p| p.holds_on(day)) {
            return Some(Chosen { programme, covers: true });
        }
        let distance = |p: &Self| {
            let first = (p.effective_from - day).get_days().abs();
            p.effective_to.map_or(first, |last| first.min((day - last).get_days().abs()))
        };
        let programme = programmes.iter().min_by_key(|p| distance(p))?;
        Some(Chosen { programme, covers: false })
    }
}

/// TOML has dates of its own; their text is what `jiff` reads.
fn toml_date<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let date = toml::value::Datetime::deserialize(deserializer)?;
    date.to_string().parse().map_err(serde::de::Error::custom)
}

fn toml_date_option<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Date>, D::Error> {
    toml_date(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_local_day_picks_the_rule_set() {
        let pick = |day| {
            let chosen = Programme::choose(Programme::built_in(), day).unwrap();
            (chosen.programme.id.as_str(), chosen.covers)
        };
        assert_eq!(pick(date(2025, 1, 14)), ("kz-dnr-2025", false));
        assert_eq!(pick(date(2025, 1, 15)), ("kz-dnr-2025", true));
        assert_eq!(pick(date(2025, 12, 31)), ("kz-dnr-2025", true));
        assert_eq!(pick(date(2026, 1, 1)), ("kz-dnr-2026", true));
    }

    #[test]
    fn the_later_order_has_the_same_numbers_and_says_that_they_are_unconfirmed() {
        let [first, later] = Programme::built_in() else { panic!("two rule sets") };
        assert_eq!(first.rules, later.rules);
        assert_eq!(first.stages, later.stages);
        assert!(!first.to_confirm && later.to_confirm);
    }
}
