//! What a portal asks for, parsed at the door.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::events::{Fault, Problem};
use super::message::{CloudEvent, MAX_MESSAGE, SOURCE, SPEC_VERSION};
use crate::application::{Application, Document, is_id};
use crate::digest::sha256;
use crate::hidden::hidden_debug;

/// One document, before or beside its application.
pub const DOCUMENT_SUBMITTED: &str = "kz.tekseru.document.submitted.v1";
/// A whole application.
pub const APPLICATION_SUBMITTED: &str = "kz.tekseru.application.submitted.v1";
/// A document in place of another.
pub const DOCUMENT_REPLACED: &str = "kz.tekseru.document.replaced.v1";
/// An application is to be forgotten.
pub const APPLICATION_WITHDRAWN: &str = "kz.tekseru.application.withdrawn.v1";
/// An application is to be judged again.
pub const RECHECK_REQUESTED: &str = "kz.tekseru.recheck.requested.v1";

/// Every command that is understood.
pub const COMMANDS: [&str; 5] = [
    DOCUMENT_SUBMITTED,
    APPLICATION_SUBMITTED,
    DOCUMENT_REPLACED,
    APPLICATION_WITHDRAWN,
    RECHECK_REQUESTED,
];

/// The data of `document.submitted`. No personal data: a document may be
/// checked while its applicant still types.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentSubmitted {
    /// The application that it belongs or will belong to.
    pub application_id: String,
    /// Which list of documents applies.
    pub stage: String,
    /// The upload, in the object store.
    pub document: Document,
}

/// The data of `document.replaced`.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentReplaced {
    /// The application.
    pub application_id: String,
    /// Which list of documents applies.
    pub stage: String,
    /// Id of the document that no longer counts.
    pub replaces: String,
    /// The upload in its place, in the object store.
    pub document: Document,
}

/// The data of `application.withdrawn` and of `recheck.requested`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ApplicationRef {
    /// The application.
    pub application_id: String,
}

/// What is asked for.
#[derive(Clone, PartialEq)]
pub enum Command {
    /// Examine one document.
    DocumentSubmitted(DocumentSubmitted),
    /// Take an application and examine what it lists.
    ApplicationSubmitted(Application),
    /// Examine a document in place of another.
    DocumentReplaced(DocumentReplaced),
    /// Forget an application.
    ApplicationWithdrawn(ApplicationRef),
    /// Judge an application again, by today's rules.
    RecheckRequested(ApplicationRef),
}

hidden_debug!(DocumentSubmitted, DocumentReplaced, Command);

impl Command {
    /// The application that it is about.
    #[must_use]
    pub fn application_id(&self) -> &str {
        match self {
            Self::DocumentSubmitted(submitted) => &submitted.application_id,
            Self::ApplicationSubmitted(application) => &application.application_id,
            Self::DocumentReplaced(replaced) => &replaced.application_id,
            Self::ApplicationWithdrawn(of) | Self::RecheckRequested(of) => &of.application_id,
        }
    }
}

/// A command with what its envelope says.
#[derive(Debug)]
pub struct Received {
    /// Unique within `source`.
    pub id: String,
    /// Who asks.
    pub source: String,
    /// The type, one of [`COMMANDS`].
    pub kind: String,
    /// When it was said.
    pub time: Option<Timestamp>,
    /// SHA-256 of type and data: the same id with another one is a conflict.
    pub sha256: String,
    /// What a portal's command made us say to ourselves: its id.
    causation: Option<String>,
    /// W3C trace context as the body has it, in whatever form.
    pub traceparent: Option<String>,
    /// W3C trace state as the body has it, in whatever form.
    pub tracestate: Option<String>,
    /// What is asked for.
    pub command: Command,
}

impl Received {
    /// Id of the portal's command that is answered: its own, or that of the
    /// application whose document we enqueued.
    #[must_use]
    pub fn answers(&self) -> &str {
        let ours = self.causation.as_deref().filter(|_| self.source == SOURCE);
        ours.unwrap_or(&self.id)
    }
}

/// A message that cannot be used, and as much of it as could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Its id, where it has one.
    pub id: Option<String>,
    /// Its source, where it has one.
    pub source: Option<String>,
    /// The application, where it names one.
    pub application_id: Option<String>,
    /// Why, for the portal.
    pub problem: Problem,
}

