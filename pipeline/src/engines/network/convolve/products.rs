//! Convolutions of every input channel: products of weights and patches of the input.

use std::array::from_fn;

use super::Convolution;
use crate::engines::network::planes::Planes;

/// Output channels of one tile.
pub(super) const ROWS: usize = 4;
/// Tiles packed at a time: as many as the second cache holds.
pub(super) const TILES: usize = 8;

impl Convolution {
    /// Fills some columns of the product of weights and patches.
    #[inline(always)]
    pub(super) fn fill_columns<const COLUMNS: usize>(
        &self,
        input: &Planes<'_>,
        columns: usize,
        from: usize,
        added: Option<&[f32]>,
        output: &mut [f32],
        patches: &mut [[f32; COLUMNS]],
    ) {
        let size = output.len() / self.bias.len();
        let products = self.products();
        let tiles = (size - from).div_ceil(COLUMNS).min(TILES);
        if self.kernel == [1, 1] && (input.pitch, self.strides) == (columns, [1, 1]) {
            self.pack_rows_of_values(input, from, size, patches);
        } else {
            for (tile, patches) in patches.chunks_exact_mut(products).take(tiles).enumerate() {
                self.pack_patches::<COLUMNS>(input, columns, from + tile * COLUMNS, size, patches);
            }
        }
        for (block, weights) in self.weights.chunks_exact(ROWS * products).enumerate() {
            let channels = block * ROWS..self.bias.len().min((block + 1) * ROWS);
            let bias = from_fn(|i| self.bias.get(block * ROWS + i).copied().unwrap_or(0.0));
            for (tile, patches) in patches.chunks_exact(products).take(tiles).enumerate() {
                let sums = multiply(weights.as_chunks().0, patches, bias);
                let first = from + tile * COLUMNS;
                let count = COLUMNS.min(size - first);
                for (channel, sums) in channels.clone().zip(sums) {
                    let at = channel * size + first;
                    self.bend.finish(
                        channel,
                        sums,
                        added.map(|added| &added[at..]),
                        &mut output[at..at + count],
                    );
                }
            }
        }
    }

    /// As `pack_patches`, for all tiles at once, where each product has one channel: its
    /// values lie in a row.
    #[inline(always)]
    fn pack_rows_of_values<const COLUMNS: usize>(
        &self,
        input: &Planes<'_>,
        from: usize,
        size: usize,
        patches: &mut [[f32; COLUMNS]],
    ) {
        for channel in 0..self.inputs {
            let row = &input.values[channel * size + from..(channel + 1) * size];
            let (whole, rest) = row.as_chunks::<COLUMNS>();
            let mut places = patches[channel..].iter_mut().step_by(self.inputs);
            whole.iter().zip(&mut places).for_each(|(values, to)| *to = *values);
            // the values beyond the end are not used
            places.next().into_iter().for_each(|to| to[..rest.len()].copy_from_slice(rest));
        }
    }

    /// Copies the input of some neighbouring output values, product by product.
    #[inline(always)]
    fn pack_patches<const COLUMNS: usize>(
        &self,
        input: &Planes<'_>,
        columns: usize,
        first: usize,
        size: usize,
        patches: &mut [[f32; COLUMNS]],
    ) {
        let places: [usize; COLUMNS] = from_fn(|i| {
            // beyond the end: any place; the values are not used
            let at = (first + i).min(size - 1);
            input.at(0, at / columns * self.strides[0], 0) + at % columns
        });
        let neighbours = places.windows(2).all(|pair| pair[1] == pair[0] + 1);
        let mut patches = patches.iter_mut();
        for channel in 0..self.inputs {
            for y in 0..self.kernel[0] {
                for (x, patch) in (0..self.kernel[1]).zip(&mut patches) {
                    let pixels = &input.values[input.at(channel, y, x)..];
                    match pixels[places[0]..].first_chunk() {
                        Some(near) if neighbours => *patch = *near,
                        _ => patch.iter_mut().zip(places).for_each(|(to, at)| *to = pixels[at]),
                    }
                }
            }
        }
    }
}

/// Adds the products of four rows of weights and some columns to the bias.
#[inline(always)]
fn multiply<const COLUMNS: usize>(
    weights: &[[f32; ROWS]],
    patches: &[[f32; COLUMNS]],
    bias: [f32; ROWS],
) -> [[f32; COLUMNS]; ROWS] {
    let [mut a, mut b, mut c, mut d] = bias.map(|bias| [bias; COLUMNS]);
    for (weights, pixels) in weights.iter().zip(patches) {
        // one array each: the compiler keeps them in registers
        add_products(&mut a, weights[0], pixels);
        add_products(&mut b, weights[1], pixels);
        add_products(&mut c, weights[2], pixels);
        add_products(&mut d, weights[3], pixels);
    }
    [a, b, c, d]
}

#[inline(always)]
pub(super) fn add_products<const COLUMNS: usize>(
    sums: &mut [f32; COLUMNS],
    weight: f32,
    pixels: &[f32; COLUMNS],
) {
    for (sum, pixel) in sums.iter_mut().zip(pixels) {
        *sum += weight * pixel;
    }
}
