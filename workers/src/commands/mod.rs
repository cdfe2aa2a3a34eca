//! The commands of `tekseru`: one file or folder each, and the code that they share.

mod application_folder;
pub(crate) mod check;
pub(crate) mod contract;
mod declared_media_type;
pub(crate) mod doctor;
pub(crate) mod examine;
pub(crate) mod operate;
pub(crate) mod programme;
mod results;
pub(crate) mod schema;
pub(crate) mod submit;
mod verdict_table;
