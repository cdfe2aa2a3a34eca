//! Reports changes of the broker connections: state, gauges and logs.

use std::fmt;

use tokio::sync::watch;
use tracing::{info, warn};

use super::lane::Lane;
use super::problem::BrokerProblem;
use super::state::{BrokerState, LaneState};

/// The purpose of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Consumes messages that no worker takes.
    Consume,
    /// Consumes a lane.
    Lane(Lane),
    Publish,
}

impl Role {
    /// Returns the name in metrics.
    fn name(self) -> &'static str {
        match self {
            Self::Consume | Self::Lane(_) => "consume",
            Self::Publish => "publish",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lane(lane) => write!(f, "consume {lane}"),
            Self::Consume | Self::Publish => f.write_str(self.name()),
        }
    }
}

/// Updates the state and the gauges, and logs every change once.
#[derive(Clone)]
pub(super) struct Reporter(pub(super) watch::Sender<BrokerState>);

impl Reporter {
    pub(super) fn connected(&self, role: Role) {
        info!(role = %role, "Connected to the broker to {role}");
        self.set_connected(role, true, None);
    }

    pub(super) fn lost(&self, role: Role, problem: BrokerProblem) {
        let is_logged = self.0.borrow().problem.as_ref() == Some(&problem);
        if !is_logged {
            warn!(role = %role, "No connection to {role}: {problem}");
        }
        self.set_connected(role, false, Some(problem));
    }

    /// Records that this process closed its connection.
    pub(super) fn closed(&self, role: Role) {
        self.set_connected(role, false, None);
    }

    fn set_connected(&self, role: Role, is_connected: bool, problem: Option<BrokerProblem>) {
        let mut are_all_connected = is_connected;
        self.0.send_modify(|state| {
            match role {
                Role::Consume => state.consuming = is_connected,
                Role::Lane(lane) => {
                    state.set_connected(lane, is_connected);
                    are_all_connected = state.consuming;
                }
                Role::Publish => state.publishing = is_connected,
            }
            state.problem = problem;
        });
        metrics::gauge!("tekseru_amqp_connected", "role" => role.name())
            .set(f64::from(are_all_connected));
        if role == Role::Publish && !is_connected {
            self.set_blocked(false);
        }
    }

    pub(super) fn set_blocked(&self, blocked: bool) {
        metrics::gauge!("tekseru_amqp_blocked").set(f64::from(blocked));
        let changed = self
            .0
            .send_if_modified(|state| std::mem::replace(&mut state.blocked, blocked) != blocked);
        match (changed, blocked) {
            (true, true) => {
                warn!("The broker blocks publishers: it is short of memory or disk")
            }
            (true, false) => info!("The broker accepts messages again"),
            (false, _) => {}
        }
    }

    pub(super) fn set_lane(&self, lane: Lane, now: LaneState) {
        let before = self.0.borrow().lanes.get(&lane).cloned();
        if before.as_ref() == Some(&now) {
            return;
        }
        match &now {
            LaneState::Consuming => info!(%lane, "Lane {lane} is consumed"),
            LaneState::Paused => info!(%lane, "Lane {lane} is paused"),
            LaneState::Refused(problem) => {
                warn!(%lane, "Lane {lane} cannot be consumed: {problem}")
            }
            LaneState::Waiting => {}
        }
        self.0.send_modify(|state| drop(state.lanes.insert(lane, now)));
    }
}
