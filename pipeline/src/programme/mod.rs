//! Programmes: dated sets of rules. Every number, list and date has its legal source.
//!
//! A programme file is in force between two dates; the application's local date
//! selects it. Each stage has its own documents and rules. The code contains no
//! number of a rule, and a rule that no code applies is a fault of the file.

mod holidays;
mod model;
mod notes;
mod parse;
mod ranged_measures;
mod rules;
mod select;
mod stage;
mod validate;

pub use holidays::{DayKind, HolidayName, HolidayYear, Holidays, ListedDay};
pub use model::{Certainty, LegalSource, Programme};
pub use notes::{Entry, Notes, Places, Reapplication};
pub use parse::ProgrammeError;
pub(crate) use ranged_measures::RANGED_MEASURES;
pub use rules::{
    ExpiryWindow, Iin, MeasureRange, MillimetreRange, PoliceClearance, PortraitAge, PortraitColour,
    PortraitRatio, PortraitSize, Rules,
};
pub use select::ChosenProgramme;
pub use stage::{Clock, ClockStart, DayUnit, EarlyPassportValidity, PassportValidity, Stage, Step};
