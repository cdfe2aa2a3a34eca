//! Engines that are not ours, each behind a small type of its own.

pub mod tesseract;
