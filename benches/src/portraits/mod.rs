//! Accuracy, steadiness and speed of measuring portraits whose content is known.

pub mod consistency;
pub mod measure;
pub mod score;
pub mod table;
pub mod truth;
pub mod vary;
