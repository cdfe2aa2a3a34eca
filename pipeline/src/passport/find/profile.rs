//! The ink of a row across its course.

use super::band::Band;

/// The ink of a row by its distance from a course, from `-most` to `most`.
pub(super) struct Profile {
    values: Vec<f32>,
    most: usize,
    /// Half the height that is surely within the row.
    core: usize,
    /// Ink within the core.
    usual: f32,
}

impl Profile {
    pub(super) fn new(band: &Band, course: [f32; 2], height: f32, from: usize, to: usize) -> Self {
        let most = (1.2 * height).ceil() as usize;
        let core = (0.3 * height + 0.5) as usize;
        let mean = |i: usize| {
            let away = i as f32 - most as f32;
            let columns = (from..to).step_by(3);
            let count = columns.len().max(1) as f32;
            let value = |u: usize| {
                let v = course[0] + course[1] * u as f32 + away;
                band.column_mean(u, v - 0.5, v + 0.5)
            };
            columns.map(value).sum::<f32>() / count
        };
        let values: Vec<f32> = (0..=2 * most).map(mean).collect();
        let usual = values[most - core..=most + core].iter().sum::<f32>() / (2 * core + 1) as f32;
        Self { values, most, core, usual }
    }

    /// Returns where the ink falls below a share of the usual, above and below.
    pub(super) fn edges(&self, share: f32) -> [f32; 2] {
        let least = share * self.usual;
        [-1, 1].map(|side| {
            let value = |away: usize| self.values[(self.most as i32 + side * away as i32) as usize];
            let low = (self.core..=self.most).find(|away| value(*away) < least);
            let low = low.unwrap_or(self.most);
            let (inner, outer) = (value(low.saturating_sub(1)), value(low));
            let part = (inner - least) / (inner - outer).max(1e-3);
            (low as f32 - 1.0 + part.clamp(0.0, 1.0)) * side as f32
        })
    }
}
