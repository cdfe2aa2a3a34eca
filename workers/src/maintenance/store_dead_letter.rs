//! Moves a dead letter from the broker into the registry, for operators. Its
//! reviewer is asked to check by hand, and its portal gets an answer.

use std::slice;

use jiff::Timestamp;
use pipeline::application::Document;
use pipeline::contract::commands::{self, Command, ReceivedCommand, Rejection, RejectionKind};
use pipeline::contract::message::SOURCE;
use tracing::{Instrument, error, info_span, warn};

use super::dead_letter_event::{dead_letter, document, failed_event};
use crate::application_key::ApplicationKey;
use crate::broker::{DeadDelivery, Disposition, Exchange, PublishError, RetryCount};
use crate::portal::Portal;
use crate::registry::{
    ApplicationState, CommandReceipt, CommandRef, DocumentRecord, ExaminationState,
    LockedApplication,
};
use crate::runtime::traces;
use crate::services::{ServiceError, Services, agreed_clock};
use crate::verdicts::VerdictError;
use crate::verdicts::event::routing_key;
use crate::verdicts::judging::{RevisionCause, add_revision_if_changed, unavailable};
use crate::worker::accept_application::record_application;
use crate::worker::{CommandTime, foreign, rejected_message, trace_of};

/// The code of a message that the broker dropped because it was delivered too often.
const DELIVERY_LIMIT: &str = "DELIVERY_LIMIT";

/// Stores one dead letter and returns its disposition.
pub(super) async fn store_dead_letter(delivery: DeadDelivery, services: &Services) -> Disposition {
    let id = delivery.message.loggable_id().into_owned();
    let span = info_span!("dead_letter", otel.kind = "consumer", messaging.system = "rabbitmq");
    traces::set_parent(&span, delivery.message.headers.trace.as_ref());
    match store(&delivery, services).instrument(span).await {
        Ok(code) => {
            metrics::counter!("tekseru_dead_letters_total", "code" => code.clone()).increment(1);
            warn!(message.id = %id, code, "Stored a dead letter; see `tekseru dead list`");
            Disposition::Done
        }
        Err(error) => {
            error!(message.id = %id, %error, "Could not store a dead letter; it stays in the broker");
            Disposition::Retry { code: "MAINTENANCE", count: RetryCount::DependencyWait }
        }
    }
}

async fn store(delivery: &DeadDelivery, services: &Services) -> Result<String, ServiceError> {
    // a wrong clock would make the letter look a year old, or its application
    let now = agreed_clock(&services.registry).await?;
    services.registry.require_usable_schema().await?;
    let code = code(delivery);
    let received = commands::parse(&delivery.message.body);
    let row = dead_letter(delivery, &code, &received, now);
    let id = services.registry.store_dead_letter(&row).await?;
    let Some(portal) = &delivery.message.headers.portal else { return Ok(code) };
    if RejectionKind::is_answered(&code) {
        return Ok(code);
    }
    match answer(services, delivery, portal, &received, &id, &code, now).await {
        // a portal that reads nothing keeps no other portal's letters waiting
        Err(ServiceError::Publish(PublishError::Nacked)) => {
            error!(code, "A dead letter is stored, but its portal's queue is full: it is not told");
        }
        // no later step repeats this: the message must be delivered again
        Err(error) if error.dependency().is_some() => return Err(error),
        // the letter is stored; a failure to report it must not stop the others
        Err(error) => {
            error!(
                code,
                reason = error.code(),
                "A dead letter is stored but could not be reported"
            );
        }
        Ok(()) => {}
    }
    if let Ok(received) = received {
        let application = ApplicationKey::new(portal, received.command.application_id());
        let attached = services.attacher().attach_pending(&application).await;
        if let Err(error) = attached.map_err(ServiceError::from) {
            warn!(code = error.code(), "The results of a dead letter are attached later");
        }
    }
    Ok(code)
}

fn code(delivery: &DeadDelivery) -> String {
    match &delivery.origin {
        // headers of an unrouted message are the portal's own
        _ if delivery.queue == "unrouted" => "UNROUTED".to_owned(),
        Some(origin) if origin.code == "delivery_limit" => DELIVERY_LIMIT.to_owned(),
        Some(origin) if !origin.code.is_empty() => origin.code.clone(),
        _ => "UNKNOWN".to_owned(),
    }
}

