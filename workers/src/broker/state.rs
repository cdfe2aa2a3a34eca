//! State of the broker connections, for readiness, metrics and operators.

use std::collections::{BTreeMap, BTreeSet};

use super::lane::Lane;
use super::problem::BrokerProblem;

/// State of the broker connections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BrokerState {
    /// Whether every consuming connection is open.
    pub(crate) consuming: bool,
    /// The lanes whose connection is open.
    pub(crate) connected: BTreeSet<Lane>,
    /// Whether the publishing connection is open.
    pub(crate) publishing: bool,
    /// Whether the broker blocks publishers because it is short of memory or disk.
    pub(crate) blocked: bool,
    /// Every lane that this process consumes.
    pub(crate) lanes: BTreeMap<Lane, LaneState>,
    /// Why a connection is not open.
    pub(crate) problem: Option<BrokerProblem>,
}

/// State of a lane's consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LaneState {
    /// Not subscribed.
    Waiting,
    /// Subscribed to the queue.
    Consuming,
    /// Paused by an operator.
    Paused,
    /// The broker refuses the subscription.
    Refused(BrokerProblem),
}

impl BrokerState {
    /// Records whether the connection of a lane is open.
    pub(super) fn set_connected(&mut self, lane: Lane, is_connected: bool) {
        match is_connected {
            true => self.connected.insert(lane),
            false => self.connected.remove(&lane),
        };
        self.consuming = self.lanes.keys().all(|lane| self.connected.contains(lane));
    }

    /// Returns the problem as a suffix of a message, `: …`; empty where there is none.
    pub(crate) fn problem_suffix(&self) -> String {
        self.problem.as_ref().map(|problem| format!(": {problem}")).unwrap_or_default()
    }

    /// Whether work can be consumed and results can be published.
    pub(crate) fn is_ready(&self) -> bool {
        let is_up = |lane: &LaneState| matches!(lane, LaneState::Consuming | LaneState::Paused);
        self.consuming && self.publishing && !self.blocked && self.lanes.values().all(is_up)
    }
}