/// Reads and checks one message.
///
/// # Errors
/// Every fault with its place; no value is quoted.
pub fn parse(untrusted: &[u8]) -> Result<Received, Box<Rejection>> {
    if untrusted.len() > MAX_MESSAGE {
        let rule = format!("at most {MAX_MESSAGE} bytes; give documents by `object`");
        return Err(unreadable("message-too-long", "The message is too long", &rule));
    }
    let value: Value = serde_json::from_slice(untrusted).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        unreadable("not-json", "The message is not JSON", &place)
    })?;
    let said = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let rejection = |problem| {
        let application_id = value.pointer("/data/application_id").and_then(Value::as_str);
        let application_id = application_id.filter(|id| is_id(id)).map(str::to_owned);
        Box::new(Rejection {
            id: said("id").filter(|id| fits(id)),
            source: said("source").filter(|source| fits(source)),
            application_id,
            problem,
        })
    };
    let event: CloudEvent<Value> =
        read(&value, "").map_err(|fault| rejection(invalid(vec![fault])))?;
    let faults = envelope_faults(&event);
    if !faults.is_empty() {
        return Err(rejection(invalid(faults)));
    }
    let sha256 = sha256(format!("{}\n{}", event.kind, sorted(&event.data)).as_bytes());
    let command = command(&event).map_err(|problem| rejection(*problem))?;
    let CloudEvent { id, source, kind, time, causationid, traceparent, tracestate, .. } = event;
    let causation = causationid.filter(|id| fits(id));
    Ok(Received { id, source, kind, time, sha256, causation, traceparent, tracestate, command })
}

fn command(event: &CloudEvent<Value>) -> Result<Command, Box<Problem>> {
    let data = &event.data;
    let shaped = |fault| Box::new(invalid(vec![fault]));
    let (command, faults) = match event.kind.as_str() {
        DOCUMENT_SUBMITTED => {
            let said: DocumentSubmitted = read(data, "/data").map_err(shaped)?;
            let faults = document_faults(&said.application_id, &said.document);
            (Command::DocumentSubmitted(said), faults)
        }
        DOCUMENT_REPLACED => {
            let said: DocumentReplaced = read(data, "/data").map_err(shaped)?;
            let mut faults = document_faults(&said.application_id, &said.document);
            faults.extend(id_fault(&said.replaces, "/data/replaces"));
            (Command::DocumentReplaced(said), faults)
        }
        APPLICATION_SUBMITTED => {
            let said: Application = read(data, "/data").map_err(shaped)?;
            let faults = application_faults(&said);
            (Command::ApplicationSubmitted(said), faults)
        }
        APPLICATION_WITHDRAWN | RECHECK_REQUESTED => {
            let said: ApplicationRef = read(data, "/data").map_err(shaped)?;
            let faults = id_fault(&said.application_id, "/data/application_id");
            let withdrawn = event.kind == APPLICATION_WITHDRAWN;
            let command =
                if withdrawn { Command::ApplicationWithdrawn } else { Command::RecheckRequested };
            (command(said), faults.into_iter().collect())
        }
        _ => return Err(Box::new(unknown_type())),
    };
    if faults.is_empty() { Ok(command) } else { Err(Box::new(invalid(faults))) }
}

/// Longest id and source; both are kept as keys.
const MAX_NAME: usize = 256;

fn fits(name: &str) -> bool {
    (1..=MAX_NAME).contains(&name.len()) && !name.chars().any(char::is_control)
}

fn envelope_faults<D>(event: &CloudEvent<D>) -> Vec<Fault> {
    let mut faults = Vec::new();
    if event.specversion != SPEC_VERSION {
        faults.push(fault("/specversion", "is 1.0"));
    }
    for (pointer, name) in [("/id", &event.id), ("/source", &event.source)] {
        if !fits(name) {
            faults.push(fault(pointer, &format!("1 to {MAX_NAME} characters, none of control")));
        }
    }
    faults
}

