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

use super::Tensor;
use crate::engines::vector::VectorPath;

/// Output channels of one tile.
const ROWS: usize = 4;
/// Tiles packed at a time: as many as the second cache holds.
const TILES: usize = 8;

/// A convolution of every input channel, or of each channel by itself.
pub(super) struct Convolution {
    /// By four output channels, then by product, then by channel of the four.
    weights: Vec<f32>,
    bias: Vec<f32>,
    kernel: [usize; 2],
    strides: [usize; 2],
    /// Zeros before the first row and column, and after the last.
    pads: [usize; 4],
    inputs: usize,
    each_by_itself: bool,
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
        })
    }

    /// `None` if the input has other channels, or is smaller than the kernel.
    pub(super) fn run(&self, input: Tensor, path: VectorPath) -> Option<Tensor> {
        let [1, channels, height, width] = input.shape[..] else { return None };
        if channels != self.inputs {
            return None;
        }
        let padded = self.pad(input.values, [height, width]);
        let size = [padded.height, padded.width];
        let count = |i: usize| Some(size[i].checked_sub(self.kernel[i])? / self.strides[i] + 1);
        let (rows, columns) = (count(0)?, count(1)?);
        let mut values = vec![0.0; self.bias.len() * rows * columns];
        match path {
            VectorPath::Baseline => self.fill::<8>(&padded, columns, &mut values),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the path is a proof that the processor has AVX2.
            VectorPath::Avx2(_) => unsafe { self.fill_avx2(&padded, columns, &mut values) },
        }
        Some(Tensor { shape: vec![1, self.bias.len(), rows, columns], values })
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn fill_avx2(&self, input: &Planes, columns: usize, output: &mut [f32]) {
        self.fill::<16>(input, columns, output);
    }

    #[inline(always)]
    fn fill<const COLUMNS: usize>(&self, input: &Planes, columns: usize, output: &mut [f32]) {
        let size = output.len() / self.bias.len();
        if self.each_by_itself {
            for (channel, plane) in output.chunks_exact_mut(size).enumerate() {
                for (y, row) in plane.chunks_exact_mut(columns).enumerate() {
                    self.fill_row(input, channel, y, row);
                }
            }
        } else {
            for from in (0..size).step_by(COLUMNS * TILES) {
                self.fill_columns::<COLUMNS>(input, columns, from, output);
            }
        }
    }

    /// Fills one row of a channel that is convolved by itself.
    #[inline(always)]
    fn fill_row(&self, input: &Planes, channel: usize, y: usize, row: &mut [f32]) {
        let [height, width] = self.kernel;
        row.fill(self.bias[channel]);
        for (i, weight) in
            self.weights[channel * height * width..][..height * width].iter().enumerate()
        {
            let from = input.at(channel, y * self.strides[0] + i / width, i % width);
            let pixels = &input.values[from..];
            if self.strides[1] == 1 {
                row.iter_mut().zip(pixels).for_each(|(sum, pixel)| *sum += weight * pixel);
            } else {
                let pixels = pixels.iter().step_by(self.strides[1]);
                row.iter_mut().zip(pixels).for_each(|(sum, pixel)| *sum += weight * pixel);
            }
        }
    }

    /// Fills some columns of the product of weights and patches.
    #[inline(always)]
    fn fill_columns<const COLUMNS: usize>(
        &self,
        input: &Planes,
        columns: usize,
        from: usize,
        output: &mut [f32],
    ) {
        let size = output.len() / self.bias.len();
        let products = self.inputs * self.kernel[0] * self.kernel[1];
        let tiles = (size - from).div_ceil(COLUMNS).min(TILES);
        let mut patches = Vec::with_capacity(tiles * products);
        for tile in 0..tiles {
            self.pack_patches::<COLUMNS>(input, columns, from + tile * COLUMNS, size, &mut patches);
        }
        for (block, weights) in self.weights.chunks_exact(ROWS * products).enumerate() {
            let channels = block * ROWS..self.bias.len().min((block + 1) * ROWS);
            let bias =
                std::array::from_fn(|i| self.bias.get(block * ROWS + i).copied().unwrap_or(0.0));
            for (tile, patches) in patches.chunks_exact(products).enumerate() {
                let sums = multiply(weights.as_chunks().0, patches, bias);
                let first = from + tile * COLUMNS;
                let count = COLUMNS.min(size - first);
                for (channel, sums) in channels.clone().zip(&sums) {
                    output[channel * size + first..][..count].copy_from_slice(&sums[..count]);
                }
            }
        }
    }

    /// Appends the input of some neighbouring output values, product by product.
    #[inline(always)]
    fn pack_patches<const COLUMNS: usize>(
        &self,
        input: &Planes,
        columns: usize,
        first: usize,
        size: usize,
        patches: &mut Vec<[f32; COLUMNS]>,
    ) {
        let places: [usize; COLUMNS] = std::array::from_fn(|i| {
            // beyond the end: any place; the values are not used
            let at = (first + i).min(size - 1);
            input.at(0, at / columns * self.strides[0], at % columns * self.strides[1])
        });
        let neighbours = places.windows(2).all(|pair| pair[1] == pair[0] + 1);
        for channel in 0..self.inputs {
            for y in 0..self.kernel[0] {
                for x in 0..self.kernel[1] {
                    let pixels = &input.values[input.at(channel, y, x)..];
                    let near = pixels[places[0]..].first_chunk().filter(|_| neighbours);
                    patches
                        .push(near.copied().unwrap_or_else(|| places.map(|place| pixels[place])));
                }
            }
        }
    }

    fn pad(&self, values: Vec<f32>, [height, width]: [usize; 2]) -> Planes {
        let [top, left, bottom, right] = self.pads;
        if self.pads == [0; 4] {
            return Planes { values, height, width };
        }
        let mut padded = Planes {
            values: Vec::new(),
            height: height + top + bottom,
            width: width + left + right,
        };
        padded.values.resize(self.inputs * padded.height * padded.width, 0.0);
        for (i, row) in values.chunks_exact(width).enumerate() {
            let to = padded.at(i / height, top + i % height, left);
            padded.values[to..][..width].copy_from_slice(row);
        }
        padded
    }
}

/// Channels of one size.
struct Planes {
    values: Vec<f32>,
    height: usize,
    width: usize,
}

impl Planes {
    #[inline(always)]
    fn at(&self, channel: usize, y: usize, x: usize) -> usize {
        (channel * self.height + y) * self.width + x
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
fn add_products<const COLUMNS: usize>(
    sums: &mut [f32; COLUMNS],
    weight: f32,
    pixels: &[f32; COLUMNS],
) {
    for (sum, pixel) in sums.iter_mut().zip(pixels) {
        *sum += weight * pixel;
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
