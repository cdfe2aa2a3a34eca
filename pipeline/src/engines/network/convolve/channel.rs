//! Convolutions of each channel by itself.

use std::array::from_fn;

use super::Convolution;
use super::products::add_products;
use crate::engines::network::planes::Planes;

/// Neighbouring values of one channel that are convolved together.
const STRIP: usize = 8;

impl Convolution {
    /// Fills a channel that is convolved by itself with three by three weights, from its
    /// padded plane.
    #[inline(always)]
    pub(super) fn fill_plane(
        &self,
        input: &Planes<'_>,
        channel: usize,
        columns: usize,
        added: Option<&[f32]>,
        plane: &mut [f32],
    ) {
        let Some(weights) = self.weights[channel * 9..].first_chunk::<9>() else { return };
        for (y, row) in plane.chunks_exact_mut(columns).enumerate() {
            let start = input.at(0, y, 0);
            for (strip, to) in row.chunks_mut(STRIP).enumerate() {
                let x = strip * STRIP;
                let rows = from_fn(|i| input.after(start + i * input.pitch + x));
                let sums = convolve_strip(weights.as_chunks().0, rows, self.bias[channel]);
                self.bend.finish(channel, sums, added.map(|added| &added[y * columns + x..]), to);
            }
        }
    }

    /// Fills a channel that is convolved by itself, from its padded plane.
    #[inline(always)]
    pub(super) fn fill_plane_slowly(
        &self,
        input: &Planes<'_>,
        channel: usize,
        columns: usize,
        added: Option<&[f32]>,
        plane: &mut [f32],
    ) {
        let [height, width] = self.kernel;
        let weights = &self.weights[channel * height * width..][..height * width];
        for (y, row) in plane.chunks_exact_mut(columns).enumerate() {
            row.fill(self.bias[channel]);
            for (i, weight) in weights.iter().enumerate() {
                let from = input.at(0, y * self.strides[0] + i / width, i % width);
                let pixels = &input.values[from..];
                row.iter_mut().zip(pixels).for_each(|(sum, pixel)| *sum += weight * pixel);
            }
            for (x, to) in row.chunks_mut(STRIP).enumerate() {
                let sums: [f32; STRIP] = from_fn(|i| to.get(i).copied().unwrap_or_default());
                self.bend.finish(
                    channel,
                    sums,
                    added.map(|added| &added[y * columns + x * STRIP..]),
                    to,
                );
            }
        }
    }
}

/// Convolves one strip with three by three weights.
#[inline(always)]
fn convolve_strip(weights: &[[f32; 3]], rows: [&[f32; STRIP + 2]; 3], bias: f32) -> [f32; STRIP] {
    let mut sums = [bias; STRIP];
    for (weights, row) in weights.iter().zip(rows) {
        let [a, b, c] = [0, 1, 2].map(|x| row[x..].first_chunk().unwrap_or(&[0.0; STRIP]));
        add_products(&mut sums, weights[0], a);
        add_products(&mut sums, weights[1], b);
        add_products(&mut sums, weights[2], c);
    }
    sums
}
