//! The time that orders commands. Messages can overtake each other, and the
//! command that was sent last is the one that counts.

use jiff::{SignedDuration, Timestamp};
use pipeline::contract::commands::ReceivedCommand;

use crate::broker::Headers;

/// A time further ahead of our clock than this is not accepted.
const MAX_AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// The time of a command, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CommandTime {
    /// The portal stated it, or else a worker first tried the command then.
    Stated(Timestamp),
    /// The portal stated no time: the command counts as later than every known one.
    Received(Timestamp),
}

impl CommandTime {
    /// Returns the time of a command that is received now.
    pub(crate) fn from_command(
        received: &ReceivedCommand,
        headers: &Headers,
        now: Timestamp,
    ) -> Self {
        let stated = received.time.map(|time| if time > now + MAX_AHEAD { now } else { time });
        stated.or(headers.first_failed_at).map_or(Self::Received(now), Self::Stated)
    }

    /// Whether this command is older than the known one.
    pub(crate) fn is_before(self, known: Option<Timestamp>) -> bool {
        match self {
            Self::Stated(at) => known.is_some_and(|known| known > at),
            Self::Received(_) => false,
        }
    }

    /// Returns the time to be stored, which is never before the known one.
    pub(crate) fn stored(self, known: Option<Timestamp>) -> Timestamp {
        match self {
            Self::Stated(at) => at,
            Self::Received(now) => known.map_or(now, |known| known.max(now)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_command_without_a_time_is_later_than_every_known_one() {
        let (early, late) = (second(10), second(20));
        assert!(CommandTime::Stated(early).is_before(Some(late)));
        assert!(!CommandTime::Stated(late).is_before(Some(late)));
        assert!(!CommandTime::Stated(early).is_before(None));
        // clocks of two machines differ
        assert!(!CommandTime::Received(early).is_before(Some(late)));
        assert_eq!(CommandTime::Received(early).stored(Some(late)), late);
        assert_eq!(CommandTime::Received(late).stored(Some(early)), late);
    }

    #[test]
    fn a_clock_that_is_somewhat_ahead_keeps_its_order() {
        let now = second(1_000_000);
        let message = |time: Timestamp| {
            let text = format!(
                r#"{{"specversion": "1.0", "id": "1", "source": "s", "time": "{time}",
                    "type": "kz.tekseru.recheck.requested.v1", "data": {{"application_id": "A"}}}}"#
            );
            pipeline::contract::commands::parse(text.as_bytes()).unwrap()
        };
        let time = |time| CommandTime::from_command(&message(time), &Headers::default(), now);
        assert_eq!(time(now + MAX_AHEAD), CommandTime::Stated(now + MAX_AHEAD));
        assert_eq!(time(now + MAX_AHEAD + MAX_AHEAD), CommandTime::Stated(now));
        let mut unstated = message(now);
        unstated.time = None;
        assert_eq!(
            CommandTime::from_command(&unstated, &Headers::default(), now),
            CommandTime::Received(now)
        );
        let tried = Headers { first_failed_at: Some(second(5)), ..Headers::default() };
        assert_eq!(
            CommandTime::from_command(&unstated, &tried, now),
            CommandTime::Stated(second(5))
        );
    }
}
