//! What happens to a message after its handling. Pure: policy, clock and jitter are arguments.

use jiff::Timestamp;

use super::exchange::Exchange;
use super::headers::Headers;
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
        /// Whether this counts as an attempt; not when a dependency was unavailable.
        count_attempt: bool,
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
    let (code, count_attempt) = match disposition {
        Disposition::Done => return NextStep::Acknowledge,
        Disposition::Retry { code, count_attempt } => (code, count_attempt),
        Disposition::TryOnceMore { code } => {
            let mut retry = with_error(message, now, code);
            retry.headers.unanswered = message.headers.unanswered.saturating_add(1);
            return publish_retry(retry, RetryDelay::Seconds10, policy, jitter);
        }
        Disposition::Dead { code } => return dead_letter(message, queue, now, code),
    };
    let Headers { attempt, dependency_waits, .. } = message.headers;
    if count_attempt && policy.is_last_attempt(attempt) {
        return dead_letter(message, queue, now, code);
    }
    let mut retry = with_error(message, now, code);
    let delay = if count_attempt {
        retry.headers.attempt = attempt.saturating_add(1);
        RetryDelay::after_attempt(attempt)
    } else {
        retry.headers.dependency_waits = dependency_waits.saturating_add(1);
        RetryDelay::after_dependency_waits(dependency_waits)
    };
    publish_retry(retry, delay, policy, jitter)
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
    fn check(
        count_attempt: bool,
        attempt: u32,
        dependency_waits: u32,
        delay: RetryDelay,
        then: (u32, u32),
    ) {
        let disposition = Disposition::Retry { code: "busy", count_attempt };
        let NextStep::Publish(exchange, again) = step(disposition, attempt, dependency_waits, 0.5)
        else {
            panic!("a retry is published");
        };
        assert_eq!(exchange, Exchange::Retry(delay));
        assert_eq!((again.headers.attempt, again.headers.dependency_waits), then);
        assert_eq!(again.expiration, Some(delay.duration()));
        assert_eq!(again.headers.first_failed_at, Some(NOW));
        assert_eq!(again.headers.last_error.as_deref(), Some("busy"));
    }

    #[test]
    fn delays_rise_with_attempts_and_less_with_dependency_waits() {
        check(true, 1, 0, RetryDelay::Seconds10, (2, 0));
        check(true, 2, 5, RetryDelay::Minutes2, (3, 5));
        check(true, 7, 0, RetryDelay::Hours2, (8, 0));
        check(false, 1, 0, RetryDelay::Seconds10, (1, 1));
        check(false, 8, 40, RetryDelay::Minutes15, (8, 41));
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
            let disposition = Disposition::Retry { code: "busy", count_attempt: true };
            let NextStep::Publish(_, again) = step(disposition, 1, 0, jitter) else {
                panic!("published")
            };
            assert_eq!(again.expiration, Some(Duration::from_secs(seconds)));
        }
    }

    #[test]
    fn the_last_attempt_is_dead_lettered() {
        let retry = Disposition::Retry { code: "busy", count_attempt: true };
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
