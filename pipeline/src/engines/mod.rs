//! Runtimes behind small types: nothing of them is seen outside.

pub(crate) mod network;
