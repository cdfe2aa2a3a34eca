//! What every long-running process needs: secrets, waiting times, logs, metrics, traces.

pub(crate) mod backoff;
pub(crate) mod failpoint;
pub(crate) mod jobs;
pub(crate) mod secret;
pub(crate) mod telemetry;
pub(crate) mod traces;
