//! Third-party engines, each behind a small type.

pub(crate) mod network;
pub mod tesseract;
