//! A dead letter, its states, and the filter that selects them.

use jiff::Timestamp;

use crate::application_key::ApplicationKey;
use crate::portal::Portal;
use crate::registry::debug_fields::debug_fields;

/// A message that no worker could process.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct DeadLetter {
    /// Derived from the message and its failure, so that storing it twice stores it once.
    pub(crate) id: String,
    /// Its portal, if the broker has verified one.
    pub(crate) portal: Option<Portal>,
    /// Queue that it was consumed from.
    pub(crate) queue: String,
    /// Routing key that it was published with.
    pub(crate) routing_key: String,
    /// Its type, where it has one.
    pub(crate) message_type: Option<String>,
    /// Its id, where it has one.
    pub(crate) message_id: Option<String>,
    /// The application, where it names one.
    pub(crate) application: Option<ApplicationKey>,
    /// The document, where it names one.
    pub(crate) document_id: Option<String>,
    /// Code of the failure, for operators.
    pub(crate) code: String,
    /// Number of the last attempt.
    pub(crate) attempt: u32,
    /// Its headers, JSON.
    pub(crate) headers: String,
    /// Its body, as received.
    pub(crate) body: Vec<u8>,
    /// When it was dead-lettered.
    pub(crate) dead_lettered_at: Timestamp,
    /// Its state.
    pub(crate) state: DeadLetterState,
    /// When it was resolved.
    pub(crate) resolved_at: Option<Timestamp>,
    /// Who resolved it.
    pub(crate) resolved_by: Option<String>,
}

debug_fields!(DeadLetter: id, queue, application, document_id, code, attempt, dead_lettered_at, state);

/// A dead letter in a list, without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ListedLetter {
    /// As in [`DeadLetter`], like all but `bytes`.
    pub(crate) id: String,
    pub(crate) portal: Option<Portal>,
    pub(crate) queue: String,
    pub(crate) routing_key: String,
    pub(crate) message_type: Option<String>,
    pub(crate) message_id: Option<String>,
    pub(crate) application: Option<ApplicationKey>,
    pub(crate) document_id: Option<String>,
    pub(crate) code: String,
    pub(crate) attempt: u32,
    /// Length of its body.
    pub(crate) bytes: u64,
    pub(crate) dead_lettered_at: Timestamp,
    pub(crate) state: DeadLetterState,
    pub(crate) resolved_at: Option<Timestamp>,
    pub(crate) resolved_by: Option<String>,
}

/// The state of a dead letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeadLetterState {
    /// It waits for an operator.
    Waiting,
    /// It was published again.
    Replayed,
    /// It was discarded.
    Discarded,
}

/// How an operator resolves a dead letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resolution {
    /// It is published again.
    Replayed,
    /// It is discarded.
    Discarded,
}

impl DeadLetterState {
    /// Returns the name of the state.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Replayed => "replayed",
            Self::Discarded => "discarded",
        }
    }

    /// Returns the state of a name.
    #[must_use]
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Waiting, Self::Replayed, Self::Discarded].into_iter().find(|s| s.name() == name)
    }
}

impl From<Resolution> for DeadLetterState {
    fn from(resolution: Resolution) -> Self {
        match resolution {
            Resolution::Replayed => Self::Replayed,
            Resolution::Discarded => Self::Discarded,
        }
    }
}

/// Selects dead letters; an absent condition is true for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DeadLetterFilter {
    /// State.
    pub(crate) state: Option<DeadLetterState>,
    /// Code of the failure.
    pub(crate) code: Option<String>,
    /// Queue.
    pub(crate) queue: Option<String>,
    /// Application.
    pub(crate) application: Option<ApplicationKey>,
    /// Dead-lettered at this instant or later.
    pub(crate) since: Option<Timestamp>,
    /// Dead-lettered before this instant.
    pub(crate) until: Option<Timestamp>,
}
