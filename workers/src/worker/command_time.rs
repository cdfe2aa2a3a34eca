//! When a command was said: messages overtake each other, and what was said last holds.

use jiff::{SignedDuration, Timestamp};
use pipeline::contract::commands::Received;

use crate::broker::Headers;

/// A portal's clock that is further ahead is not believed.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// When something was said, as far as that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// Told by the portal, or, where it does not tell, first tried by a worker.
    At(Timestamp),
    /// Not told; heard of at this instant, after all that is known.
    Now(Timestamp),
}

impl Said {
    /// Of a command that is heard of now.
    pub(crate) fn of(received: &Received, headers: &Headers, now: Timestamp) -> Self {
        let told = received.time.map(|time| if time > now + AHEAD { now } else { time });
        told.or(headers.first_failed_at).map_or(Self::Now(now), Self::At)
    }

    /// Whether what is known was said after it.
    pub(crate) fn is_before(self, known: Option<Timestamp>) -> bool {
        match self {
            Self::At(at) => known.is_some_and(|known| known > at),
            Self::Now(_) => false,
        }
    }

    /// The instant to be remembered, which is not before what was known.
    pub(crate) fn at(self, known: Option<Timestamp>) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::Now(now) => known.map_or(now, |known| known.max(now)),
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
    fn what_is_not_told_is_after_what_is_known() {
        let (early, late) = (second(10), second(20));
        assert!(Said::At(early).is_before(Some(late)));
        assert!(!Said::At(late).is_before(Some(late)));
        assert!(!Said::At(early).is_before(None));
        // clocks of two machines differ
        assert!(!Said::Now(early).is_before(Some(late)));
        assert_eq!(Said::Now(early).at(Some(late)), late);
        assert_eq!(Said::Now(late).at(Some(early)), late);
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
        let said = |time| Said::of(&message(time), &Headers::default(), now);
        assert_eq!(said(now + AHEAD), Said::At(now + AHEAD));
        assert_eq!(said(now + AHEAD + AHEAD), Said::At(now));
        let mut untold = message(now);
        untold.time = None;
        assert_eq!(Said::of(&untold, &Headers::default(), now), Said::Now(now));
        let tried = Headers { first_failed_at: Some(second(5)), ..Headers::default() };
        assert_eq!(Said::of(&untold, &tried, now), Said::At(second(5)));
    }
}