fn document_faults(application_id: &str, document: &Document) -> Vec<Fault> {
    // the checks of a submission hold for each of its documents
    let alone = Application {
        application_id: application_id.to_owned(),
        stage: String::new(),
        accepted_at: None,
        applicant: Default::default(),
        documents: vec![document.clone()],
    };
    let faults = application_faults(&alone).into_iter();
    faults
        .map(|fault| Fault { pointer: fault.pointer.replace("/documents/0", "/document"), ..fault })
        .collect()
}

fn application_faults(application: &Application) -> Vec<Fault> {
    let mut faults: Vec<Fault> = application
        .problems()
        .iter()
        .map(|problem| {
            let (pointer, detail) = problem.split_once(": ").unwrap_or(("", problem));
            fault(&format!("/data{pointer}"), detail)
        })
        .collect();
    for (i, document) in application.documents.iter().enumerate() {
        if document.file.is_some() {
            let pointer = format!("/data/documents/{i}/file");
            faults.push(fault(&pointer, "no files in messages; say `object`"));
        }
    }
    faults
}

fn id_fault(id: &str, pointer: &str) -> Option<Fault> {
    (!is_id(id)).then(|| fault(pointer, crate::application::ID_RULE))
}

fn read<'a, D: Deserialize<'a>>(value: &'a Value, at: &str) -> Result<D, Fault> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        // the parser's own words quote values, so only its place is told
        let place = error.path().iter().fold(at.to_owned(), |place, segment| match segment {
            serde_path_to_error::Segment::Seq { index } => format!("{place}/{index}"),
            serde_path_to_error::Segment::Map { key } => format!("{place}/{key}"),
            _ => place,
        });
        fault(&place, "missing, or not as the schema asks")
    })
}

fn sorted(value: &Value) -> String {
    let mut value = value.clone();
    value.sort_all_objects();
    value.to_string()
}

fn fault(pointer: &str, detail: &str) -> Fault {
    Fault { pointer: pointer.to_owned(), detail: detail.to_owned() }
}

fn problem(kind: &str, title: &str, detail: &str) -> Problem {
    Problem {
        kind: format!("urn:tekseru:problem:{kind}"),
        title: title.to_owned(),
        detail: detail.to_owned(),
        instance: None,
        errors: Vec::new(),
        retryable: false,
    }
}

/// Most faults that are told of one message: whoever mends these knows the rest.
const MAX_FAULTS: usize = 100;

fn invalid(mut errors: Vec<Fault>) -> Problem {
    if let Some(more) = errors.len().checked_sub(MAX_FAULTS).filter(|more| *more > 0) {
        errors.truncate(MAX_FAULTS);
        errors.push(fault("", &format!("and {more} faults more")));
    }
    let detail = "mend what `errors` names and send it under a new id; `tekseru contract check` tries a message offline";
    Problem {
        errors,
        ..problem("invalid-message", "The message is not in the published form", detail)
    }
}

fn unknown_type() -> Problem {
    let detail = format!("the types that are understood are {}", COMMANDS.join(", "));
    let errors = vec![fault("/type", "a type of the contract")];
    Problem { errors, ..problem("unknown-type", "The type of the message is not known", &detail) }
}

fn unreadable(kind: &str, title: &str, detail: &str) -> Box<Rejection> {
    let problem = problem(kind, title, detail);
    Box::new(Rejection { id: None, source: None, application_id: None, problem })
}

impl Rejection {
    /// The same id came before with other content.
    #[must_use]
    pub fn conflict(received: &Received) -> Self {
        let detail =
            "this id was used before with another content; send a new id for a new message";
        Self::of(received, problem("id-conflict", "The id was used before", detail))
    }

    /// Its application was withdrawn before it came.
    #[must_use]
    pub fn withdrawn(received: &Received) -> Self {
        let detail = "nothing is kept of it, and its id is not used again; what is submitted anew needs a new application_id";
        Self::of(received, problem("withdrawn", "The application was withdrawn", detail))
    }

    /// The message is in the published form and cannot be used as it is.
    #[must_use]
    pub fn unusable(received: &Received, pointer: &str, rule: &str) -> Self {
        Self::of(received, invalid(vec![fault(pointer, rule)]))
    }

    fn of(received: &Received, problem: Problem) -> Self {
        Self {
            id: Some(received.id.clone()),
            source: Some(received.source.clone()),
            application_id: Some(received.command.application_id().to_owned()),
            problem,
        }
    }
}

#[cfg(test)]
mod tests;
