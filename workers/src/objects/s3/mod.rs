//! A store that speaks S3: path-style addresses, fixed credentials, limits on everything.

mod client;
mod download;
mod sdk_error;
mod store;
mod throughput;
mod versions;

pub(crate) use store::S3;
