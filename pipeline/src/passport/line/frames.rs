//! The output of the line network.

use super::shape::{BLANK, CLASSES, PITCH, STRIDE, frame_middle};

/// Probabilities of the alphabet's characters and of the blank.
pub(crate) type ClassProbabilities = [f32; CLASSES];

/// The network's output for a strip: one frame for every [`STRIDE`] pixels.
#[derive(Clone)]
pub(crate) struct Frames(pub(super) Vec<Frame>);

/// The network's output at one position of a strip.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    /// Probabilities of the alphabet's characters and of the blank.
    pub(crate) probabilities: ClassProbabilities,
    /// Distance of the text's centre line below that of the strip, in cap heights of the strip.
    pub(crate) offset: f32,
    /// Logarithm of the text's height relative to the strip's.
    pub(crate) height: f32,
}

impl Frames {
    /// Returns the number of positions: the frames and the midpoints between them.
    pub(crate) fn positions(&self) -> usize {
        (2 * self.0.len()).saturating_sub(1)
    }

    /// Returns a frame, or for odd positions the mean of two neighbours.
    pub(crate) fn frame_at(&self, position: usize) -> Frame {
        let (a, b) = (self.0[position / 2], self.0[position.div_ceil(2)]);
        let mean = |x: f32, y: f32| (x + y) / 2.0;
        let mut probabilities = a.probabilities;
        probabilities.iter_mut().zip(b.probabilities).for_each(|(p, other)| *p = mean(*p, other));
        Frame { probabilities, offset: mean(a.offset, b.offset), height: mean(a.height, b.height) }
    }

    /// Returns the distance in cells from the start of the strip to a position.
    pub(crate) fn cell_at(position: usize) -> f32 {
        (frame_middle(position) / 2.0 + 0.5) / PITCH
    }

    /// Returns the mean probability, 0..1, of a character between two cells,
    /// counted from the start of the strip.
    pub(crate) fn text_density_between(&self, from: f32, to: f32) -> f32 {
        let frame = |cell: f32| (cell * PITCH / STRIDE as f32).round().max(0.0) as usize;
        let frames = self.0.get(frame(from)..frame(to).min(self.0.len())).unwrap_or(&[]);
        let density: f32 = frames.iter().map(|frame| 1.0 - frame.probabilities[BLANK]).sum();
        density / frames.len().max(1) as f32
    }

    /// Returns the mean probability, 0..1, of a character in the strip: about 0.6
    /// where a zone is printed, near 0 elsewhere.
    pub(crate) fn text_density(&self) -> f32 {
        let density: f32 = self.0.iter().map(|frame| 1.0 - frame.probabilities[BLANK]).sum();
        density / self.0.len().max(1) as f32
    }
}
