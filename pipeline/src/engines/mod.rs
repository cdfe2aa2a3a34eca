//! Engines that are not ours, each behind a small type of its own.

pub(crate) mod network;
pub mod tesseract;
