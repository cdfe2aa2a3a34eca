//! Classifies single character cells of a zone.
//!
//! A perceptron with two hidden layers over a patch one and a half pitches
//! square. Its weights are in `models/ocrb-cells.bin`; how they were made is
//! beside them.

use std::sync::LazyLock;

/// Pixels of a patch to one character pitch.
pub const PITCH: f32 = 16.0;
/// Pixels of a patch, across.
pub const WIDTH: usize = 24;
/// Pixels of a patch, down.
pub const HEIGHT: usize = 24;
/// Values that go into the network.
pub const INPUTS: usize = WIDTH * HEIGHT;
/// Sizes of the hidden layers.
pub const HIDDEN: [usize; 2] = [128, 64];
/// Characters of a zone in the order of the classes; the filler is class 0.
pub const ALPHABET: &[u8; 37] = b"<0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// The class of a patch that has no character in its middle.
pub const JUNK: usize = 37;
/// Classes: the alphabet and junk.
pub const CLASSES: usize = 38;

/// Takes away the mean and divides by the spread, or by `least` where that is
/// more: an empty patch must not have its grain blown up to letters.
pub fn normalise(patch: &mut [f32; INPUTS], least: f32) {
    let mean = patch.iter().sum::<f32>() / INPUTS as f32;
    let square = patch.iter().map(|v| (v - mean) * (v - mean)).sum::<f32>();
    let spread = (square / INPUTS as f32).sqrt().max(least).max(1e-6);
    patch.iter_mut().for_each(|v| *v = (*v - mean) / spread);
}

static WEIGHTS: &[u8] = crate::models::OCRB_CELLS.bytes;
static NET: LazyLock<Net> = LazyLock::new(|| Net::from_bytes(WEIGHTS));

struct Net(Vec<Layer>);

/// Outputs that are summed side by side, so that they stay in registers.
const BLOCK: usize = 32;

/// Fully connected. Outputs lie in blocks; a block holds, input by input, the
/// weights of all its outputs. Outputs beyond the last have no weight.
struct Layer {
    inputs: usize,
    outputs: usize,
    blocks: Vec<Vec<[f32; BLOCK]>>,
    biases: Vec<[f32; BLOCK]>,
}

impl Net {
    /// Each row is its scale and bias (f32, little endian) and one signed byte a weight.
    fn from_bytes(bytes: &[u8]) -> Self {
        let sizes = [INPUTS, HIDDEN[0], HIDDEN[1], CLASSES];
        let mut rest = bytes;
        let layers = sizes.windows(2).map(|pair| {
            let (rows, after) = rest.split_at(pair[1] * (pair[0] + 8));
            rest = after;
            Layer::from_rows(rows, pair[0])
        });
        Self(layers.collect())
    }

    fn scores(&self, input: &[f32]) -> Vec<f32> {
        let mut values = input.to_vec();
        for (i, layer) in self.0.iter().enumerate() {
            values = layer.forward(&values);
            if i + 1 < self.0.len() {
                values.iter_mut().for_each(|v| *v = v.max(0.0));
            }
        }
        values
    }
}

impl Layer {
    fn from_rows(rows: &[u8], inputs: usize) -> Self {
        let float = |b: &[u8]| f32::from_le_bytes([b[0], b[1], b[2], b[3]]);
        let outputs = rows.len() / (inputs + 8);
        let count = outputs.div_ceil(BLOCK);
        let mut blocks = vec![vec![[0.0; BLOCK]; inputs]; count];
        let mut biases = vec![[0.0; BLOCK]; count];
        for (output, row) in rows.chunks_exact(inputs + 8).enumerate() {
            let (block, lane) = (output / BLOCK, output % BLOCK);
            let scale = float(&row[..4]);
            biases[block][lane] = float(&row[4..8]);
            for (input, weight) in row[8..].iter().enumerate() {
                blocks[block][input][lane] = f32::from(*weight as i8) * scale;
            }
        }
        Self { inputs, outputs, blocks, biases }
    }

    fn forward(&self, input: &[f32]) -> Vec<f32> {
        debug_assert_eq!(input.len(), self.inputs);
        let mut out = Vec::with_capacity(self.blocks.len() * BLOCK);
        for (block, bias) in self.blocks.iter().zip(&self.biases) {
            let mut sums = *bias;
            for (weights, value) in block.iter().zip(input) {
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum += weight * value;
                }
            }
            out.extend(sums);
        }
        out.truncate(self.outputs);
        out
    }
}

/// Logarithms of the probability of each class.
#[must_use]
pub fn classify(patch: &[f32; INPUTS]) -> [f32; CLASSES] {
    let scores = NET.scores(patch);
    let top = scores.iter().copied().fold(f32::MIN, f32::max);
    let sum = scores.iter().map(|s| (s - top).exp()).sum::<f32>().ln() + top;
    let mut out = [f32::MIN; CLASSES];
    out.iter_mut().zip(scores).for_each(|(o, s)| *o = s - sum);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_file_is_as_long_as_the_network() {
        let rows = |inputs: usize, outputs: usize| outputs * (inputs + 8);
        let whole = rows(INPUTS, HIDDEN[0]) + rows(HIDDEN[0], HIDDEN[1]) + rows(HIDDEN[1], CLASSES);
        assert_eq!(WEIGHTS.len(), whole);
    }

    #[test]
    fn probabilities_sum_to_one() {
        let sum: f32 = classify(&[0.0; INPUTS]).iter().map(|l| l.exp()).sum();
        assert!((sum - 1.0).abs() < 1e-4);
    }

    #[test]
    fn grain_is_not_blown_up() {
        let mut patch = [0.0; INPUTS];
        patch[0] = 0.01;
        normalise(&mut patch, 1.0);
        assert!(patch.iter().all(|v| v.abs() < 0.02));
    }
}
