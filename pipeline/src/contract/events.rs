//! Events for portals. They are small: outcomes, codes, digests and the place of
//! the full verdict.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::message::{CloudEvent, EventData};
use crate::application::{Fault, Object};
use crate::kind::Kind;
use crate::reason::Code;
use crate::status::Status;
use crate::verdict::Advice;

/// A command was accepted and cannot be lost any more.
pub const ACCEPTED: &str = "kz.tekseru.accepted.v1";
/// One document was examined and judged.
pub const DOCUMENT_VERDICT: &str = "kz.tekseru.document.verdict.v1";
/// An application has a new revision of its verdict.
pub const APPLICATION_VERDICT: &str = "kz.tekseru.application.verdict.v1";
/// A message cannot be used; its portal has to correct it.
pub const REJECTED: &str = "kz.tekseru.rejected.v1";
/// Every attempt failed because of a technical fault; people check instead.
pub const FAILED: &str = "kz.tekseru.failed.v1";
/// The authority's time to answer is about to end, or has ended.
pub const DEADLINE: &str = "kz.tekseru.deadline.approaching.v1";

/// The types of all events.
pub const EVENTS: [&str; 6] =
    [ACCEPTED, DOCUMENT_VERDICT, APPLICATION_VERDICT, REJECTED, FAILED, DEADLINE];

/// The data of `accepted`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Accepted {
    /// Type of the command.
    pub command: String,
    /// The application.
    pub application_id: String,
    /// Number of documents that will be examined because of it.
    pub documents: u32,
}

/// The data of `document.verdict`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentVerdictEvent {
    /// The application.
    pub application_id: String,
    /// The document.
    pub document_id: String,
    /// Its declared kind.
    pub kind: Kind,
    /// Its outcome.
    pub outcome: Status,
    /// Codes of every check that did not simply pass, sorted.
    pub reason_codes: Vec<Code>,
    /// SHA-256 of the examined bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Digest of the body of the verdict with this outcome.
    pub digest: String,
    /// Revision of that verdict.
    pub revision: u32,
    /// Whether its application is known; until then the document is judged alone.
    pub application_known: bool,
}

/// The data of `application.verdict`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ApplicationVerdictEvent {
    /// The application.
    pub application_id: String,
    /// Its stage.
    pub stage: String,
    /// Counts from 1; a higher one replaces a lower one, in whatever order they arrive.
    pub revision: u32,
    /// Whether every listed document has its final outcome.
    pub complete: bool,
    /// The worst of its required checks.
    pub outcome: Status,
    /// What to do first; never approves and never refuses.
    pub advice: Advice,
    /// Codes of every check that did not simply pass, sorted.
    pub reason_codes: Vec<Code>,
    /// Digest of the body.
    pub digest: String,
    /// Id of the programme that was applied.
    pub programme: String,
    /// Day of the judgement.
    pub on: Date,
    /// Last day of the authority's review.
    pub due: Date,
    /// The full verdict.
    pub verdict: Object,
    /// The report for the reviewer.
    pub report: Object,
}

/// The data of `rejected`: a problem in the shape of RFC 9457.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// The kind of problem, as a URI.
    #[serde(rename = "type")]
    pub kind: String,
    /// The same in words.
    pub title: String,
    /// What the portal can do.
    pub detail: String,
    /// `source` and `id` of the message, if they could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// All faults with their places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Fault>,
    /// Whether the same message may be accepted later.
    pub retryable: bool,
}

/// The data of `failed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Failed {
    /// The application, if the message names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_id: Option<String>,
    /// The document, if the message names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_id: Option<String>,
    /// The reason, as a code for operators.
    pub code: String,
    /// Number of attempts.
    pub attempts: u32,
}

/// The data of `deadline.approaching`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Deadline {
    /// The application.
    pub application_id: String,
    /// Last day of the authority's review.
    pub due: Date,
    /// Days until then; negative if it has passed.
    pub days_left: i64,
}

impl EventData for Accepted {
    const TYPE: &'static str = ACCEPTED;

    fn subject(&self) -> Option<String> {
        Some(self.application_id.clone())
    }
}

impl EventData for DocumentVerdictEvent {
    const TYPE: &'static str = DOCUMENT_VERDICT;

