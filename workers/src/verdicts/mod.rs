//! From facts to a verdict at its reviewer: judging, attaching, erasing.

pub(crate) mod attach;
pub(crate) mod delete;
pub(crate) mod evidence;
pub(crate) mod judging;
pub(crate) mod programmes;
pub(crate) mod report;
