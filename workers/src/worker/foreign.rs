//! What a message names that is not of its portal.

use pipeline::application::Document;
use pipeline::contract::commands::{Command, ReceivedCommand, Rejection};
use pipeline::contract::message::SOURCE;

use crate::broker::Headers;

/// Returns the rejection of a message that names another portal in a header, our source, or a
/// bucket other than that of its portal's uploads: a portal cannot make us read objects that
/// it may not read itself.
pub(crate) fn foreign(
    received: &ReceivedCommand,
    headers: &Headers,
    uploads: &str,
) -> Option<Box<Rejection>> {
    let rejection = |pointer: &str, rule: &str| {
        Some(Box::new(Rejection::other_portal(received, pointer, rule)))
    };
    if headers.names_other {
        return rejection("", "no header x-portal: the broker says whose message it is");
    }
    if received.source == SOURCE && !headers.is_own {
        return rejection("/source", "the source of this portal");
    }
    let is_elsewhere = |document: &Document| {
        document.object.as_ref().is_none_or(|object| object.bucket != uploads)
    };
    let place = match &received.command {
        Command::ApplicationSubmitted(application) => {
            let place = application.documents.iter().position(is_elsewhere);
            place.map(|i| format!("/data/documents/{i}"))
        }
        Command::DocumentSubmitted(submitted) => one(is_elsewhere(&submitted.document)),
        Command::DocumentReplaced(replaced) => one(is_elsewhere(&replaced.document)),
        Command::ApplicationWithdrawn(_) | Command::RecheckRequested(_) => None,
    }?;
    let rule = format!("the bucket for uploads of this portal: {uploads}");
    rejection(&format!("{place}/object/bucket"), &rule)
}

fn one(is_elsewhere: bool) -> Option<String> {
    is_elsewhere.then(|| "/data/document".to_owned())
}
