//! Engines, each behind a small type or function.

pub(crate) mod network;
pub(crate) mod resize;
pub mod tesseract;
pub mod vector;
