//! The input of a convolution with its zeros around it.

use std::borrow::Cow;

use super::spare::Spare;

/// Values after the last plane, so that whole vectors can be read there.
const SLACK: usize = 16;

/// Channels of one size. A row has every `stride`th column side by side, then the
/// columns after those: values that a convolution reads together are neighbours.
pub(super) struct Planes<'a> {
    pub(super) values: Cow<'a, [f32]>,
    height: usize,
    /// From the start of a row to that of the next.
    pub(super) pitch: usize,
    stride: usize,
}

impl<'a> Planes<'a> {
    /// Takes planes without any padding.
    pub(super) fn as_they_are(values: &'a [f32], [height, width]: [usize; 2]) -> Self {
        Self { values: Cow::Borrowed(values), height, pitch: width, stride: 1 }
    }

    /// Copies planes with zeros above, left, below and right.
    pub(super) fn pad(
        values: &'a [f32],
        [height, width]: [usize; 2],
        [top, left, bottom, right]: [usize; 4],
        stride: usize,
        spare: &mut Spare,
    ) -> Self {
        let (high, pitch) =
            (top + height + bottom, (left + width + right).next_multiple_of(stride));
        let channels = values.len() / (height * width).max(1);
        let mut padded = spare.take(channels * high * pitch + SLACK);
        let planes = padded.chunks_exact_mut((high * pitch).max(1));
        for (to, from) in planes.zip(values.chunks_exact((height * width).max(1))) {
            to[..top * pitch].fill(0.0);
            to[(top + height) * pitch..].fill(0.0);
            let rows = to[top * pitch..].chunks_exact_mut(pitch.max(1));
            for (to, from) in rows.zip(from.chunks_exact(width.max(1))) {
                if stride == 1 {
                    to[..left].fill(0.0);
                    to[left..left + width].copy_from_slice(from);
                    to[left + width..].fill(0.0);
                    continue;
                }
                for (phase, to) in to.chunks_exact_mut(pitch / stride).enumerate() {
                    // the first column of this phase that is not padding
                    let skipped = left.saturating_sub(phase).div_ceil(stride);
                    let first = phase + skipped * stride - left;
                    to.fill(0.0);
                    let from = from.iter().skip(first).step_by(stride);
                    to.iter_mut().skip(skipped).zip(from).for_each(|(to, from)| *to = *from);
                }
            }
        }
        Self { values: Cow::Owned(padded), height: high, pitch, stride }
    }

    /// Returns the values of one channel, and their rows and columns.
    pub(super) fn plane(&self, channel: usize) -> (&[f32], [usize; 2]) {
        let size = self.height * self.pitch;
        (&self.values[channel * size..][..size], [self.height, self.pitch])
    }

    /// Returns the place of a column of the padded planes.
    #[inline(always)]
    pub(super) fn at(&self, channel: usize, y: usize, x: usize) -> usize {
        let column = x % self.stride * (self.pitch / self.stride) + x / self.stride;
        (channel * self.height + y) * self.pitch + column
    }

    /// Returns the values from a place on.
    #[inline(always)]
    pub(super) fn after<const N: usize>(&self, place: usize) -> &[f32; N] {
        self.values[place..].first_chunk().unwrap_or(&[0.0; N])
    }

    /// Keeps the buffer for another step.
    pub(super) fn give_back(self, spare: &mut Spare) {
        if let Cow::Owned(values) = self.values {
            spare.give(values);
        }
    }
}
