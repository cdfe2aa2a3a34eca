//! What becomes of a message. Pure: levels, attempts and the dice come as arguments.

use jiff::Timestamp;

use super::message::Message;
use super::names::{Exchange, RetryDelay};

/// How the handling of a message ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Disposition {
    /// All is stored and said.
    Done,
    /// It may work later.
    Retry {
        /// Why, for the next attempt and for people.
        code: &'static str,
        /// Whether the message had its chance. Not when storage is away.
        count_attempt: bool,
    },
    /// It never will.
    Dead {
        /// Why, for people.
        code: &'static str,
    },
}

/// What a settler does before it acknowledges.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing.
    Acknowledge,
    /// Publish this and have it confirmed.
    Publish(Exchange, Box<Message>),
}

/// Where a message goes and when it comes back.
pub(super) struct RetryPolicy {
    pub(super) attempts: u32,
    pub(super) scale: f64,
}

impl RetryPolicy {
    /// The step after an ending; `dice` is evenly between 0 and 1.
    pub(super) fn step(
        &self,
        ending: Disposition,
        message: &Message,
        queue: &str,
        now: Timestamp,
        dice: f64,
    ) -> Step {
        let (code, count_attempt) = match ending {
            Disposition::Done => return Step::Acknowledge,
            Disposition::Retry { code, count_attempt } => (code, count_attempt),
            Disposition::Dead { code } => return dead(message, queue, now, code),
        };
        let attempt = message.headers.attempt;
        if count_attempt && attempt >= self.attempts {
            return dead(message, queue, now, code);
        }
        let level = if count_attempt { RetryDelay::after(attempt) } else { held(message) };
        let mut again = noted(message, now, code);
        if count_attempt {
            again.headers.attempt = attempt.saturating_add(1);
        } else {
            again.headers.dependency_waits = message.headers.dependency_waits.saturating_add(1);
        }
        // never 0: that would expire before it is queued
        let wait = level.wait().mul_f64(self.scale * (0.8 + 0.4 * dice));
        again.expiration = Some(wait.max(std::time::Duration::from_millis(1)));
        Step::Publish(Exchange::Retry(level), Box::new(again))
    }
}

/// It is not the message's fault, so it never waits two hours after the mend.
fn held(message: &Message) -> RetryDelay {
    RetryDelay::after(message.headers.dependency_waits.saturating_add(1).min(3))
}

fn dead(message: &Message, queue: &str, now: Timestamp, code: &str) -> Step {
    let mut dead = noted(message, now, code);
    dead.headers.dead_lettered_from = Some(queue.to_owned());
    dead.expiration = None;
    Step::Publish(Exchange::Dead, Box::new(dead))
}

fn noted(message: &Message, now: Timestamp, code: &str) -> Message {
    let mut noted = message.clone();
    noted.headers.first_failed_at.get_or_insert(now);
    noted.headers.last_error = Some(code.to_owned());
    noted
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn step(ending: Disposition, attempt: u32, holds: u32, dice: f64) -> Step {
        let mut message = Message::new("m", "k", "{}");
        message.headers.attempt = attempt;
        message.headers.dependency_waits = holds;
        RetryPolicy { attempts: 8, scale: 1.0 }.step(ending, &message, "work.paper", NOW, dice)
    }

    #[track_caller]
    fn check(count_attempt: bool, attempt: u32, holds: u32, level: RetryDelay, then: (u32, u32)) {
        let ending = Disposition::Retry { code: "busy", count_attempt };
        let Step::Publish(exchange, again) = step(ending, attempt, holds, 0.5) else {
            panic!("a retry is published");
        };
        assert_eq!(exchange, Exchange::Retry(level));
        assert_eq!((again.headers.attempt, again.headers.dependency_waits), then);
        assert_eq!(again.expiration, Some(level.wait()));
        assert_eq!(again.headers.first_failed_at, Some(NOW));
        assert_eq!(again.headers.last_error.as_deref(), Some("busy"));
    }

    #[test]
    fn attempts_climb_and_holds_do_not_climb_to_the_top() {
        check(true, 1, 0, RetryDelay::Seconds10, (2, 0));
        check(true, 2, 5, RetryDelay::Minutes2, (3, 5));
        check(true, 7, 0, RetryDelay::Hours2, (8, 0));
        check(false, 1, 0, RetryDelay::Seconds10, (1, 1));
        check(false, 8, 40, RetryDelay::Minutes15, (8, 41));
    }

    #[test]
    fn waits_are_spread_by_a_fifth() {
        for (dice, seconds) in [(0.0, 8), (1.0, 12)] {
            let ending = Disposition::Retry { code: "busy", count_attempt: true };
            let Step::Publish(_, again) = step(ending, 1, 0, dice) else { panic!("published") };
            assert_eq!(again.expiration, Some(Duration::from_secs(seconds)));
        }
    }

    #[test]
    fn the_last_attempt_is_the_last() {
        let retry = Disposition::Retry { code: "busy", count_attempt: true };
        for ending in [retry, Disposition::Dead { code: "busy" }] {
            let Step::Publish(exchange, dead) = step(ending, 8, 0, 0.5) else {
                panic!("published")
            };
            assert_eq!(exchange, Exchange::Dead);
            assert_eq!(dead.headers.attempt, 8);
            assert_eq!(dead.headers.dead_lettered_from.as_deref(), Some("work.paper"));
            assert_eq!(dead.expiration, None);
        }
        assert_eq!(step(Disposition::Done, 8, 0, 0.5), Step::Acknowledge);
    }
}
