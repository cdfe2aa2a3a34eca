//! One suite for every store, and faults for S3.

mod behaviour;
mod checks;
mod faults;
mod folder;
mod secrets;
mod store;
mod transfer;
