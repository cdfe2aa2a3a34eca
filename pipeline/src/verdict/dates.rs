//! The dates of an application.

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kind::Kind;

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
    /// Last day of the authority's review.
    pub due: Date,
    /// Last day of the review for every way to count the first day.
    pub due_safe: Date,
    /// Days from `on` to `due`, negative when overdue.
    pub days_left: i64,
    /// The document that expires first, among sure dates of expiry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_next: Option<ExpiresNext>,
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
