//! Buffers of a run that later steps use again: the kernel clears every fresh page.

/// Most buffers that are kept: a step reads two values, writes one and has two more.
const MOST: usize = 8;

/// Buffers that are free.
#[derive(Default)]
pub(super) struct Spare(Vec<Vec<f32>>);

impl Spare {
    /// Returns a buffer of a length; its values are left over from other uses.
    pub(super) fn take(&mut self, length: usize) -> Vec<f32> {
        let fits = |i: &usize| self.0[*i].capacity() >= length;
        let best = (0..self.0.len()).filter(fits).min_by_key(|i| self.0[*i].capacity());
        let mut buffer = best.map(|i| self.0.swap_remove(i)).unwrap_or_default();
        buffer.resize(length, 0.0);
        buffer
    }

    /// Keeps a buffer that is not needed any more, in the place of the smallest where
    /// there are many.
    pub(super) fn give(&mut self, buffer: Vec<f32>) {
        self.0.push(buffer);
        if self.0.len() > MOST {
            let smallest = (0..self.0.len()).min_by_key(|i| self.0[*i].capacity());
            smallest.map(|i| self.0.swap_remove(i));
        }
    }
}
