//! Machine readable zones (ICAO Doc 9303).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::geometry::Polygon;
use crate::hidden::hidden_debug;

/// A machine readable zone (ICAO Doc 9303 parts 4 to 7).
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Zone {
    /// Format of the zone.
    pub format: ZoneFormat,
    /// The lines as read, after repair where `changed` is above 0. `?` stands for a
    /// character that is covered or cut off.
    pub lines: Vec<String>,
    /// Result of each check digit.
    pub check_digits: CheckDigits,
    /// Number of characters changed by repair.
    pub changed: u32,
    /// Page that contains it.
    pub page: u32,
    /// Its outline on that page; the first corner is the start of the first line.
    pub polygon: Polygon,
    /// Clockwise rotation of the page in degrees that makes the zone read from left to right.
    pub rotation: f64,
    /// 0..1: confidence of its least certain character.
    pub confidence: f64,
}

/// The five formats of Doc 9303.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum ZoneFormat {
    /// Three lines of 30 (part 5).
    #[serde(rename = "TD1")]
    Td1,
    /// Two lines of 36 (part 6).
    #[serde(rename = "TD2")]
    Td2,
    /// Two lines of 44 (part 4): passports.
    #[serde(rename = "TD3")]
    Td3,
    /// Two lines of 44 (part 7): visas.
    #[serde(rename = "MRV-A")]
    MrvA,
    /// Two lines of 36 (part 7): visas.
    #[serde(rename = "MRV-B")]
    MrvB,
}

/// Result of one check digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckDigit {
    /// The check digit is correct.
    Valid,
    /// The check digit is not correct.
    Wrong,
    /// A filler is in place of the digit (allowed for empty optional data), or the
    /// format has no such digit.
    Absent,
    /// The digit, or a character that it protects, is covered or cut off.
    Unread,
}

/// Check digits of a zone (Doc 9303 part 3, 4.9).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs, reason = "each field is the check digit of the field that it names")]
pub struct CheckDigits {
    pub document_number: CheckDigit,
    pub date_of_birth: CheckDigit,
    pub date_of_expiry: CheckDigit,
    pub personal_number: CheckDigit,
    pub composite: CheckDigit,
}

impl CheckDigits {
    /// Returns the results in the order of the zone: document number, date of birth,
    /// date of expiry, personal number, composite.
    #[must_use]
    pub fn all(&self) -> [CheckDigit; 5] {
        [
            self.document_number,
            self.date_of_birth,
            self.date_of_expiry,
            self.personal_number,
            self.composite,
        ]
    }
}

hidden_debug!(Zone);
