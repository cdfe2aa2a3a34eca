//! How things stand with the broker, for readiness, metrics and people.

use std::collections::BTreeMap;
use std::fmt;

use lapin::ErrorKind;
use tokio::sync::watch;
use tracing::{info, warn};

use super::names::Lane;

/// How things stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BrokerState {
    /// Whether the connection that consumes is up.
    pub(crate) consuming: bool,
    /// Whether the connection that publishes is up.
    pub(crate) publishing: bool,
    /// Whether the broker holds publishers back, being short of memory or disk.
    pub(crate) blocked: bool,
    /// Each lane that is asked for.
    pub(crate) lanes: BTreeMap<Lane, LaneState>,
    /// Why a connection is not up.
    pub(crate) problem: Option<Problem>,
}

/// How a lane stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LaneState {
    /// Not yet, or not any more.
    Waiting,
    /// Deliveries come.
    Consuming,
    /// Told to pause.
    Paused,
    /// The broker refuses.
    Refused(Problem),
}

impl BrokerState {
    /// What stands in the way, to follow another word; empty where nothing does.
    pub(crate) fn problem_suffix(&self) -> String {
        self.problem.as_ref().map(|problem| format!(": {problem}")).unwrap_or_default()
    }

    /// Whether work can come in and results can go out.
    pub(crate) fn is_ready(&self) -> bool {
        let taken = |lane: &LaneState| matches!(lane, LaneState::Consuming | LaneState::Paused);
        self.consuming && self.publishing && !self.blocked && self.lanes.values().all(taken)
    }
}

/// What stands in the way, and what mends it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Problem {
    /// Nobody answers.
    #[error("the broker does not answer: {0}")]
    Unreachable(String),
    /// Wrong user or password.
    #[error("the broker refuses user or password: see deploy/rabbitmq/users.sh")]
    Login,
    /// No such virtual host, or not for this user.
    #[error(
        "the broker refuses the virtual host: import deploy/rabbitmq/definitions, then run users.sh"
    )]
    VirtualHost,
    /// Something is not there.
    #[error("`{0}` is missing at the broker: import deploy/rabbitmq/definitions")]
    Missing(String),
    /// Something is not allowed.
    #[error("`{0}` is not allowed to this user: run deploy/rabbitmq/users.sh")]
    Forbidden(String),
    /// The queue was deleted or has no leader.
    #[error("the broker ended the subscription to `{0}`")]
    Cancelled(String),
    /// Anything else, with the broker's code.
    #[error("the broker answers `{what}` with code {code}")]
    Code {
        /// What was asked for.
        what: String,
        /// The protocol's code.
        code: u16,
    },
    /// The address cannot be used.
    #[error("the broker's address is not one: amqp://user:password@host:port/vhost is asked for")]
    Address,
}

impl Problem {
    /// Whether a person has to mend it.
    pub(super) fn is_refusal(&self) -> bool {
        matches!(self, Self::Missing(_) | Self::Forbidden(_) | Self::Code { .. })
    }

    /// What the client's error means for `what`; the broker's own words are left out.
    pub(super) fn of(error: &lapin::Error, what: &str) -> Self {
        let ErrorKind::ProtocolError(said) = error.kind() else {
            return Self::Unreachable(unreachable(error.kind()));
        };
        match said.get_id() {
            403 => Self::Forbidden(what.to_owned()),
            404 => Self::Missing(what.to_owned()),
            code => Self::Code { what: what.to_owned(), code },
        }
    }

    /// What the client's error means while connecting.
    pub(super) fn of_connecting(error: &lapin::Error) -> Self {
        match Self::of(error, "connection") {
            Self::Forbidden(_) => Self::Login,
            Self::Code { code: 530, .. } | Self::Missing(_) => Self::VirtualHost,
            other => other,
        }
    }
}

fn unreachable(kind: &ErrorKind) -> String {
    match kind {
        ErrorKind::IOError(error) => error.kind().to_string(),
        ErrorKind::MissingHeartbeatError => "no heartbeat".to_owned(),
        ErrorKind::InvalidConnectionState(state) => format!("the connection is {state:?}"),
        ErrorKind::InvalidChannelState(state, _) => format!("the channel is {state:?}"),
        _ => "the connection was lost".to_owned(),
    }
}

/// Which of the two connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Consume,
    Publish,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Consume => "consume",
            Self::Publish => "publish",
        })
    }
}

/// Keeps state and gauges, and tells what changed once.
#[derive(Clone)]
pub(super) struct Reporter(pub(super) watch::Sender<BrokerState>);

impl Reporter {
    pub(super) fn connected(&self, role: Role) {
        info!(role = %role, "Connected to the broker to {role}");
        self.up(role, true, None);
    }

    pub(super) fn lost(&self, role: Role, problem: Problem) {
        let told = self.0.borrow().problem.as_ref() == Some(&problem);
        if !told {
            warn!(role = %role, "No connection to {role}: {problem}");
        }
        self.up(role, false, Some(problem));
    }

    /// The process ends its own connection.
    pub(super) fn closed(&self, role: Role) {
        self.up(role, false, None);
    }

    fn up(&self, role: Role, up: bool, problem: Option<Problem>) {
        metrics::gauge!("tekseru_amqp_connected", "role" => role.to_string()).set(f64::from(up));
        self.0.send_modify(|state| {
            match role {
                Role::Consume => state.consuming = up,
                Role::Publish => state.publishing = up,
            }
            state.problem = problem;
        });
        if role == Role::Publish && !up {
            self.blocked(false);
        }
    }

    pub(super) fn blocked(&self, blocked: bool) {
        metrics::gauge!("tekseru_amqp_blocked").set(f64::from(blocked));
        let changed = self
            .0
            .send_if_modified(|state| std::mem::replace(&mut state.blocked, blocked) != blocked);
        match (changed, blocked) {
            (true, true) => {
                warn!("The broker holds publishers back: it is short of memory or disk")
            }
            (true, false) => info!("The broker takes messages again"),
            (false, _) => {}
        }
    }

    pub(super) fn lane(&self, lane: Lane, now: LaneState) {
        let before = self.0.borrow().lanes.get(&lane).cloned();
        if before.as_ref() == Some(&now) {
            return;
        }
        match &now {
            LaneState::Consuming => info!(%lane, "Lane {lane} takes work"),
            LaneState::Paused => info!(%lane, "Lane {lane} is paused"),
            LaneState::Refused(problem) => warn!(%lane, "Lane {lane} cannot take work: {problem}"),
            LaneState::Waiting => {}
        }
        self.0.send_modify(|state| drop(state.lanes.insert(lane, now)));
    }
}
