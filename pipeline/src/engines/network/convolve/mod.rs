//! Convolutions whose sums are added in one order on every processor.
//!
//! A value of the output starts with the bias and adds one product after another:
//! input channels outermost, then rows and columns of the kernel. Products are
//! rounded before they are added. Vector registers hold neighbouring values of the
//! output, never parts of one sum, so their width changes no bit. rustc never joins
//! a multiplication and an addition.
//!
//! Unsafe code is allowed here for the calls of functions compiled for AVX2, which
//! are made only where the processor has it.
#![allow(unsafe_code)]

mod channel;
mod products;

use self::products::{ROWS, TILES};
use super::Tensor;
use super::bend::Bend;
use super::planes::Planes;
use super::spare::Spare;
use crate::engines::vector::VectorPath;

/// A convolution of every input channel, or of each channel by itself.
pub(super) struct Convolution {
    /// By four output channels, then by product, then by channel of the four.
    pub(super) weights: Vec<f32>,
    pub(super) bias: Vec<f32>,
    pub(super) kernel: [usize; 2],
    pub(super) strides: [usize; 2],
    /// Zeros before the first row and column, and after the last.
    pads: [usize; 4],
    pub(super) inputs: usize,
    each_by_itself: bool,
    pub(super) bend: Bend,
}

impl Convolution {
    /// `None` if the numbers contradict each other.
    pub(super) fn new(
        weights: &[f32],
        shape: [usize; 4],
        bias: Vec<f32>,
        groups: usize,
        strides: [usize; 2],
        pads: [usize; 4],
    ) -> Option<Self> {
        let [outputs, inputs, height, width] = shape;
        let each_by_itself = groups == outputs && inputs == 1;
        let fits = (groups == 1 || each_by_itself) && bias.len() == outputs;
        let products = inputs * height * width;
        let sizes = [outputs, products, strides[0], strides[1]];
        if !fits || sizes.contains(&0) || weights.len() != outputs * products {
            return None;
        }
        let packed = if each_by_itself { weights.to_vec() } else { pack_rows(weights, products) };
        Some(Self {
            weights: packed,
            bias,
            kernel: [height, width],
            strides,
            pads,
            inputs: if each_by_itself { groups } else { inputs },
            each_by_itself,
            bend: Bend::Nothing,
        })
    }

    /// Convolves, adds another tensor where there is one, and bends. `None` if the
    /// input has other channels or is smaller than the kernel, or if the other tensor
    /// does not have the shape of the output.
    pub(super) fn run(
        &self,
        input: &Tensor,
        added: Option<&Tensor>,
        path: VectorPath,
        spare: &mut Spare,
    ) -> Option<Tensor> {
        let [1, channels, height, width] = input.shape[..] else { return None };
        if channels != self.inputs || input.values.is_empty() {
            return None;
        }
        let size = [height + self.pads[0] + self.pads[2], width + self.pads[1] + self.pads[3]];
        let count = |i: usize| Some(size[i].checked_sub(self.kernel[i])? / self.strides[i] + 1);
        let (rows, columns) = (count(0)?, count(1)?);
        let shape = vec![1, self.bias.len(), rows, columns];
        if added.is_some_and(|added| added.shape != shape) {
            return None;
        }
        let added = added.map(|added| &added.values[..]);
        let needs_none = self.kernel == [1, 1] && self.pads == [0; 4] && self.strides[1] == 1;
        let planes = if self.each_by_itself || needs_none {
            Planes::as_they_are(&input.values, [height, width])
        } else {
            Planes::pad(&input.values, [height, width], self.pads, self.strides[1], spare)
        };
        let mut values = spare.take(self.bias.len() * rows * columns);
        match path {
            VectorPath::Baseline => self.fill::<8>(&planes, columns, added, &mut values, spare),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the path is a proof that the processor has AVX2.
            VectorPath::Avx2(_) => unsafe {
                self.fill_avx2(&planes, columns, added, &mut values, spare);
            },
        }
        planes.give_back(spare);
        Some(Tensor { shape, values })
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn fill_avx2(
        &self,
        input: &Planes<'_>,
        columns: usize,
        added: Option<&[f32]>,
        output: &mut [f32],
        spare: &mut Spare,
    ) {
        self.fill::<16>(input, columns, added, output, spare);
    }

    #[inline(always)]
    fn fill<const COLUMNS: usize>(
        &self,
        input: &Planes<'_>,
        columns: usize,
        added: Option<&[f32]>,
        output: &mut [f32],
        spare: &mut Spare,
    ) {
        let size = output.len() / self.bias.len();
        if self.each_by_itself {
            for (channel, plane) in output.chunks_exact_mut(size).enumerate() {
                let added = added.map(|added| &added[channel * size..]);
                // one at a time: it stays in the first cache
                let (values, size) = input.plane(channel);
                let input = Planes::pad(values, size, self.pads, self.strides[1], spare);
                if self.kernel == [3, 3] && self.strides == [1, 1] {
                    self.fill_plane(&input, channel, columns, added, plane);
                } else {
                    self.fill_plane_slowly(&input, channel, columns, added, plane);
                }
                input.give_back(spare);
            }
        } else {
            let mut patches = spare.take(TILES * self.products() * COLUMNS);
            for from in (0..size).step_by(COLUMNS * TILES) {
                let patches = patches.as_chunks_mut().0;
                self.fill_columns::<COLUMNS>(input, columns, from, added, output, patches);
            }
            spare.give(patches);
        }
    }

    /// Number of output channels.
    pub(super) fn outputs(&self) -> usize {
        self.bias.len()
    }

    pub(super) fn products(&self) -> usize {
        self.inputs * self.kernel[0] * self.kernel[1]
    }
}

/// Interleaves four rows of weights at a time; the last may lack some, which are zero.
fn pack_rows(weights: &[f32], products: usize) -> Vec<f32> {
    let mut packed = Vec::with_capacity(weights.len());
    for rows in weights.chunks(ROWS * products) {
        for product in 0..products {
            let weight = |row: usize| rows.get(row * products + product).copied().unwrap_or(0.0);
            packed.extend((0..ROWS).map(weight));
        }
    }
    packed
}
