//! Attaches revisions of incomplete applications after their wait, unless others took their
//! place. What is lost here, `tekseru maintain` attaches.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::resources::Worker;
use crate::application_key::ApplicationKey;
use crate::services::ServiceError;
use crate::verdicts::later::Attachment;

/// Attaches what is requested when it is time, and all the rest at the end.
pub(super) async fn attach_later(
    worker: Arc<Worker>,
    mut requests: UnboundedReceiver<Attachment>,
    end: CancellationToken,
) {
    let mut waiting: BTreeMap<ApplicationKey, Timestamp> = BTreeMap::new();
    let mut attaching = JoinSet::new();
    loop {
        let next = waiting.values().min().map(|at| until(*at));
        let time = async {
            match next {
                Some(pause) => tokio::time::sleep(pause).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = end.cancelled() => break,
            Some((application, at)) = requests.recv() => {
                waiting.insert(application, at);
            }
            () = time => {
                for application in take_due(&mut waiting, Timestamp::now()) {
                    attaching.spawn(attach(Arc::clone(&worker), application));
                }
            }
            Some(_) = attaching.join_next() => {}
        }
    }
    while let Ok((application, at)) = requests.try_recv() {
        waiting.insert(application, at);
    }
    for application in take_due(&mut waiting, Timestamp::MAX) {
        attaching.spawn(attach(Arc::clone(&worker), application));
    }
    attaching.join_all().await;
}

fn until(at: Timestamp) -> Duration {
    at.duration_since(Timestamp::now()).try_into().unwrap_or(Duration::ZERO)
}

fn take_due(
    waiting: &mut BTreeMap<ApplicationKey, Timestamp>,
    now: Timestamp,
) -> Vec<ApplicationKey> {
    waiting.extract_if(.., |_, at| *at <= now).map(|(application, _)| application).collect()
}

async fn attach(worker: Arc<Worker>, application: ApplicationKey) {
    let attached = worker.services.attacher().attach_waiting(&application).await;
    if let Err(error) = attached.map_err(ServiceError::from) {
        warn!(code = error.code(), error = %error.for_log(), "Left to maintenance");
    }
}
