//! A perceptron with two hidden layers, Adam and cross-entropy.

use crate::draw::Random;

/// One fully connected layer, weights row by row (one row an output).
struct Layer {
    inputs: usize,
    outputs: usize,
    weights: Vec<f32>,
    gradient: Vec<f32>,
    mean: Vec<f32>,
    square: Vec<f32>,
}

/// The network and what training keeps beside it.
pub(crate) struct Net {
    layers: Vec<Layer>,
    steps: i32,
}

const SMOOTHING: f32 = 0.02;

impl Net {
    pub(crate) fn new(sizes: &[usize], seed: u64) -> Self {
        let mut random = Random(seed);
        let layers = sizes.windows(2).map(|pair| Layer::new(pair[0], pair[1], &mut random));
        Self { layers: layers.collect(), steps: 0 }
    }

    /// Adds one sample's gradient; gives its loss and whether the best class was right.
    pub(crate) fn learn(&mut self, input: &[f32], class: usize) -> (f32, bool) {
        let mut values = vec![input.to_vec()];
        for (i, layer) in self.layers.iter().enumerate() {
            let mut out = layer.forward(&values[i]);
            if i + 1 < self.layers.len() {
                out.iter_mut().for_each(|v| *v = v.max(0.0));
            }
            values.push(out);
        }
        let scores = &values[self.layers.len()];
        let top = scores.iter().copied().fold(f32::MIN, f32::max);
        let sum: f32 = scores.iter().map(|s| (s - top).exp()).sum();
        let loss = sum.ln() + top - scores[class];
        let right = scores[class] >= top;
        let spread = SMOOTHING / scores.len() as f32;
        let mut error: Vec<f32> = scores.iter().map(|s| (s - top).exp() / sum - spread).collect();
        error[class] -= 1.0 - SMOOTHING;
        for (i, layer) in self.layers.iter_mut().enumerate().rev() {
            let mut below = layer.backward(&values[i], &error);
            if i > 0 {
                below.iter_mut().zip(&values[i]).for_each(|(e, v)| {
                    if *v <= 0.0 {
                        *e = 0.0;
                    }
                });
            }
            error = below;
        }
        (loss, right)
    }

    /// One Adam step over the gradients gathered since the last.
    pub(crate) fn step(&mut self, rate: f32, batch: usize) {
        self.steps += 1;
        let rate =
            rate * (1.0 - 0.999f32.powi(self.steps)).sqrt() / (1.0 - 0.9f32.powi(self.steps));
        for layer in &mut self.layers {
            let moments = layer.mean.iter_mut().zip(&mut layer.square);
            let weights = layer.weights.iter_mut().zip(&mut layer.gradient);
            for ((weight, gradient), (mean, square)) in weights.zip(moments) {
                let g = *gradient / batch as f32;
                *mean = 0.9 * *mean + 0.1 * g;
                *square = 0.999 * *square + 0.001 * g * g;
                *weight -= rate * *mean / (square.sqrt() + 1e-8);
                *gradient = 0.0;
            }
        }
    }

    /// Every row as its scale (f32), its bias (f32) and one signed byte a weight.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for layer in &self.layers {
            for row in layer.weights.chunks(layer.inputs + 1) {
                let (bias, row) = row.split_last().unwrap();
                let scale = row.iter().fold(1e-12f32, |m, w| m.max(w.abs())) / 127.0;
                bytes.extend(scale.to_le_bytes());
                bytes.extend(bias.to_le_bytes());
                bytes.extend(row.iter().map(|w| (w / scale).round() as i8 as u8));
            }
        }
        bytes
    }
}

impl Layer {
    fn new(inputs: usize, outputs: usize, random: &mut Random) -> Self {
        let reach = (6.0 / inputs as f32).sqrt();
        let count = (inputs + 1) * outputs;
        let weights = (0..count).map(|i| {
            let bias = i % (inputs + 1) == inputs;
            if bias { 0.0 } else { random.range(-reach, reach) }
        });
        Self {
            inputs,
            outputs,
            weights: weights.collect(),
            gradient: vec![0.0; count],
            mean: vec![0.0; count],
            square: vec![0.0; count],
        }
    }

    fn forward(&self, input: &[f32]) -> Vec<f32> {
        self.weights
            .chunks(self.inputs + 1)
            .map(|row| dot(&row[..self.inputs], input) + row[self.inputs])
            .collect()
    }

    fn backward(&mut self, input: &[f32], error: &[f32]) -> Vec<f32> {
        let mut below = vec![0.0; self.inputs];
        for (o, e) in error.iter().enumerate().take(self.outputs) {
            if *e == 0.0 {
                continue;
            }
            let start = o * (self.inputs + 1);
            let row = &self.weights[start..start + self.inputs];
            below.iter_mut().zip(row).for_each(|(b, w)| *b += e * w);
            let gradient = &mut self.gradient[start..=start + self.inputs];
            gradient.iter_mut().zip(input).for_each(|(g, x)| *g += e * x);
            gradient[self.inputs] += e;
        }
        below
    }
}

/// Eight running sums, so that the compiler can use wide registers.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; 8];
    let (a, b) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a.remainder().iter().zip(b.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a.zip(b) {
        for i in 0..8 {
            sums[i] += x[i] * y[i];
        }
    }
    sums.iter().sum::<f32>() + rest
}
