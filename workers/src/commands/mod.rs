//! What a person types: one file or folder a command.

pub(crate) mod check;
pub(crate) mod contract;
pub(crate) mod declared;
pub(crate) mod doctor;
pub(crate) mod examine;
pub(crate) mod operate;
pub(crate) mod programme;
pub(crate) mod schema;
pub(crate) mod submit;
