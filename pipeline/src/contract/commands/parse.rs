//! Parses and checks one message of a portal.

use serde::Deserialize;
use serde_json::Value;

use super::command::{
    APPLICATION_SUBMITTED, APPLICATION_WITHDRAWN, ApplicationRef, Command, DOCUMENT_REPLACED,
    DOCUMENT_SUBMITTED, DocumentReplaced, DocumentSubmitted, RECHECK_REQUESTED, ReceivedCommand,
};
use super::rejection::{Cause, Rejection};
use crate::application::{Application, Document, Fault, id_fault, is_id};
use crate::contract::message::{CloudEvent, MAX_MESSAGE, SPEC_VERSION};
use crate::digest::sha256;

/// Parses and checks one message.
///
/// # Errors
/// Every fault with its place; no value is quoted.
pub fn parse(untrusted: &[u8]) -> Result<ReceivedCommand, Box<Rejection>> {
    if untrusted.len() > MAX_MESSAGE {
        return Err(Box::new(Rejection::unreadable(Cause::too_long())));
    }
    let value: Value = serde_json::from_slice(untrusted)
        .map_err(|error| Box::new(Rejection::unreadable(Cause::not_json(&error))))?;
    let event = envelope(&value).map_err(|faults| rejection(&value, Cause::invalid(faults)))?;
    let sha256 = sha256(format!("{}\n{}", event.kind, sorted(&event.data)).as_bytes());
    let command = command(&event).map_err(|cause| rejection(&value, cause))?;
    let CloudEvent { id, source, kind, time, causationid, traceparent, tracestate, .. } = event;
    let causation = causationid.filter(|id| is_name(id));
    Ok(ReceivedCommand {
        id,
        source,
        kind,
        time,
        sha256,
        causation,
        traceparent,
        tracestate,
        command,
    })
}

/// Rejects a message with the attributes that can be read all the same.
fn rejection(message: &Value, cause: Cause) -> Box<Rejection> {
    let text = |pointer| message.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    Box::new(Rejection {
        id: text("/id").filter(|id| is_name(id)),
        source: text("/source").filter(|source| is_name(source)),
        application_id: text("/data/application_id").filter(|id| is_id(id)),
        ..Rejection::unreadable(cause)
    })
}

fn envelope(message: &Value) -> Result<CloudEvent<Value>, Vec<Fault>> {
    let event: CloudEvent<Value> = deserialize(message, "").map_err(|fault| vec![fault])?;
    let mut faults = Vec::new();
    if event.specversion != SPEC_VERSION {
        faults.push(Fault::new("/specversion", "is 1.0"));
    }
    for (pointer, name) in [("/id", &event.id), ("/source", &event.source)] {
        if !is_name(name) {
            let rule = format!("1 to {MAX_NAME} characters, no control characters");
            faults.push(Fault::new(pointer, &rule));
        }
    }
    if faults.is_empty() { Ok(event) } else { Err(faults) }
}

/// Longest id and source; both are stored as keys.
const MAX_NAME: usize = 256;

fn is_name(text: &str) -> bool {
    (1..=MAX_NAME).contains(&text.len()) && !text.chars().any(char::is_control)
}

fn command(event: &CloudEvent<Value>) -> Result<Command, Cause> {
    let data = &event.data;
    let invalid = |fault| Cause::invalid(vec![fault]);
    let (command, faults) = match event.kind.as_str() {
        DOCUMENT_SUBMITTED => {
            let submitted: DocumentSubmitted = deserialize(data, "/data").map_err(invalid)?;
            let faults = document_faults(&submitted.application_id, &submitted.document);
            (Command::DocumentSubmitted(submitted), faults)
        }
        DOCUMENT_REPLACED => {
            let replaced: DocumentReplaced = deserialize(data, "/data").map_err(invalid)?;
            let mut faults = document_faults(&replaced.application_id, &replaced.document);
            faults.extend(id_fault(&replaced.replaces, "/data/replaces"));
            (Command::DocumentReplaced(replaced), faults)
        }
        APPLICATION_SUBMITTED => {
            let application: Application = deserialize(data, "/data").map_err(invalid)?;
            let faults = application_faults(&application);
            (Command::ApplicationSubmitted(application), faults)
        }
        APPLICATION_WITHDRAWN | RECHECK_REQUESTED => {
            let application: ApplicationRef = deserialize(data, "/data").map_err(invalid)?;
            let fault = id_fault(&application.application_id, "/data/application_id");
            let is_withdrawn = event.kind == APPLICATION_WITHDRAWN;
            let command = if is_withdrawn {
                Command::ApplicationWithdrawn
            } else {
                Command::RecheckRequested
            };
            (command(application), fault.into_iter().collect())
        }
        _ => return Err(Cause::unknown_type()),
    };
    if faults.is_empty() { Ok(command) } else { Err(Cause::invalid(faults)) }
}

fn document_faults(application_id: &str, document: &Document) -> Vec<Fault> {
    let pointer = "/data/document";
    let mut faults: Vec<Fault> =
        id_fault(application_id, "/data/application_id").into_iter().collect();
    faults.extend(document.faults(pointer));
    faults.extend(file_fault(document, pointer));
    faults
}

fn application_faults(application: &Application) -> Vec<Fault> {
    let mut faults = application.faults("/data");
    for (i, document) in application.documents.iter().enumerate() {
        faults.extend(file_fault(document, &format!("/data/documents/{i}")));
    }
    faults
}

fn file_fault(document: &Document, pointer: &str) -> Option<Fault> {
    let rule = "a message has no files; use `object`";
    document.file.is_some().then(|| Fault::new(&format!("{pointer}/file"), rule))
}

fn deserialize<'a, D: Deserialize<'a>>(value: &'a Value, pointer: &str) -> Result<D, Fault> {
    // a list of values in the order of the members would be accepted too
    if !value.is_object() {
        return Err(Fault::new(pointer, "is a JSON object"));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        // the parser's own message quotes values, so only its place is used
        let place = error.path().iter().fold(pointer.to_owned(), |place, segment| match segment {
            serde_path_to_error::Segment::Seq { index } => format!("{place}/{index}"),
            serde_path_to_error::Segment::Map { key } => format!("{place}/{key}"),
            _ => place,
        });
        // the names of missing members are ours
        let problem = error.inner().to_string();
        let missing = problem.strip_prefix("missing field `").and_then(|rest| rest.split_once('`'));
        match missing {
            Some((member, _)) => Fault::new(&format!("{place}/{member}"), "is required"),
            None => Fault::new(&place, "is not as the schema requires"),
        }
    })
}

fn sorted(value: &Value) -> String {
    let mut value = value.clone();
    value.sort_all_objects();
    value.to_string()
}
