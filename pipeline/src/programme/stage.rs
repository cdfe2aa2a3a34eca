//! A stage of a programme: its documents, and the rules that hold in it alone.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kind::Kind;

/// The documents and the own rules of one stage.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Title for people.
    pub title: String,
    /// Short name of the source of the list of documents.
    pub source: String,
    /// Kinds that must be submitted.
    pub required: Vec<Kind>,
    /// Kinds that may be submitted.
    pub optional: Vec<Kind>,
    /// How long the passport must be valid; absent where the stage asks for no validity.
    #[serde(default)]
    pub passport_validity: Option<PassportValidity>,
    /// Warns early if the passport will not meet the rule of a later stage.
    #[serde(default)]
    pub early_passport_validity: Option<EarlyPassportValidity>,
    /// The authority's time limit; absent where none is known.
    #[serde(default)]
    pub clock: Option<Clock>,
}

impl Stage {
    /// Returns whether documents of this kind may be submitted.
    #[must_use]
    pub fn asks_for(&self, kind: Kind) -> bool {
        self.required.contains(&kind) || self.optional.contains(&kind)
    }
}

/// How long a passport must remain valid after the local day of application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PassportValidity {
    /// Short name of the source.
    pub source: String,
    /// Calendar days that the remaining validity must exceed.
    pub more_than_days: i64,
    /// With fewer spare days than this, the verdict states that few remain.
    pub close_days: i64,
}

/// A warning in one stage by the passport rule of a later one. Numbers and source
/// are those of the later stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EarlyPassportValidity {
    /// Name of the later stage.
    pub for_stage: String,
}

/// The time that an authority has for one step, counted from the local day of application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Short name of the source.
    pub source: String,
    /// The step that must end in time.
    pub step: Step,
    /// When the time begins.
    #[serde(default)]
    pub start: ClockStart,
    /// Number of days; the day after the start is the first.
    pub days: i64,
    /// How days are counted.
    pub unit: DayUnit,
    /// Days that are within the limit for every way to count the first day.
    pub safe_days: i64,
}

/// When the time of an authority begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClockStart {
    /// On the day of application.
    #[default]
    DayOfApplication,
    /// On that day or later; no source says when. Days are counted from that day, so the
    /// last day is the earliest one.
    NotKnown,
}

/// A step of an authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The review of the application.
    Review,
    /// The migration service's check of the applicant's data.
    MigrationCheck,
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 2] = [Self::Review, Self::MigrationCheck];

    /// Returns the name in programme files and verdicts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::MigrationCheck => "migration_check",
        }
    }
}

/// How days are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayUnit {
    /// Every day.
    CalendarDays,
    /// Days that are neither weekend nor holiday, by the programme's table of holidays.
    WorkingDays,
}
