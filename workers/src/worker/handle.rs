//! Handles one delivery: processes it, waits for services that are down, and
//! decides on the disposition of the message.

use std::time::Instant;

use pipeline::contract::commands::Rejection;
use tracing::{Instrument, info, info_span, warn};

use super::dependency_wait::{DependencyWait, failed_dependency, wait_without_attempt};
use super::error::ProcessError;
use super::process::process;
use super::rejected::rejected_message;
use super::resources::Worker;
use crate::broker::{Delivery, Disposition, Exchange, PublishError, RetryCount};
use crate::runtime::traces::{self, TraceContext};
use crate::verdicts::event::routing_key;

/// Processes one delivery and returns the disposition of the message.
pub(super) async fn handle(delivery: Delivery, worker: &Worker) -> Disposition {
    let span = info_span!(
        "process",
        otel.kind = "consumer",
        messaging.system = "rabbitmq",
        message.id = %delivery.message.loggable_id(),
        message.kind = %delivery.message.loggable_type(),
        lane = %delivery.lane,
        attempt = delivery.message.headers.attempt,
        redelivered = delivery.redelivered,
        traceparent = delivery.message.headers.trace.as_ref().map(TraceContext::traceparent),
    );
    traces::set_parent(&span, delivery.message.headers.trace.as_ref());
    let started = Instant::now();
    let lane = delivery.lane.to_string();
    let disposition = process_with_waits(&delivery, worker).instrument(span).await;
    let outcome = match disposition {
        Disposition::Done => "done",
        Disposition::Retry { .. } | Disposition::TryOnceMore { .. } => "retry",
        Disposition::Dead { .. } => "dead",
    };
    metrics::counter!("tekseru_jobs_total", "lane" => lane.clone(), "outcome" => outcome)
        .increment(1);
    metrics::histogram!("tekseru_job_duration_seconds", "lane" => lane).record(started.elapsed());
    disposition
}

async fn process_with_waits(delivery: &Delivery, worker: &Worker) -> Disposition {
    let started = Instant::now();
    let mut wait = DependencyWait::new();
    loop {
        let error = match process_or_reject(delivery, worker).await {
            Ok(()) => {
                info!(duration_ms = started.elapsed().as_millis() as u64, "Done");
                return Disposition::Done;
            }
            Err(error) => error,
        };
        let dependency = match &error {
            ProcessError::Failed(failure) => {
                let failed = failed_dependency(failure, &worker.services).await;
                let headers = &delivery.message.headers;
                let count = match failed {
                    Some(_) => None,
                    None => wait_without_attempt(failure, headers, &worker.services).await,
                };
                if let Some(count) = count {
                    warn!(code = error.code(), error = %error.for_log(), "Tried again later");
                    return Disposition::Retry { code: error.code(), count };
                }
                failed
            }
            ProcessError::Rejected(_)
            | ProcessError::Unverified
            | ProcessError::Unanswered
            | ProcessError::Occupied => None,
        };
        let Some(dependency) = dependency else {
            let disposition = error.disposition();
            if !matches!(disposition, Disposition::Done) {
                warn!(code = error.code(), error = %error.for_log(), "Processing failed");
            }
            return disposition;
        };
        if wait.is_over() {
            return Disposition::Retry { code: error.code(), count: RetryCount::DependencyWait };
        }
        wait.wait(dependency, error.code(), worker).await;
    }
}

/// Processes the delivery; the portal of a rejected message is answered first.
async fn process_or_reject(delivery: &Delivery, worker: &Worker) -> Result<(), ProcessError> {
    match process(delivery, worker).await {
        Err(ProcessError::Rejected(rejection)) => {
            answer(&rejection, delivery, worker).await?;
            Err(ProcessError::Rejected(rejection))
        }
        result => result,
    }
}

async fn answer(
    rejection: &Rejection,
    delivery: &Delivery,
    worker: &Worker,
) -> Result<(), ProcessError> {
    let Some(portal) = &delivery.message.headers.portal else { return Ok(()) };
    let code = rejection.kind.code();
    metrics::counter!("tekseru_rejections_total", "portal" => portal.to_string(), "code" => code)
        .increment(1);
    let answer = rejected_message(rejection, &delivery.message);
    let routing_key = routing_key(portal, "rejected");
    match worker.services.publisher.publish(Exchange::Verdicts, &routing_key, &answer).await {
        // nobody reads answers to a user without a queue; the letter remains
        Err(PublishError::Unroutable) => {
            warn!(%portal, code, "A message was rejected, but its portal has no queue");
            Ok(())
        }
        answered => Ok(answered?),
    }
}
