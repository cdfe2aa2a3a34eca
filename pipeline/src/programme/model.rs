//! A programme: one dated set of rules with their legal sources.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::rules::Rules;
use crate::kind::Kind;

/// A dated set of rules.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    /// Its id in verdicts, for example `kz-dnr-2025`.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// First local day on which it is in force.
    #[serde(deserialize_with = "toml_date")]
    pub effective_from: Date,
    /// Last local day on which it is in force; absent while there is no end.
    #[serde(default, deserialize_with = "toml_date_option")]
    pub effective_to: Option<Date>,
    /// Whether the text of the legal act still has to be confirmed.
    pub to_confirm: bool,
    /// IANA name of the time zone in which days are counted.
    pub timezone: String,
    /// Legal sources by short name.
    pub sources: BTreeMap<String, LegalSource>,
    /// Stages of the application by name.
    pub stages: BTreeMap<String, Stage>,
    /// Rules with their numbers.
    pub rules: Rules,
    /// SHA-256 of the file, lower-case hexadecimal.
    #[serde(skip)]
    pub sha256: String,
}

/// The legal source of a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LegalSource {
    /// Title of the act or page.
    pub title: String,
    /// Reference by which the source is found.
    pub reference: String,
    /// How reliable the source is.
    pub certainty: Certainty,
}

/// How reliable a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// The act itself or an official page.
    High,
    /// Several secondary pages agree.
    Medium,
    /// One secondary page: its rules may warn, never fail.
    Low,
}

/// The documents of one stage.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Title for people.
    pub title: String,
    /// Short name of its source.
    pub source: String,
    /// Kinds that must be submitted.
    pub required: Vec<Kind>,
    /// Kinds that may be submitted.
    pub optional: Vec<Kind>,
}

/// Reads a date of TOML, which has its own type, by its text.
fn toml_date<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let date = toml::value::Datetime::deserialize(deserializer)?;
    date.to_string().parse().map_err(serde::de::Error::custom)
}

fn toml_date_option<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Date>, D::Error> {
    toml_date(deserializer).map(Some)
}
