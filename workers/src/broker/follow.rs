//! A queue of events for its reader, who says when one is dealt with.

use futures_util::StreamExt;
use lapin::Acker;
use tokio::sync::{mpsc, watch};
use tokio_util::task::AbortOnDropHandle;

use super::config::BrokerConfig;
use super::connection::Live;
use super::message::Letter;
use super::settle::acknowledge;
use super::state::{BrokerState, Problem, Reporter, Role};
use crate::backoff::Backoff;

/// Events that are given out at once.
const PREFETCH: u16 = 16;

/// Reads a queue for as long as it lives.
pub(crate) struct Follower {
    events: mpsc::Receiver<Followed>,
    _task: AbortOnDropHandle<()>,
}

/// One event.
pub(crate) struct Followed {
    /// What was said.
    pub(crate) letter: Letter,
    acker: Acker,
}

impl Followed {
    /// It is dealt with. False when it comes again nevertheless.
    pub(crate) async fn done(self) -> bool {
        acknowledge(&self.acker).await
    }
}

impl Follower {
    /// The next event; waits over lost connections.
    pub(crate) async fn next(&mut self) -> Option<Followed> {
        loop {
            let followed = self.events.recv().await?;
            // of a connection that is gone: the same event comes again
            if followed.acker.usable() {
                return Some(followed);
            }
        }
    }
}

/// Follows a queue, such as `verdicts.portal`. What is dropped and not
/// [`Followed::done`] comes again on the next connection.
pub(crate) fn follow(
    config: &BrokerConfig,
    queue: &str,
    state: watch::Sender<BrokerState>,
) -> Follower {
    let (say, events) = mpsc::channel(PREFETCH.into());
    let task = tokio::spawn(read(config.clone(), queue.to_owned(), say, Reporter(state)));
    Follower { events, _task: AbortOnDropHandle::new(task) }
}

async fn read(
    config: BrokerConfig,
    queue: String,
    say: mpsc::Sender<Followed>,
    reporter: Reporter,
) {
    let mut backoff = Backoff::new();
    loop {
        let problem = match Live::open(&config, Role::Consume, &reporter).await {
            Ok(live) => {
                let problem = events(&live, &queue, &say, &mut backoff).await;
                drop(live);
                problem
            }
            Err(problem) => problem,
        };
        reporter.lost(Role::Consume, problem);
        tokio::time::sleep(backoff.next()).await;
    }
}

async fn events(
    live: &Live,
    queue: &str,
    say: &mpsc::Sender<Followed>,
    backoff: &mut Backoff,
) -> Problem {
    let (_channel, mut consumer) = match live.subscribe(queue, PREFETCH).await {
        Ok(subscribed) => subscribed,
        Err(problem) => return problem,
    };
    backoff.reset();
    loop {
        match consumer.next().await {
            Some(Ok(delivery)) => {
                let letter = Letter::read(&delivery, queue);
                // the reader is gone only when this task is, too
                let _ = say.send(Followed { letter, acker: delivery.acker }).await;
            }
            Some(Err(error)) => return Problem::of(&error, queue),
            None => return Problem::Cancelled(queue.to_owned()),
        }
    }
}
