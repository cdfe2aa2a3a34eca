//! The person who applies.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::nfc::{nfc, nfc_option};
use crate::hidden::hidden_debug;

/// The form that the person filled in. Personal data: `Debug` prints nothing.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Applicant {
    /// The same name in one or more scripts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<Name>,
    /// Date of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Date>,
    /// Sex as in the passport.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// Individual identification number (IIN) of Kazakhstan, 12 digits as typed.
    #[serde(default, deserialize_with = "nfc_option", skip_serializing_if = "Option::is_none")]
    pub iin: Option<String>,
    /// Citizenships as ICAO Doc 9303 part 3 codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citizenships: Vec<String>,
}

/// A name in one script.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Name {
    /// `latin` or `cyrillic`.
    #[serde(deserialize_with = "nfc")]
    pub script: String,
    /// Primary identifier.
    #[serde(default, deserialize_with = "nfc")]
    pub surname: String,
    /// Secondary identifier.
    #[serde(default, deserialize_with = "nfc")]
    pub given_names: String,
    /// Patronymic, if the form has one.
    #[serde(default, deserialize_with = "nfc_option", skip_serializing_if = "Option::is_none")]
    pub patronymic: Option<String>,
}

/// Sex as in the visual zone of a passport; the machine readable zone has `<` for `X`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs, reason = "the letters are those of the standard")]
pub enum Sex {
    M,
    F,
    X,
}

impl Sex {
    /// Returns the letter of the standard.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Self::M => "M",
            Self::F => "F",
            Self::X => "X",
        }
    }
}

hidden_debug!(Applicant, Name);
