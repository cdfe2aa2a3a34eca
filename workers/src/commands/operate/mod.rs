//! Commands of operators: they show running, waiting and failed work, and act on it.

mod age;
pub(crate) mod audit;
pub(crate) mod dead;
pub(crate) mod lanes;
pub(crate) mod migrate;
pub(crate) mod portal;
pub(crate) mod recheck;
mod registry_access;
pub(crate) mod reproduce;
pub(crate) mod status;
pub(crate) mod verdict;
pub(crate) mod withdraw;
