//! One suite for every store, and faults for S3.

mod access_check;
mod behaviour;
mod download;
mod faults;
mod folder;
mod secrets;
mod store;
mod versions;
