//! The message that has one document examined.

use pipeline::application::Document;
use pipeline::contract::commands::{DOCUMENT_SUBMITTED, DocumentSubmitted};
use pipeline::contract::message::CloudEvent;

use crate::application_key::ApplicationKey;
use crate::broker::{Lane, Message};
use crate::verdicts::event::EventOrigin;

/// Returns the message that has one document examined, with its routing key. Workers
/// take it as queued by one of them.
pub(crate) fn document_message(
    id: String,
    application: &ApplicationKey,
    stage: &str,
    document: &Document,
    origin: &EventOrigin<'_>,
) -> (String, Message) {
    let data = DocumentSubmitted {
        application_id: application.id().to_owned(),
        stage: stage.to_owned(),
        document: document.clone(),
    };
    let subject = Some(format!("{}/{}", application.id(), document.document_id));
    let event = CloudEvent::new(DOCUMENT_SUBMITTED, id, subject, origin.time, data);
    let mut message = origin.to_message(&origin.add_cause(event));
    message.headers.portal = Some(application.portal().clone());
    message.headers.is_own = true;
    (format!("{}.submitted", Lane::for_kind(document.kind)), message)
}
