//! Problems with the broker, each with its fix.

use lapin::ErrorKind;

/// A problem with the broker; its message says how to fix it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BrokerProblem {
    /// The broker does not respond.
    #[error("the broker does not answer: {0}")]
    Unreachable(String),
    /// User or password is wrong.
    #[error("the broker refuses user or password: see deploy/rabbitmq/users.sh")]
    Login,
    /// The virtual host does not exist, or this user may not use it.
    #[error(
        "the broker refuses the virtual host: import deploy/rabbitmq/definitions, then run users.sh"
    )]
    VirtualHost,
    /// A queue or exchange does not exist.
    #[error("`{0}` is missing at the broker: import deploy/rabbitmq/definitions")]
    Missing(String),
    /// The user lacks a permission.
    #[error("`{0}` is not allowed to this user: run deploy/rabbitmq/users.sh")]
    Forbidden(String),
    /// The queue was deleted or has no leader.
    #[error("the broker ended the subscription to `{0}`")]
    Cancelled(String),
    /// Anything else, with the broker's code.
    #[error("the broker answers `{what}` with code {code}")]
    Code {
        /// The queue, exchange or operation.
        what: String,
        /// The AMQP reply code.
        code: u16,
    },
    /// The address is invalid.
    #[error("the broker's address must have the form amqp://user:password@host:port/vhost")]
    Address,
}

impl BrokerProblem {
    pub(super) fn connection_lost() -> Self {
        Self::Unreachable(CONNECTION_LOST.to_owned())
    }

    /// Whether an operator has to fix it.
    pub(super) fn is_refusal(&self) -> bool {
        matches!(self, Self::Missing(_) | Self::Forbidden(_) | Self::Code { .. })
    }

    /// Converts an error of the client library about `what`; the broker's text is left out.
    pub(super) fn from_lapin(error: &lapin::Error, what: &str) -> Self {
        let ErrorKind::ProtocolError(error) = error.kind() else {
            return Self::Unreachable(unreachable(error.kind()));
        };
        match error.get_id() {
            403 => Self::Forbidden(what.to_owned()),
            404 => Self::Missing(what.to_owned()),
            code => Self::Code { what: what.to_owned(), code },
        }
    }

    /// Converts an error of the client library while connecting.
    pub(super) fn from_connecting(error: &lapin::Error) -> Self {
        match Self::from_lapin(error, "connection") {
            Self::Forbidden(_) => Self::Login,
            Self::Code { code: 530, .. } | Self::Missing(_) => Self::VirtualHost,
            other => other,
        }
    }
}

const CONNECTION_LOST: &str = "the connection was lost";

fn unreachable(kind: &ErrorKind) -> String {
    match kind {
        ErrorKind::IOError(error) => error.kind().to_string(),
        ErrorKind::MissingHeartbeatError => "no heartbeat".to_owned(),
        ErrorKind::InvalidConnectionState(state) => format!("the connection is {state:?}"),
        ErrorKind::InvalidChannelState(state, _) => format!("the channel is {state:?}"),
        _ => CONNECTION_LOST.to_owned(),
    }
}
