//! From facts to a verdict at its reviewer: judging, attaching, erasing.

pub(crate) mod attach;
pub(crate) mod erase;
pub(crate) mod judging;
pub(crate) mod pictures;
pub(crate) mod report;
pub(crate) mod rulesets;
