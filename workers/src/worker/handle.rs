//! One delivery: worked on, held while a service is down, and its ending.
//!
//! When the store or the database is down as a whole, every message would fail
//! alike: instead of burning their attempts, those in hand are held. As many
//! are in hand as there are slots, so nothing more is taken from the queues,
//! and other workers that do reach the services go on.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use pipeline::contract::commands::Rejection;
use pipeline::contract::events::REJECTED;
use pipeline::contract::message::{CloudEvent, stable_id};
use pipeline::digest::sha256;
use tracing::{Instrument, info, info_span, warn};

use super::error::Dependency;
use super::{WorkError, Worker, process};
use crate::broker::{Delivery, Disposition, Exchange, Message, PublishError};
use crate::runtime::backoff::Backoff;
use crate::runtime::traces::{self, TraceContext};

/// Well under the 30 minutes after which a broker takes a delivery back.
const HOLD: Duration = Duration::from_secs(10 * 60);

/// Works on one delivery and says what becomes of it.
pub(super) async fn handle(incoming: Delivery, worker: &Worker) -> Disposition {
    let span = info_span!(
        "process",
        otel.kind = "consumer",
        messaging.system = "rabbitmq",
        message.id = %incoming.message.loggable_id(),
        message.kind = %incoming.message.loggable_type(),
        lane = %incoming.lane,
        attempt = incoming.message.headers.attempt,
        redelivered = incoming.redelivered,
        traceparent = incoming.message.headers.trace.as_ref().map(TraceContext::traceparent),
    );
    traces::set_parent(&span, incoming.message.headers.trace.as_ref());
    let begun = Instant::now();
    let lane = incoming.lane.to_string();
    let ending = settle(&incoming, worker).instrument(span).await;
    let outcome = match ending {
        Disposition::Done => "done",
        Disposition::Retry { .. } => "retry",
        Disposition::Dead { .. } => "dead",
    };
    metrics::counter!("tekseru_jobs_total", "lane" => lane.clone(), "outcome" => outcome)
        .increment(1);
    metrics::histogram!("tekseru_job_duration_seconds", "lane" => lane).record(begun.elapsed());
    ending
}

async fn settle(incoming: &Delivery, worker: &Worker) -> Disposition {
    let begun = Instant::now();
    let mut backoff = Backoff::new();
    loop {
        let error = match attempt(incoming, worker).await {
            Ok(()) => {
                info!(duration_ms = begun.elapsed().as_millis() as u64, "Done");
                return Disposition::Done;
            }
            Err(error) => error,
        };
        let Some(dependency) = down(&error, worker).await else {
            let ending = error.ending();
            if !matches!(ending, Disposition::Done) {
                warn!(code = error.code(), error = %error.for_log(), "Could not be done");
            }
            return ending;
        };
        if begun.elapsed() > HOLD {
            return Disposition::Retry { code: error.code(), count_attempt: false };
        }
        warn!(
            dependency = dependency.name(),
            code = error.code(),
            "Held: {} is down",
            dependency.name()
        );
        worker.services.health.down(dependency);
        metrics::counter!("tekseru_holds_total", "dependency" => dependency.name()).increment(1);
        tokio::time::sleep(backoff.next()).await;
    }
}

/// Rejected messages are answered before they end.
async fn attempt(incoming: &Delivery, worker: &Worker) -> Result<(), WorkError> {
    match process::work(incoming, worker).await {
        Err(WorkError::Rejected(rejection)) => {
            tell(&rejection, incoming, worker).await?;
            Err(WorkError::Rejected(rejection))
        }
        ended => ended,
    }
}

async fn tell(
    rejection: &Rejection,
    incoming: &Delivery,
    worker: &Worker,
) -> Result<(), WorkError> {
    let answer = rejected(rejection, &incoming.message);
    Ok(worker.services.publisher.publish(Exchange::Verdicts, "rejected", &answer).await?)
}

/// What a portal is told of a message that cannot be used.
pub(crate) fn rejected(rejection: &Rejection, message: &Message) -> Message {
    let mut said = rejection.problem.clone();
    said.instance =
        rejection.source.as_ref().zip(rejection.id.as_ref()).map(|(s, id)| format!("{s}#{id}"));
    let id = stable_id(&[REJECTED, &sha256(&message.body)]);
    let about = rejection.application_id.clone();
    let mut event = CloudEvent::new(REJECTED, id.clone(), about, Timestamp::now(), said);
    event.causationid = rejection.id.clone();
    let trace = message.headers.trace.clone();
    TraceContext::inject(trace.as_ref(), &mut event);
    let mut answer = Message::new(id, REJECTED, event.to_json());
    answer.headers.trace = trace;
    answer
}

/// What is down as a whole; none when this message alone failed.
async fn down(error: &WorkError, worker: &Worker) -> Option<Dependency> {
    let dependency = error.needs()?;
    // a queue that is full is full for every message
    if matches!(error, WorkError::Publish(PublishError::Nacked)) {
        return Some(dependency);
    }
    (!worker.services.works(dependency).await).then_some(dependency)
}
