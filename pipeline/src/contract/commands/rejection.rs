//! Why a message cannot be used, for its portal and for operators.

use jiff::Timestamp;

use super::command::{COMMANDS, ReceivedCommand};
use crate::application::Fault;
use crate::contract::events::Problem;
use crate::contract::message::{CloudEvent, MAX_MESSAGE};
use crate::digest::sha256;

/// The reasons for which a message is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RejectionKind {
    /// More than [`MAX_MESSAGE`] bytes.
    TooLong,
    /// Not JSON.
    NotJson,
    /// JSON, but not as the contract requires.
    Invalid,
    /// A type that the contract does not have.
    UnknownType,
    /// The id was used before with other content.
    IdConflict,
    /// The application was withdrawn before.
    Withdrawn,
    /// It names what is not of its portal.
    OtherPortal,
}

impl RejectionKind {
    const ALL: [Self; 7] = [
        Self::TooLong,
        Self::NotJson,
        Self::Invalid,
        Self::UnknownType,
        Self::IdConflict,
        Self::Withdrawn,
        Self::OtherPortal,
    ];

    /// Returns the code for operators.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLong | Self::NotJson | Self::Invalid => "MESSAGE_INVALID",
            Self::UnknownType => "MESSAGE_UNKNOWN_TYPE",
            Self::IdConflict => "MESSAGE_ID_CONFLICT",
            Self::Withdrawn => "APPLICATION_WITHDRAWN",
            Self::OtherPortal => "OTHER_PORTAL",
        }
    }

    /// Returns the URI for portals, the `type` of the [`Problem`].
    #[must_use]
    pub fn urn(self) -> &'static str {
        match self {
            Self::TooLong => "urn:tekseru:problem:message-too-long",
            Self::NotJson => "urn:tekseru:problem:not-json",
            Self::Invalid => "urn:tekseru:problem:invalid-message",
            Self::UnknownType => "urn:tekseru:problem:unknown-type",
            Self::IdConflict => "urn:tekseru:problem:id-conflict",
            Self::Withdrawn => "urn:tekseru:problem:withdrawn",
            Self::OtherPortal => "urn:tekseru:problem:other-portal",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::TooLong => "The message is too long",
            Self::NotJson => "The message is not JSON",
            Self::Invalid => "The message is not in the published form",
            Self::UnknownType => "The type of the message is not known",
            Self::IdConflict => "The id was used before",
            Self::Withdrawn => "The application was withdrawn",
            Self::OtherPortal => "The message names what is not of its portal",
        }
    }

    /// Returns whether the message becomes a dead letter after its portal was
    /// answered. A message about a withdrawn application needs no operator.
    #[must_use]
    pub fn is_dead_lettered(self) -> bool {
        self != Self::Withdrawn
    }

    /// Returns whether a dead letter with this code was rejected by a worker,
    /// so that its portal is already answered.
    #[must_use]
    pub fn is_answered(code: &str) -> bool {
        Self::ALL.into_iter().any(|kind| kind.is_dead_lettered() && kind.code() == code)
    }
}

/// A message that cannot be used, with every attribute that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Why it cannot be used.
    pub kind: RejectionKind,
    /// Its id, if it has one.
    pub id: Option<String>,
    /// Its source, if it has one.
    pub source: Option<String>,
    /// The application, if the message names one.
    pub application_id: Option<String>,
    /// The answer to its portal.
    pub problem: Problem,
}

impl Rejection {
    /// Rejects a message whose id came before with other content.
    #[must_use]
    pub fn conflict(received: &ReceivedCommand) -> Self {
        let detail =
            "this id was used before with other content; send a new message under a new id";
        Self::new(received, Cause::new(RejectionKind::IdConflict, detail))
    }

    /// Rejects a message about an application that was withdrawn before.
    #[must_use]
    pub fn withdrawn(received: &ReceivedCommand) -> Self {
        let detail = "its data is deleted and its application_id cannot be used again; a new submission needs a new application_id";
        Self::new(received, Cause::new(RejectionKind::Withdrawn, detail))
    }

    /// Rejects a message that names what belongs to another portal, or to Tekseru.
    #[must_use]
    pub fn other_portal(received: &ReceivedCommand, pointer: &str, rule: &str) -> Self {
        let detail = "a portal has its own user, bucket and source, and can use no other's";
        let cause = Cause::new(RejectionKind::OtherPortal, detail);
        Self::new(received, Cause { errors: vec![Fault::new(pointer, rule)], ..cause })
    }

    /// Rejects a message that is in the published form and cannot be used as it is.
    #[must_use]
    pub fn unusable(received: &ReceivedCommand, pointer: &str, rule: &str) -> Self {
        Self::new(received, Cause::invalid(vec![Fault::new(pointer, rule)]))
    }

    /// Rejects a message of which nothing can be read.
    pub(super) fn unreadable(cause: Cause) -> Self {
        let Cause { kind, detail, errors } = cause;
        let problem = Problem {
            kind: kind.urn().to_owned(),
            title: kind.title().to_owned(),
            detail,
            instance: None,
            errors,
            retryable: false,
        };
        Self { kind, id: None, source: None, application_id: None, problem }
    }

    /// Creates the event that answers a portal's message with this body.
    #[must_use]
    pub fn to_event(&self, portal: &str, body: &[u8], time: Timestamp) -> CloudEvent<Problem> {
        let name = self.source.as_ref().zip(self.id.as_ref());
        let instance = name.map(|(source, id)| format!("{source}#{id}"));
        let problem = Problem { instance, ..self.problem.clone() };
        let event = CloudEvent::from_data(problem, &[portal, self.kind.urn(), &sha256(body)], time);
        CloudEvent { subject: self.application_id.clone(), causationid: self.id.clone(), ..event }
    }

    fn new(received: &ReceivedCommand, cause: Cause) -> Self {
        Self {
            id: Some(received.id.clone()),
            source: Some(received.source.clone()),
            application_id: Some(received.command.application_id().to_owned()),
            ..Self::unreadable(cause)
        }
    }
}

/// Why a message is rejected, without the message's own attributes.
pub(super) struct Cause {
    kind: RejectionKind,
    detail: String,
    errors: Vec<Fault>,
}

/// Most faults in one answer. A portal that corrects these understands the others.
pub(super) const MAX_FAULTS: usize = 100;

impl Cause {
    fn new(kind: RejectionKind, detail: &str) -> Self {
        Self { kind, detail: detail.to_owned(), errors: Vec::new() }
    }

    pub(super) fn too_long() -> Self {
        let detail = format!("at most {MAX_MESSAGE} bytes; send documents as `object`");
        Self::new(RejectionKind::TooLong, &detail)
    }

    pub(super) fn not_json(error: &serde_json::Error) -> Self {
        let place = format!("line {}, column {}", error.line(), error.column());
        Self::new(RejectionKind::NotJson, &place)
    }

    pub(super) fn invalid(mut errors: Vec<Fault>) -> Self {
        if let Some(more) = errors.len().checked_sub(MAX_FAULTS).filter(|more| *more > 0) {
            errors.truncate(MAX_FAULTS);
            errors.push(Fault::new("", &format!("and {more} more faults")));
        }
        let detail = "correct the faults in `errors` and send the message under a new id; `tekseru contract check` checks a message offline";
        Self { errors, ..Self::new(RejectionKind::Invalid, detail) }
    }

    pub(super) fn unknown_type() -> Self {
        let detail = format!("the known types are {}", COMMANDS.join(", "));
        let errors = vec![Fault::new("/type", "a type of the contract")];
        Self { errors, ..Self::new(RejectionKind::UnknownType, &detail) }
    }
}