/// Reports a dead letter to reviewer and portal.
async fn answer(
    services: &Services,
    delivery: &DeadDelivery,
    portal: &Portal,
    received: &Result<ReceivedCommand, Box<Rejection>>,
    row_id: &str,
    code: &str,
    now: Timestamp,
) -> Result<(), ServiceError> {
    let uploads = services.objects.buckets().uploads.of(portal);
    let headers = &delivery.message.headers;
    let is_foreign = |received| foreign(received, headers, &uploads);
    let rejection = match received {
        // no worker has checked it
        Ok(received) if let Some(rejection) = is_foreign(received) => Some(rejection),
        Ok(received) => {
            let application = ApplicationKey::new(portal, received.command.application_id());
            let reported =
                report_failure(services, delivery, &application, received, row_id, code, now);
            reported.await?
        }
        // no worker received it, or each ended before it could answer
        Err(rejection) => Some(rejection.clone()),
    };
    if let Some(rejection) = rejection {
        let answer = rejected_message(&rejection, &delivery.message);
        let routing_key = routing_key(portal, "rejected");
        services.publisher.publish(Exchange::Verdicts, &routing_key, &answer).await?;
    }
    Ok(())
}

/// Marks the documents as unavailable, judges, and reports to the portal, in one
/// transaction. A command about an application that was withdrawn before is rejected.
async fn report_failure(
    services: &Services,
    delivery: &DeadDelivery,
    application: &ApplicationKey,
    received: &ReceivedCommand,
    row_id: &str,
    code: &str,
    now: Timestamp,
) -> Result<Option<Box<Rejection>>, ServiceError> {
    let mut locked = match services.registry.lock(application, now).await {
        // its portal is told, although this version cannot read what is known
        Err(error) if error.is_of_later_version() => {
            let mut locked = services.registry.lock_to_delete(application, now).await?;
            locked
                .add_event(&failed_event(delivery, application, received, row_id, code, now))
                .await?;
            locked.commit().await?;
            return Ok(None);
        }
        locked => locked?,
    };
    if locked.record().state == ApplicationState::Withdrawn {
        let command = CommandRef::from_command(received, application, now);
        let is_late = received.source == SOURCE
            || locked.record_command(&command).await? != CommandReceipt::New;
        return Ok((!is_late).then(|| Box::new(Rejection::withdrawn(received))));
    }
    let headers = &delivery.message.headers;
    if let Command::ApplicationSubmitted(submitted) = &received.command
        && locked.record().application.is_none()
    {
        // no worker accepted it, but its reviewer must see it
        let time = CommandTime::from_command(received, headers, now);
        record_application(&mut locked, submitted, now, time).await?;
    }
    let unexamined = unexamined_documents(&locked, received);
    for document_id in &unexamined {
        let state = ExaminationState::Unavailable(unavailable(code));
        locked.put_examination_state(document_id, &state).await?;
        locked.complete_rounds(document_id).await?;
    }
    if !unexamined.is_empty() {
        let cause = RevisionCause {
            command_id: Some(received.answered_command()),
            document_id: document(received).map(|document| document.document_id.as_str()),
            trace: trace_of(headers, received),
            ..RevisionCause::default()
        };
        match add_revision_if_changed(&mut locked, &services.judge_context_at(now), &cause).await {
            // but its portal gets an answer
            Err(VerdictError::Judge(error)) => error!(code, %error, "Judging failed"),
            result => result?,
        }
    }
    locked.add_event(&failed_event(delivery, application, received, row_id, code, now)).await?;
    locked.commit().await?;
    Ok(None)
}

/// Returns the ids of the command's documents of which nothing is known: pending ones, and
/// those whose earlier examination may be of other bytes than the command is about.
fn unexamined_documents(locked: &LockedApplication, received: &ReceivedCommand) -> Vec<String> {
    let listed: &[Document] = match &received.command {
        Command::ApplicationSubmitted(application) => &application.documents,
        _ => document(received).map_or(&[], slice::from_ref),
    };
    let is_open = |known: &&DocumentRecord| {
        let is_unknown = matches!(known.known_state(), ExaminationState::Pending);
        !known.is_replaced && is_unknown && listed.contains(&known.document)
    };
    let open = locked.record().documents.iter().filter(is_open);
    open.map(|known| known.document.document_id.clone()).collect()
}
