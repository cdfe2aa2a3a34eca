//! Programmes: dated sets of rules. Every number, list and date has its legal source.
//!
//! A programme file is in force between two dates; the application's local date
//! selects it. The code contains no number of a rule.

mod model;
mod parse;
mod ranged_measures;
mod rules;
mod select;
mod validate;

pub use model::{Certainty, LegalSource, Programme, Stage};
pub use parse::ProgrammeError;
pub(crate) use ranged_measures::RANGED_MEASURES;
pub use rules::{
    ExpiryWindow, Iin, MeasureRange, MillimetreRange, PassportValidity, PoliceClearance,
    PortraitAge, PortraitColour, PortraitRatio, PortraitSize, Review, Rules,
};
pub use select::ChosenProgramme;
