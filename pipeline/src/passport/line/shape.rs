//! The shapes of the line network's input and output.

/// Pixels of a strip per character pitch, and per height of capitals.
pub const PITCH: f32 = 16.0;
/// Height of a strip in pixels.
pub const HEIGHT: usize = 32;
/// Width in pixels of the strip of a 44-character line, with two pitches at each end.
pub const WIDTH: usize = 768;
/// Pixels from one output frame of the network to the next.
pub const STRIDE: usize = 4;
/// Output frames of a strip of [`WIDTH`] pixels.
pub const FRAMES: usize = WIDTH / STRIDE;
/// Characters of a zone in the order of the classes; the filler is class 0.
pub const ALPHABET: &[u8; 37] = b"<0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// The blank class: no character is centred on the frame.
pub const BLANK: usize = 37;
/// Number of classes: the alphabet and the blank.
pub const CLASSES: usize = 38;

/// Returns the pixel column of the strip on which a frame is centred.
#[must_use]
pub fn frame_middle(frame: usize) -> f32 {
    (frame * STRIDE) as f32
}
