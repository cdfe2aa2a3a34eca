//! A programme: one dated set of rules with their legal sources.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::notes::Notes;
use super::rules::Rules;
use super::stage::Stage;
use crate::application::MAX_DOCUMENTS;

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
    /// Id of the table of holidays by which working days are counted.
    #[serde(default)]
    pub holidays: Option<String>,
    /// Most documents of one application, replaced ones included. From 1 to
    /// [`MAX_DOCUMENTS`], the limit where none is set.
    #[serde(default = "most_documents")]
    pub documents_at_most: usize,
    /// Legal sources by short name.
    pub sources: BTreeMap<String, LegalSource>,
    /// Stages of the application by name.
    pub stages: BTreeMap<String, Stage>,
    /// Rules that hold in every stage, with their numbers.
    pub rules: Rules,
    /// What a person should know and no document proves.
    #[serde(default)]
    pub notes: Notes,
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
    /// Whether it still has to be confirmed for this programme, however reliable it is:
    /// for example, it describes an earlier order.
    #[serde(default)]
    pub to_confirm: bool,
}

impl LegalSource {
    /// Returns whether a rule may rest on it without the mark "to be confirmed".
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.certainty == Certainty::High && !self.to_confirm
    }
}

/// How reliable a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// The act itself or an official page.
    High,
    /// Several secondary pages agree, or the state's news agency reports the act.
    Medium,
    /// One secondary page: its rules may warn, never fail.
    Low,
}

fn most_documents() -> usize {
    MAX_DOCUMENTS
}

impl Programme {
    /// Returns whether a source still has to be confirmed, or is not in the file.
    #[must_use]
    pub fn is_to_confirm(&self, source: &str) -> bool {
        !self.sources.get(source).is_some_and(LegalSource::is_confirmed)
    }
}

/// Reads a date of TOML, which has its own type, by its text.
pub(super) fn toml_date<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Date, D::Error> {
    let date = toml::value::Datetime::deserialize(deserializer)?;
    date.to_string().parse().map_err(serde::de::Error::custom)
}

pub(super) fn toml_date_option<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Date>, D::Error> {
    toml_date(deserializer).map(Some)
}
