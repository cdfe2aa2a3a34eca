//! One line of a machine readable zone: cut from the page as a strip of fixed
//! height and recognised by the line network.
//!
//! For every position of the strip the network returns which character is
//! centred there, or the blank. Its weights are in `models/zone-lines.onnx`;
//! `models/README.md` states how they were made.

mod frames;
mod normalise;
mod recognise;
mod shape;
mod strip;

pub(crate) use frames::{ClassProbabilities, Frames};
pub use normalise::normalise;
pub(crate) use recognise::{recognise, warm};
pub use shape::{ALPHABET, BLANK, CLASSES, FRAMES, HEIGHT, PITCH, STRIDE, WIDTH, frame_middle};
pub(crate) use strip::{Orientation, Strip};