    fn subject(&self) -> Option<String> {
        Some(format!("{}/{}", self.application_id, self.document_id))
    }
}

impl EventData for ApplicationVerdictEvent {
    const TYPE: &'static str = APPLICATION_VERDICT;

    fn subject(&self) -> Option<String> {
        Some(self.application_id.clone())
    }
}

impl EventData for Problem {
    const TYPE: &'static str = REJECTED;

    /// A problem does not name its application; the message that has it may.
    fn subject(&self) -> Option<String> {
        None
    }
}

impl EventData for Failed {
    const TYPE: &'static str = FAILED;

    fn subject(&self) -> Option<String> {
        let application_id = self.application_id.as_ref()?;
        Some(match &self.document_id {
            Some(document_id) => format!("{application_id}/{document_id}"),
            None => application_id.clone(),
        })
    }
}

impl EventData for Deadline {
    const TYPE: &'static str = DEADLINE;

    fn subject(&self) -> Option<String> {
        Some(self.application_id.clone())
    }
}

impl Deadline {
    /// Creates the event. There is one event for each day of reminder: ten days
    /// and three days before the deadline, and after it.
    #[must_use]
    pub fn into_event(self, time: Timestamp) -> CloudEvent<Self> {
        let reminder = match self.days_left {
            ..0 => "overdue",
            0..=3 => "3",
            _ => "10",
        };
        let (application_id, due) = (self.application_id.clone(), self.due.to_string());
        CloudEvent::from_data(self, &[&application_id, &due, reminder], time)
    }
}

/// An event whose data matches its type.
#[derive(Debug)]
pub struct Event {
    /// The event, with its data as JSON.
    pub envelope: CloudEvent<Value>,
    /// Its type.
    pub kind: String,
}

/// Parses an event that Tekseru sends, as a portal does.
///
/// # Errors
/// When it is not in a published form.
pub fn parse(bytes: &[u8]) -> Result<Event, serde_json::Error> {
    let envelope: CloudEvent<Value> = serde_json::from_slice(bytes)?;
    let data = envelope.data.clone();
    match envelope.kind.as_str() {
        ACCEPTED => check_data::<Accepted>(data),
        DOCUMENT_VERDICT => check_data::<DocumentVerdictEvent>(data),
        APPLICATION_VERDICT => check_data::<ApplicationVerdictEvent>(data),
        REJECTED => check_data::<Problem>(data),
        FAILED => check_data::<Failed>(data),
        DEADLINE => check_data::<Deadline>(data),
        _ => Err(serde::de::Error::custom("not a type of event")),
    }?;
    let kind = envelope.kind.clone();
    Ok(Event { envelope, kind })
}

fn check_data<D: DeserializeOwned>(data: Value) -> Result<(), serde_json::Error> {
    serde_json::from_value::<D>(data).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::message::stable_id;

    #[test]
    fn a_reminder_has_one_id_for_each_day_of_reminder() {
        let id = |days_left| {
            let due = jiff::civil::date(2026, 2, 15);
            let deadline = Deadline { application_id: "A-1".to_owned(), due, days_left };
            deadline.into_event(Timestamp::UNIX_EPOCH).id
        };
        let expected = |reminder| stable_id(&[DEADLINE, "A-1", "2026-02-15", reminder]);
        for (days_left, reminder) in
            [(10, "10"), (4, "10"), (3, "3"), (0, "3"), (-1, "overdue"), (-30, "overdue")]
        {
            assert_eq!(id(days_left), expected(reminder), "{days_left}");
        }
    }

    #[test]
    fn an_event_has_type_subject_and_routing_key_of_its_data() {
        let failed = Failed {
            application_id: Some("A-1".to_owned()),
            document_id: Some("D-1".to_owned()),
            code: "DISK".to_owned(),
            attempts: 8,
        };
        let event = CloudEvent::from_data(failed, &["row"], Timestamp::UNIX_EPOCH);
        assert_eq!((event.kind.as_str(), event.subject.as_deref()), (FAILED, Some("A-1/D-1")));
        assert_eq!(event.id, stable_id(&[FAILED, "row"]));
        assert_eq!(Failed::routing_key(), "failed");
        assert_eq!(DocumentVerdictEvent::routing_key(), "document.verdict");
    }
}
