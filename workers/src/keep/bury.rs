//! A dead letter leaves the broker: it is kept for operators, and the reviewer
//! is told that people have to check.

use std::slice;

use jiff::Timestamp;
use pipeline::application::Document;
use pipeline::contract::commands::{self, Command, Received};
use tracing::{Instrument, error, info_span, warn};

use crate::attach;
use crate::broker::{Ending, Exchange, Letter};
use crate::judging::{Cause, JudgingError, revise, unavailable};
use crate::registry::{DocumentRecord, Locked, SeenRecord, State};
use crate::services::Services;
use crate::traces;
use crate::work::{REJECTED, WorkError, intake, rejected, said_at};

use super::is_down;
use super::letter::{document, event, row};

/// What a letter is called that the broker gave up because it was given out too often.
const CRASHES: &str = "DELIVERY_LIMIT";

/// Keeps one letter and says what becomes of it in the broker.
pub(super) async fn letter(letter: Letter, services: &Services) -> Ending {
    let id = letter.message.shown_id().into_owned();
    let span = info_span!("bury", otel.kind = "consumer", messaging.system = "rabbitmq");
    traces::follow(&span, letter.message.headers.trace.as_ref());
    match bury(&letter, services).instrument(span).await {
        Ok(code) => {
            metrics::counter!("tekseru_dead_total", "code" => code.clone()).increment(1);
            warn!(message.id = %id, code, "Buried a dead letter; see `tekseru dead list`");
            Ending::Done
        }
        Err(error) => {
            error!(message.id = %id, %error, "Could not bury a dead letter; it stays in the broker");
            Ending::Retry { code: "KEEPER", count_attempt: false }
        }
    }
}

async fn bury(letter: &Letter, services: &Services) -> Result<String, WorkError> {
    let code = code(letter);
    let received = commands::parse(&letter.message.body);
    let now = Timestamp::now();
    let id = services.registry.bury(&row(letter, &code, &received, now)).await?;
    if REJECTED.contains(&code.as_str()) {
        return Ok(code);
    }
    let told = async {
        match received {
            Ok(received) => {
                tell(services, letter, &received, &id, &code, now).await?;
                attach::pending(services, received.command.application_id()).await
            }
            // no worker had it, or none lived to answer
            Err(rejection) => {
                let answer = rejected(&rejection, &letter.message);
                Ok(services.publisher.publish(Exchange::Verdicts, "rejected", &answer).await?)
            }
        }
    };
    if let Err(error) = told.await {
        if is_down(services, &error).await {
            return Err(error);
        }
        // it is in the registry; one that cannot be told must not hold up the others
        error!(code, reason = error.code(), "A dead letter is kept and could not be told");
    }
    Ok(code)
}

fn code(letter: &Letter) -> String {
    match &letter.origin {
        // its headers are the portal's
        _ if letter.queue == "unrouted" => "UNROUTED".to_owned(),
        Some(origin) if origin.code == "delivery_limit" => CRASHES.to_owned(),
        Some(origin) if !origin.code.is_empty() => origin.code.clone(),
        _ => "UNKNOWN".to_owned(),
    }
}

/// Marks the document, judges, and tells the portal, in one transaction.
async fn tell(
    services: &Services,
    letter: &Letter,
    received: &Received,
    row: &str,
    code: &str,
    now: Timestamp,
) -> Result<(), WorkError> {
    let application_id = received.command.application_id();
    let mut locked = services.registry.lock(application_id, now).await?;
    if locked.record().state == State::Withdrawn {
        return Ok(());
    }
    if let Command::ApplicationSubmitted(application) = &received.command
        && locked.record().application.is_none()
    {
        // it was never taken, and its reviewer is to know of it all the same
        intake::put(&mut locked, application, now, said_at(received, now)).await?;
    }
    let unseen = unseen(&locked, received);
    for document_id in &unseen {
        let seen = SeenRecord::Missing(unavailable(code));
        locked.put_seen(document_id, &seen).await?;
    }
    if !unseen.is_empty() {
        let cause = Cause {
            command: Some(received.answers()),
            document: document(received).map(|document| document.document_id.as_str()),
            trace: letter.message.headers.trace.clone(),
            ..Cause::default()
        };
        match revise(&mut locked, &services.judge(), &cause).await {
            // its portal is told all the same
            Err(JudgingError::Judge(error)) => error!(code, %error, "Nothing could be judged"),
            revised => revised?,
        }
    }
    locked.add_event(&event(letter, received, row, code, now)).await?;
    Ok(locked.commit().await?)
}

/// Documents that this command would have had looked at, and nobody did.
fn unseen(locked: &Locked, received: &Received) -> Vec<String> {
    let meant: &[Document] = match &received.command {
        Command::ApplicationSubmitted(application) => &application.documents,
        _ => document(received).map_or(&[], slice::from_ref),
    };
    let is_open = |known: &&DocumentRecord| {
        !known.replaced && known.seen == SeenRecord::Expected && meant.contains(&known.document)
    };
    let known = locked.record().documents.iter().filter(is_open);
    known.map(|known| known.document.document_id.clone()).collect()
}
