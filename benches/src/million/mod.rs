//! A registry with a million applications: filled from one real application, then measured.

pub mod dead_letters;
pub mod fill;
pub mod judging;
pub mod measure;
pub mod report;
pub mod statements;
pub mod template;
