//! A dead letter, and what is asked of them.

use jiff::Timestamp;

use crate::registry::record::shows;

/// A message that was given up.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct DeadLetter {
    /// The same for the same death, so that burying it twice is burying it once.
    pub(crate) id: String,
    /// Where it died.
    pub(crate) queue: String,
    /// Where it was sent to.
    pub(crate) routing_key: String,
    /// Its type, where it has one.
    pub(crate) message_type: Option<String>,
    /// Its id, where it has one.
    pub(crate) message_id: Option<String>,
    /// The application, where it names one.
    pub(crate) application_id: Option<String>,
    /// The document, where it names one.
    pub(crate) document_id: Option<String>,
    /// Why, for operators.
    pub(crate) code: String,
    /// How often it was tried.
    pub(crate) attempt: u32,
    /// As JSON.
    pub(crate) headers: String,
    /// As it came.
    pub(crate) body: Vec<u8>,
    /// When.
    pub(crate) dead_lettered_at: Timestamp,
    /// What became of it.
    pub(crate) state: DeadLetterState,
    /// When it was settled.
    pub(crate) resolved_at: Option<Timestamp>,
    /// By whom.
    pub(crate) resolved_by: Option<String>,
}

shows!(DeadLetter: id, queue, application_id, document_id, code, attempt, dead_lettered_at, state);

/// What became of a dead letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeadLetterState {
    /// Nothing yet.
    Waiting,
    /// It was sent again.
    Replayed,
    /// It was not worth it.
    Discarded,
}

/// How one is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resolution {
    /// Sent again.
    Replayed,
    /// Given up.
    Discarded,
}

impl DeadLetterState {
    /// The word for it.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Replayed => "replayed",
            Self::Discarded => "discarded",
        }
    }

    /// The state of that word.
    #[must_use]
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Waiting, Self::Replayed, Self::Discarded].into_iter().find(|s| s.name() == name)
    }
}

impl From<Resolution> for DeadLetterState {
    fn from(settled: Resolution) -> Self {
        match settled {
            Resolution::Replayed => Self::Replayed,
            Resolution::Discarded => Self::Discarded,
        }
    }
}

/// Which dead letters are meant; what is none holds for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DeadLetterFilter {
    /// Whose id begins so.
    pub(crate) id_prefix: Option<String>,
    /// In this state.
    pub(crate) state: Option<DeadLetterState>,
    /// Dead of this.
    pub(crate) code: Option<String>,
    /// Dead there.
    pub(crate) queue: Option<String>,
    /// Of this application.
    pub(crate) application_id: Option<String>,
    /// Dead at this instant or later.
    pub(crate) since: Option<Timestamp>,
    /// Dead before this instant.
    pub(crate) until: Option<Timestamp>,
}
