//! The commands of a portal and their data.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::application::{Application, Document};
use crate::contract::message::SOURCE;
use crate::hidden::hidden_debug;

/// Submits one document, before or beside its application.
pub const DOCUMENT_SUBMITTED: &str = "kz.tekseru.document.submitted.v1";
/// Submits a whole application.
pub const APPLICATION_SUBMITTED: &str = "kz.tekseru.application.submitted.v1";
/// Replaces one document by another.
pub const DOCUMENT_REPLACED: &str = "kz.tekseru.document.replaced.v1";
/// Withdraws an application.
pub const APPLICATION_WITHDRAWN: &str = "kz.tekseru.application.withdrawn.v1";
/// Requests that an application is judged again.
pub const RECHECK_REQUESTED: &str = "kz.tekseru.recheck.requested.v1";

/// The types of all commands.
pub const COMMANDS: [&str; 5] = [
    DOCUMENT_SUBMITTED,
    APPLICATION_SUBMITTED,
    DOCUMENT_REPLACED,
    APPLICATION_WITHDRAWN,
    RECHECK_REQUESTED,
];

/// The data of `document.submitted`. It holds no personal data: a document may
/// be checked while its applicant still fills in the form.
///
/// A document should name its bytes, by `sha256` or by the object's `version_id`. A new
/// command (another `id`) for a document that names neither makes the object be fetched
/// again: an upload that was overwritten gets a new verdict, the same bytes get the same.
/// A delivery of the same command does not. Bytes with another hash than `sha256` are
/// reported as `FILE_HASH_MISMATCH`.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentSubmitted {
    /// The application to which the document belongs or will belong.
    pub application_id: String,
    /// The stage of the programme whose list of documents applies.
    pub stage: String,
    /// The upload, in the object store.
    pub document: Document,
}

/// The data of `document.replaced`.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentReplaced {
    /// The application.
    pub application_id: String,
    /// The stage of the programme whose list of documents applies.
    pub stage: String,
    /// Id of the document that is replaced.
    pub replaces: String,
    /// The new upload, in the object store.
    pub document: Document,
}

/// The data of `application.withdrawn` and of `recheck.requested`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ApplicationRef {
    /// The application.
    pub application_id: String,
}

/// One command with its data.
#[derive(Clone, PartialEq)]
pub enum Command {
    /// Examine one document.
    DocumentSubmitted(DocumentSubmitted),
    /// Accept an application and examine every document that it lists.
    ApplicationSubmitted(Application),
    /// Examine a document in place of another.
    DocumentReplaced(DocumentReplaced),
    /// Delete an application and everything that was made from it.
    ApplicationWithdrawn(ApplicationRef),
    /// Judge an application again, by the rules of today.
    RecheckRequested(ApplicationRef),
}

hidden_debug!(DocumentSubmitted, DocumentReplaced, Command);

impl Command {
    /// Returns the id of the application that the command is about.
    #[must_use]
    pub fn application_id(&self) -> &str {
        match self {
            Self::DocumentSubmitted(submitted) => &submitted.application_id,
            Self::ApplicationSubmitted(application) => &application.application_id,
            Self::DocumentReplaced(replaced) => &replaced.application_id,
            Self::ApplicationWithdrawn(application) | Self::RecheckRequested(application) => {
                &application.application_id
            }
        }
    }
}

/// A command together with the attributes of its message.
#[derive(Debug)]
pub struct ReceivedCommand {
    /// Unique within `source`.
    pub id: String,
    /// The sender.
    pub source: String,
    /// The type, one of [`COMMANDS`].
    pub kind: String,
    /// When it was sent.
    pub time: Option<Timestamp>,
    /// SHA-256 of type and data. The same id with another SHA-256 is a conflict.
    pub sha256: String,
    /// Id of the portal's command because of which Tekseru sent this command to itself.
    pub(super) causation: Option<String>,
    /// W3C trace context as in the message, not checked.
    pub traceparent: Option<String>,
    /// W3C trace state as in the message, not checked.
    pub tracestate: Option<String>,
    /// The command itself.
    pub command: Command,
}

impl ReceivedCommand {
    /// Returns the id of the portal's command that is answered: the id of this
    /// command, or the id of the application for which Tekseru sent it to itself.
    #[must_use]
    pub fn answered_command(&self) -> &str {
        let ours = self.causation.as_deref().filter(|_| self.source == SOURCE);
        ours.unwrap_or(&self.id)
    }

    /// Whether an operator has a document examined again: Tekseru sent the command to
    /// itself, and not because of a command of a portal. Nobody says that the upload is
    /// another one, so what is known of it stands until the new examination is stored.
    #[must_use]
    pub fn is_reexamination(&self) -> bool {
        self.source == SOURCE && self.causation.is_none() && self.kind == DOCUMENT_SUBMITTED
    }
}
