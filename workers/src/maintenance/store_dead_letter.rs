//! A dead letter leaves the broker: it is kept for operators, and the reviewer
//! is told that people have to check.

use std::slice;

use jiff::Timestamp;
use pipeline::application::Document;
use pipeline::contract::commands::{self, Command, Received, Rejection, RejectionKind};
use pipeline::contract::message::SOURCE;
use tracing::{Instrument, error, info_span, warn};

use crate::broker::{DeadDelivery, Disposition, Exchange};
use crate::registry::{
    ApplicationState, CommandReceipt, CommandRef, DocumentRecord, ExaminationState,
    LockedApplication,
};
use crate::runtime::traces;
use crate::services::Services;
use crate::verdicts::attach;
use crate::verdicts::judging::{Cause, JudgingError, revise, unavailable};
use crate::worker::{Said, WorkError, accept_application, rejected, trace_of};

use super::dead_letter::{document, event, row};

/// What a letter is called that the broker gave up because it was given out too often.
const CRASHES: &str = "DELIVERY_LIMIT";

/// Keeps one letter and says what becomes of it in the broker.
pub(super) async fn letter(letter: DeadDelivery, services: &Services) -> Disposition {
    let id = letter.message.loggable_id().into_owned();
    let span = info_span!("bury", otel.kind = "consumer", messaging.system = "rabbitmq");
    traces::set_parent(&span, letter.message.headers.trace.as_ref());
    match bury(&letter, services).instrument(span).await {
        Ok(code) => {
            metrics::counter!("tekseru_dead_total", "code" => code.clone()).increment(1);
            warn!(message.id = %id, code, "Buried a dead letter; see `tekseru dead list`");
            Disposition::Done
        }
        Err(error) => {
            error!(message.id = %id, %error, "Could not bury a dead letter; it stays in the broker");
            Disposition::Retry { code: "KEEPER", count_attempt: false }
        }
    }
}

async fn bury(letter: &DeadDelivery, services: &Services) -> Result<String, WorkError> {
    let code = code(letter);
    let received = commands::parse(&letter.message.body);
    let now = Timestamp::now();
    let id = services.registry.store_dead_letter(&row(letter, &code, &received, now)).await?;
    if RejectionKind::is_answered(&code) {
        return Ok(code);
    }
    let told = async {
        let refused = match &received {
            Ok(received) => tell(services, letter, received, &id, &code, now).await?,
            // no worker had it, or none lived to answer
            Err(rejection) => Some(rejection.clone()),
        };
        if let Some(rejection) = refused {
            let answer = rejected(&rejection, &letter.message);
            services.publisher.publish(Exchange::Verdicts, "rejected", &answer).await?;
        }
        Ok::<(), WorkError>(())
    };
    match told.await {
        // nothing else comes back for it
        Err(error) if error.needs().is_some() => return Err(error),
        // it is in the registry; one that cannot be told must not hold up the others
        Err(error) => {
            error!(code, reason = error.code(), "A dead letter is kept and could not be told");
        }
        Ok(()) => {}
    }
    if let Ok(received) = received
        && let Err(error) = attach::pending(services, received.command.application_id()).await
    {
        warn!(code = error.code(), "What follows from a dead letter is left for later");
    }
    Ok(code)
}

fn code(letter: &DeadDelivery) -> String {
    match &letter.origin {
        // its headers are the portal's
        _ if letter.queue == "unrouted" => "UNROUTED".to_owned(),
        Some(origin) if origin.code == "delivery_limit" => CRASHES.to_owned(),
        Some(origin) if !origin.code.is_empty() => origin.code.clone(),
        _ => "UNKNOWN".to_owned(),
    }
}

/// Marks the document, judges, and tells the portal, in one transaction. What is
/// said of an application that was withdrawn before is to be refused.
async fn tell(
    services: &Services,
    letter: &DeadDelivery,
    received: &Received,
    row: &str,
    code: &str,
    now: Timestamp,
) -> Result<Option<Box<Rejection>>, WorkError> {
    let application_id = received.command.application_id();
    let mut locked = services.registry.lock(application_id, now).await?;
    if locked.record().state == ApplicationState::Withdrawn {
        let is_late = received.source == SOURCE
            || locked.record_command(&CommandRef::from_received(received, now)).await?
                != CommandReceipt::New;
        return Ok((!is_late).then(|| Box::new(Rejection::withdrawn(received))));
    }
    let headers = &letter.message.headers;
    if let Command::ApplicationSubmitted(application) = &received.command
        && locked.record().application.is_none()
    {
        // it was never taken, and its reviewer is to know of it all the same
        accept_application::put(&mut locked, application, now, Said::of(received, headers, now))
            .await?;
    }
    let unseen = unseen(&locked, received);
    for document_id in &unseen {
        let seen = ExaminationState::Unavailable(unavailable(code));
        locked.put_examination_state(document_id, &seen).await?;
    }
    if !unseen.is_empty() {
        let cause = Cause {
            command: Some(received.answers()),
            document: document(received).map(|document| document.document_id.as_str()),
            trace: trace_of(headers, received),
            ..Cause::default()
        };
        match revise(&mut locked, &services.judge(), &cause).await {
            // its portal is told all the same
            Err(JudgingError::Judge(error)) => error!(code, %error, "Nothing could be judged"),
            revised => revised?,
        }
    }
    locked.add_event(&event(letter, received, row, code, now)).await?;
    locked.commit().await?;
    Ok(None)
}

/// Documents that this command would have had looked at, and nobody did.
fn unseen(locked: &LockedApplication, received: &Received) -> Vec<String> {
    let meant: &[Document] = match &received.command {
        Command::ApplicationSubmitted(application) => &application.documents,
        _ => document(received).map_or(&[], slice::from_ref),
    };
    let is_open = |known: &&DocumentRecord| {
        !known.is_replaced
            && known.examination == ExaminationState::Pending
            && meant.contains(&known.document)
    };
    let known = locked.record().documents.iter().filter(is_open);
    known.map(|known| known.document.document_id.clone()).collect()
}
