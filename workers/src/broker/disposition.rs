//! What happens to a message after its handling. Pure: policy, clock and jitter are arguments.

use jiff::Timestamp;

use super::exchange::Exchange;
use super::message::Message;
use super::retry_policy::{RetryDelay, RetryPolicy};

/// What to do with a message after its handling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Disposition {
    /// Acknowledge it: every result is stored and published.
    Done,
    /// Try it again later.
    Retry {
        /// The reason, for the next attempt and for operators.
        code: &'static str,
        /// What this counts as.
        count: RetryCount,
    },
    /// Try it once more, soon: the examination of its file ended without an answer, and the
    /// next end counts. No attempt is counted, since this comes once.
    TryOnceMore {
        /// The reason, for operators.
        code: &'static str,
    },
    /// Dead-letter it: it can never succeed.
    Dead {
        /// The reason, for operators.
        code: &'static str,
    },
}

/// What a retry counts as. Attempts are limited; waits are limited by who asks for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryCount {
    /// An attempt: the message may be at fault.
    Attempt,
    /// A wait for a dependency, a portal's queue or bucket, or a free turn.
    DependencyWait,
    /// A wait for a worker of a later version.
    LaterVersionWait,
}

/// What precedes the acknowledgement of a delivery.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NextStep {
    /// Nothing.
    Acknowledge,
    /// Publish this message and await its confirm.
    Publish(Exchange, Box<Message>),
}

/// Returns the step that a disposition requires. `jitter` is uniform between 0 and 1.
pub(super) fn next_step(
    disposition: Disposition,
    message: &Message,
    queue: &str,
    policy: &RetryPolicy,
    now: Timestamp,
    jitter: f64,
) -> NextStep {
    let (code, count) = match disposition {
        Disposition::Done => return NextStep::Acknowledge,
        Disposition::Retry { code, count } => (code, count),
        Disposition::TryOnceMore { code } => {
            let mut retry = with_error(message, now, code);
            retry.headers.unanswered = message.headers.unanswered.saturating_add(1);
            return publish_retry(retry, RetryDelay::Seconds10, policy, jitter);
        }
        Disposition::Dead { code } => return dead_letter(message, queue, now, code),
    };
    let attempt = message.headers.attempt;
    if count == RetryCount::Attempt && policy.is_last_attempt(attempt) {
        return dead_letter(message, queue, now, code);
    }
    let mut retry = with_error(message, now, code);
    let headers = &mut retry.headers;
    let delay = match count {
        RetryCount::Attempt => {
            headers.attempt = attempt.saturating_add(1);
            RetryDelay::after_attempt(attempt)
        }
        RetryCount::DependencyWait => after_wait(&mut headers.dependency_waits),
        RetryCount::LaterVersionWait => after_wait(&mut headers.later_version_waits),
    };
    publish_retry(retry, delay, policy, jitter)
}

/// Counts a wait and returns its delay.
fn after_wait(waits: &mut u32) -> RetryDelay {
    let delay = RetryDelay::after_waits(*waits);
    *waits = waits.saturating_add(1);
    delay
}

fn publish_retry(
    mut retry: Message,
    delay: RetryDelay,
    policy: &RetryPolicy,
    jitter: f64,
) -> NextStep {
    retry.expiration = Some(policy.time_to_live(delay, jitter));
    NextStep::Publish(Exchange::Retry(delay), Box::new(retry))
}

fn dead_letter(message: &Message, queue: &str, now: Timestamp, code: &str) -> NextStep {
    let mut dead = with_error(message, now, code);
    dead.headers.dead_lettered_from = Some(queue.to_owned());
    dead.expiration = None;
    NextStep::Publish(Exchange::Dead, Box::new(dead))
}

