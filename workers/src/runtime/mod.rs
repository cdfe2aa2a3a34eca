//! Support for long-running processes: secrets, users, connections, backoff, the clock, parallel
//! jobs, logs, metrics, traces, and fail points.

pub(crate) mod backoff;
pub(crate) mod clock;
pub(crate) mod control_group;
pub(crate) mod failpoint;
pub(crate) mod jobs;
pub(crate) mod process;
pub(crate) mod secret;
pub(crate) mod telemetry;
pub(crate) mod traces;
pub(crate) mod transport;
pub(crate) mod user;
