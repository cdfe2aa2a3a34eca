//! Names that `deploy/rabbitmq` gives to queues and exchanges.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use pipeline::application::Document;
use pipeline::contract::commands::Command;
use pipeline::kind::Kind;

/// Work of one sort, a queue each, so that slow work does not hold up quick work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Lane {
    /// Commands about whole applications.
    Application,
    /// Passports and their translations.
    Passport,
    /// Portraits.
    Portrait,
    /// All other documents.
    Paper,
}

impl Lane {
    /// Every lane.
    pub(crate) const ALL: [Self; 4] =
        [Self::Application, Self::Passport, Self::Portrait, Self::Paper];

    /// Where a document of a kind is examined.
    pub(crate) fn for_kind(kind: Kind) -> Self {
        match kind {
            Kind::Passport | Kind::PassportTranslation => Self::Passport,
            Kind::Portrait => Self::Portrait,
            _ => Self::Paper,
        }
    }

    /// Its name, which is the first word of its routing keys.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Passport => "passport",
            Self::Portrait => "portrait",
            Self::Paper => "paper",
        }
    }

    /// Its queue.
    pub(crate) fn queue(self) -> &'static str {
        match self {
            Self::Application => "work.application",
            Self::Passport => "work.passport",
            Self::Portrait => "work.portrait",
            Self::Paper => "work.paper",
        }
    }
}

/// What a command is published with: its lane and what is to be done.
pub(crate) fn routing_key(command: &Command) -> String {
    let lane = |document: &Document| Lane::for_kind(document.kind);
    let (lane, verb) = match command {
        Command::ApplicationSubmitted(_) => (Lane::Application, "submitted"),
        Command::ApplicationWithdrawn(_) => (Lane::Application, "withdrawn"),
        Command::RecheckRequested(_) => (Lane::Application, "recheck"),
        Command::DocumentSubmitted(data) => (lane(&data.document), "submitted"),
        Command::DocumentReplaced(data) => (lane(&data.document), "replaced"),
    };
    format!("{lane}.{verb}")
}

impl fmt::Display for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// No lane has that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no lane `{0}`; there are application, passport, portrait and paper")]
pub(crate) struct UnknownLane(String);

impl FromStr for Lane {
    type Err = UnknownLane;

    fn from_str(name: &str) -> Result<Self, UnknownLane> {
        let found = Self::ALL.into_iter().find(|lane| lane.name() == name);
        found.ok_or_else(|| UnknownLane(name.chars().take(40).collect()))
    }
}

/// Where messages are published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Exchange {
    /// Where portals put commands.
    Intake,
    /// To the lanes, by routing key.
    Work,
    /// To be tried again later.
    Retry(RetryDelay),
    /// Given up.
    Dead,
    /// Events for portals.
    Verdicts,
}

impl Exchange {
    /// Its name at the broker.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Work => "work",
            Self::Retry(level) => level.exchange(),
            Self::Dead => "dead",
            Self::Verdicts => "verdicts",
        }
    }
}

/// How long a message waits before it is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum RetryDelay {
    /// Ten seconds.
    Seconds10,
    /// Two minutes.
    Minutes2,
    /// A quarter of an hour.
    Minutes15,
    /// Two hours.
    Hours2,
}

impl RetryDelay {
    /// Every level.
    pub(crate) const ALL: [Self; 4] =
        [Self::Seconds10, Self::Minutes2, Self::Minutes15, Self::Hours2];

    /// The level after an attempt, counted from 1.
    pub(crate) fn after(attempt: u32) -> Self {
        match attempt {
            0 | 1 => Self::Seconds10,
            2 => Self::Minutes2,
            3 => Self::Minutes15,
            _ => Self::Hours2,
        }
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        &self.exchange()["retry.".len()..]
    }

    /// Its exchange, and its queue.
    pub(crate) fn exchange(self) -> &'static str {
        match self {
            Self::Seconds10 => "retry.10s",
            Self::Minutes2 => "retry.2m",
            Self::Minutes15 => "retry.15m",
            Self::Hours2 => "retry.2h",
        }
    }

    /// How long a message waits there, give or take a fifth.
    pub(crate) fn wait(self) -> Duration {
        Duration::from_secs(match self {
            Self::Seconds10 => 10,
            Self::Minutes2 => 120,
            Self::Minutes15 => 900,
            Self::Hours2 => 7200,
        })
    }
}

/// Queues in which messages lie until somebody looks at them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParkedQueue {
    /// Given up, by a worker or by the broker.
    Dead,
    /// Messages that no lane takes.
    Unrouted,
}

impl ParkedQueue {
    /// Its queue.
    pub(crate) fn queue(self) -> &'static str {
        match self {
            Self::Dead => "dead",
            Self::Unrouted => "unrouted",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_are_read_as_they_are_written() {
        for lane in Lane::ALL {
            assert_eq!(lane.to_string().parse(), Ok(lane));
            assert_eq!(lane.queue(), format!("work.{lane}"));
        }
        assert!("passports".parse::<Lane>().is_err());
    }

    #[test]
    fn levels_rise_and_stay() {
        let names: Vec<&str> = (1..=6).map(|attempt| RetryDelay::after(attempt).name()).collect();
        assert_eq!(names, ["10s", "2m", "15m", "2h", "2h", "2h"]);
    }
}