fn with_error(message: &Message, now: Timestamp, code: &str) -> Message {
    let mut failed = message.clone();
    failed.headers.first_failed_at.get_or_insert(now);
    failed.headers.last_error = Some(code.to_owned());
    failed
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::broker::Headers;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn step(
        disposition: Disposition,
        attempt: u32,
        dependency_waits: u32,
        jitter: f64,
    ) -> NextStep {
        let mut message = Message::new("m", "k", "{}");
        message.headers.attempt = attempt;
        message.headers.dependency_waits = dependency_waits;
        let policy = RetryPolicy { max_attempts: 8, delay_scale: 1.0 };
        next_step(disposition, &message, "work.paper", &policy, NOW, jitter)
    }

    #[track_caller]
    fn check(count: RetryCount, attempt: u32, waits: u32, delay: RetryDelay, then: [u32; 3]) {
        let disposition = Disposition::Retry { code: "busy", count };
        let NextStep::Publish(exchange, again) = step(disposition, attempt, waits, 0.5) else {
            panic!("a retry is published");
        };
        assert_eq!(exchange, Exchange::Retry(delay));
        let Headers { attempt, dependency_waits, later_version_waits, .. } = again.headers;
        assert_eq!([attempt, dependency_waits, later_version_waits], then);
        assert_eq!(again.expiration, Some(delay.duration()));
        assert_eq!(again.headers.first_failed_at, Some(NOW));
        assert_eq!(again.headers.last_error.as_deref(), Some("busy"));
    }

    #[test]
    fn delays_rise_with_attempts_and_less_with_waits() {
        let (attempt, wait) = (RetryCount::Attempt, RetryCount::DependencyWait);
        check(attempt, 1, 0, RetryDelay::Seconds10, [2, 0, 0]);
        check(attempt, 2, 5, RetryDelay::Minutes2, [3, 5, 0]);
        check(attempt, 7, 0, RetryDelay::Hours2, [8, 0, 0]);
        check(wait, 1, 0, RetryDelay::Seconds10, [1, 1, 0]);
        check(wait, 8, 40, RetryDelay::Minutes15, [8, 41, 0]);
        check(RetryCount::LaterVersionWait, 1, 40, RetryDelay::Seconds10, [1, 40, 1]);
    }

    #[test]
    fn a_file_without_an_answer_is_tried_once_more_even_at_the_last_attempt() {
        let once_more = Disposition::TryOnceMore { code: "no-answer" };
        let NextStep::Publish(exchange, again) = step(once_more, 8, 3, 0.5) else {
            panic!("published")
        };
        assert_eq!(exchange, Exchange::Retry(RetryDelay::Seconds10));
        let Headers { attempt, dependency_waits, unanswered, .. } = again.headers;
        assert_eq!((attempt, dependency_waits, unanswered), (8, 3, 1));
        assert_eq!(again.expiration, Some(Duration::from_secs(10)));
    }

    #[test]
    fn delays_vary_by_a_fifth() {
        for (jitter, seconds) in [(0.0, 8), (1.0, 12)] {
            let disposition = Disposition::Retry { code: "busy", count: RetryCount::Attempt };
            let NextStep::Publish(_, again) = step(disposition, 1, 0, jitter) else {
                panic!("published")
            };
            assert_eq!(again.expiration, Some(Duration::from_secs(seconds)));
        }
    }

    #[test]
    fn the_last_attempt_is_dead_lettered() {
        let retry = Disposition::Retry { code: "busy", count: RetryCount::Attempt };
        for disposition in [retry, Disposition::Dead { code: "busy" }] {
            let NextStep::Publish(exchange, dead) = step(disposition, 8, 0, 0.5) else {
                panic!("published")
            };
            assert_eq!(exchange, Exchange::Dead);
            assert_eq!(dead.headers.attempt, 8);
            assert_eq!(dead.headers.dead_lettered_from.as_deref(), Some("work.paper"));
            assert_eq!(dead.expiration, None);
        }
        assert_eq!(step(Disposition::Done, 8, 0, 0.5), NextStep::Acknowledge);
    }
}
