//! The dates of an application.

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::RuleRef;
use crate::kind::Kind;
use crate::programme::Step;

/// Dates and deadlines of the application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Dates {
    /// When the portal accepted it; absent where the portal did not state it, and
    /// the time of receipt determined the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Timestamp>,
    /// Whether the time of receipt was used because the portal stated no instant.
    pub assumed: bool,
    /// The day of application in the programme's time zone.
    pub application_date: Date,
    /// IANA name of that time zone.
    pub timezone: String,
    /// Release of the tz database that was used to convert the instant.
    pub tzdb: String,
    /// The time limit of the stage; absent where none is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<Clock>,
    /// Last day of the time limit; absent without one, and where the table of holidays
    /// ends before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// Last day within the limit for every way to count the first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_safe: Option<Date>,
    /// Calendar days from `on` to `due`, negative when overdue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_left: Option<i64>,
    /// The document that expires first, among sure dates of expiry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_next: Option<ExpiresNext>,
}

/// The time that an authority has for one step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Clock {
    /// The step that must end in time.
    pub step: Step,
    /// The rule with its days and its source.
    pub rule: RuleRef,
    /// Whether a source says when the time begins. If not, `due` is the earliest last day.
    #[serde(default = "yes")]
    pub start_known: bool,
    /// The table by which working days are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holidays: Option<HolidayTable>,
}

fn yes() -> bool {
    true
}

impl Clock {
    /// Returns whether the last day rests on something that is to be confirmed.
    #[must_use]
    pub fn is_to_confirm(&self) -> bool {
        let holidays = self.holidays.as_ref().is_some_and(|table| table.to_confirm);
        self.rule.to_confirm || holidays || !self.start_known
    }
}

/// The table by which working days are counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HolidayTable {
    /// Id of the table.
    pub id: String,
    /// The last day that it covers.
    pub last: Date,
    /// Whether the days off of a year in question still have to be confirmed.
    pub to_confirm: bool,
    /// SHA-256 of its file.
    pub sha256: String,
}

/// The document that expires first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExpiresNext {
    /// Id of the document.
    pub document_id: String,
    /// Kind of the document.
    pub kind: Kind,
    /// Its date of expiry.
    pub date: Date,
}
