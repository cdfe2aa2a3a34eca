//! Applications judged with and without vector paths.

mod compare;
mod draw;
mod judge;

pub use compare::{Difference, differences};
pub use draw::draw_application;
pub use judge::judge_folder;
