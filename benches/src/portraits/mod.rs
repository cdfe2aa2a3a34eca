//! How well portraits of known content are measured, how steadily, and how fast.

pub mod consistency;
pub mod look;
pub mod score;
pub mod table;
pub mod truth;
pub mod vary;
