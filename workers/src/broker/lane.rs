//! The lanes of work, their queues and the routing keys that lead to them.

use std::fmt;
use std::str::FromStr;

use pipeline::application::Document;
use pipeline::contract::commands::Command;
use pipeline::kind::Kind;

/// A kind of work with its own queue, so that slow work does not delay quick work.
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

    /// Returns the lane in which documents of a kind are examined.
    pub(crate) fn for_kind(kind: Kind) -> Self {
        match kind {
            Kind::Passport | Kind::PassportTranslation => Self::Passport,
            Kind::Portrait => Self::Portrait,
            _ => Self::Paper,
        }
    }

    /// Returns the name, which is also the first word of the routing keys.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Passport => "passport",
            Self::Portrait => "portrait",
            Self::Paper => "paper",
        }
    }

    /// Returns the name of the queue.
    pub(crate) fn queue(self) -> &'static str {
        match self {
            Self::Application => "work.application",
            Self::Passport => "work.passport",
            Self::Portrait => "work.portrait",
            Self::Paper => "work.paper",
        }
    }
}

/// Returns the routing key of a command: `LANE.ACTION`.
pub(crate) fn routing_key(command: &Command) -> String {
    let lane = |document: &Document| Lane::for_kind(document.kind);
    let (lane, action) = match command {
        Command::ApplicationSubmitted(_) => (Lane::Application, "submitted"),
        Command::ApplicationWithdrawn(_) => (Lane::Application, "withdrawn"),
        Command::RecheckRequested(_) => (Lane::Application, "recheck"),
        Command::DocumentSubmitted(data) => (lane(&data.document), "submitted"),
        Command::DocumentReplaced(data) => (lane(&data.document), "replaced"),
    };
    format!("{lane}.{action}")
}

impl fmt::Display for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text is not the name of a lane.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lane_names_round_trip() {
        for lane in Lane::ALL {
            assert_eq!(lane.to_string().parse(), Ok(lane));
            assert_eq!(lane.queue(), format!("work.{lane}"));
        }
        assert!("passports".parse::<Lane>().is_err());
    }
}
