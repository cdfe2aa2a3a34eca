//! The operations of a network other than convolutions. Each is exact: it moves
//! values, compares two, or does one calculation with each.

use super::Tensor;

impl Tensor {
    /// Sets negative values to zero.
    pub(super) fn rectify(mut self) -> Self {
        self.values.iter_mut().for_each(|value| *value = if *value > 0.0 { *value } else { 0.0 });
        self
    }

    /// Multiplies the negative values of each channel by its slope.
    pub(super) fn rectify_by(mut self, slopes: &[f32]) -> Option<Self> {
        let [1, channels, height, width] = self.shape[..] else { return None };
        if channels != slopes.len() || height * width == 0 {
            return None;
        }
        for (plane, slope) in self.values.chunks_exact_mut(height * width).zip(slopes) {
            let bent = |value: f32| if value > 0.0 { value } else { value * slope };
            plane.iter_mut().for_each(|value| *value = bent(*value));
        }
        Some(self)
    }

    /// Adds a tensor of the same shape.
    pub(super) fn add(mut self, other: &Self) -> Option<Self> {
        let pairs = self.values.iter_mut().zip(&other.values);
        pairs.for_each(|(value, other)| *value += other);
        (self.shape == other.shape).then_some(self)
    }

    /// Returns the highest of each two by two values.
    pub(super) fn halve(&self) -> Option<Self> {
        let [1, channels, height, width] = self.shape[..] else { return None };
        let (rows, columns) = (height / 2, width / 2);
        let mut values = Vec::with_capacity(channels * rows * columns);
        for channel in 0..channels {
            for y in 0..rows {
                let row = |y: usize| {
                    self.values[(channel * height + y) * width..][..width].as_chunks::<2>().0
                };
                let pairs = row(2 * y).iter().zip(row(2 * y + 1));
                values.extend(pairs.map(|([a, b], [c, d])| higher(higher(*a, *b), higher(*c, *d))));
            }
        }
        Some(Self { shape: vec![1, channels, rows, columns], values })
    }

    /// Adds channels of zeros.
    pub(super) fn add_channels(mut self, count: usize) -> Option<Self> {
        let [1, channels, height, width] = self.shape[..] else { return None };
        self.values.resize((channels + count) * height * width, 0.0);
        Some(Self { shape: vec![1, channels + count, height, width], ..self })
    }

    /// Gives it other sizes.
    pub(super) fn reshape(self, shape: &[usize]) -> Option<Self> {
        let fits = shape.iter().product::<usize>() == self.values.len();
        fits.then(|| Self { shape: shape.to_vec(), ..self })
    }

    /// Moves channels to the end: `[1, C, H, W]` to `[1, H, W, C]`.
    pub(super) fn channels_last(&self) -> Option<Self> {
        let [1, channels, height, width] = self.shape[..] else { return None };
        let size = height * width;
        let values = (0..size)
            .flat_map(|i| (0..channels).map(move |channel| self.values[channel * size + i]));
        Some(Self { shape: vec![1, height, width, channels], values: values.collect() })
    }

    /// Joins tensors along an axis.
    pub(super) fn concatenate(parts: &[&Self], axis: usize) -> Option<Self> {
        let mut shape = parts.first()?.shape.clone();
        let others = |part: &Self| {
            let mut shape = part.shape.clone();
            (axis < shape.len()).then(|| shape.remove(axis)).map(|_| shape)
        };
        let rest = others(parts[0])?;
        if parts.iter().any(|part| others(part).as_ref() != Some(&rest)) {
            return None;
        }
        shape[axis] = parts.iter().map(|part| part.shape[axis]).sum();
        let outer: usize = shape[..axis].iter().product();
        let mut values = Vec::with_capacity(shape.iter().product());
        for i in 0..outer {
            for part in parts {
                let length = part.values.len() / outer;
                values.extend_from_slice(&part.values[i * length..][..length]);
            }
        }
        Some(Self { shape, values })
    }
}

/// As `f32::max`, which leaves open which zero it returns.
fn higher(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}
