//! Ink on a fine grid.

/// Ink 0..1, rows of `width`.
pub(crate) struct Ink {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) data: Vec<f32>,
}

impl Ink {
    /// Scales the width by `by` around the centre.
    pub(crate) fn narrowed(&self, by: f32) -> Self {
        let middle = (self.width as f32 - 1.0) / 2.0;
        let column = |x: usize| (x as f32 - middle) / by + middle;
        let value = |i: usize| {
            let row = &self.data[i / self.width * self.width..][..self.width];
            let (left, part) = (column(i % self.width).floor(), column(i % self.width).fract());
            let at = |x: f32| {
                if (0.0..self.width as f32).contains(&x) { row[x as usize] } else { 0.0 }
            };
            at(left) * (1.0 - part) + at(left + 1.0) * part
        };
        let data = (0..self.data.len()).map(value).collect();
        Self { width: self.width, height: self.height, data }
    }

    pub(crate) fn add(&mut self, glyph: &Self, left: i32, down: i32) {
        for y in 0..glyph.height as i32 {
            let to = y + down;
            if !(0..self.height as i32).contains(&to) {
                continue;
            }
            for x in 0..glyph.width as i32 {
                let at = left + x;
                if (0..self.width as i32).contains(&at) {
                    let v = &mut self.data[to as usize * self.width + at as usize];
                    *v = v.max(glyph.data[y as usize * glyph.width + x as usize]);
                }
            }
        }
    }
}

/// Dilates the ink by that many fine pixels, or erodes it for negative `by`.
pub(crate) fn embolden(ink: &Ink, by: f32) -> Ink {
    let reach = by.abs().ceil() as i32;
    let mut data = ink.data.clone();
    let at = |x: i32, y: i32| {
        let inside = (0..ink.width as i32).contains(&x) && (0..ink.height as i32).contains(&y);
        if inside { ink.data[y as usize * ink.width + x as usize] } else { 0.0 }
    };
    for (i, value) in data.iter_mut().enumerate() {
        let (x, y) = ((i % ink.width) as i32, (i / ink.width) as i32);
        for dy in -reach..=reach {
            for dx in -reach..=reach {
                let away = ((dx * dx + dy * dy) as f32).sqrt();
                let cover = (by.abs() + 0.5 - away).clamp(0.0, 1.0);
                let there = at(x + dx, y + dy);
                if by > 0.0 {
                    *value = value.max(cover * there);
                } else {
                    *value = value.min(1.0 - cover * (1.0 - there));
                }
            }
        }
    }
    Ink { width: ink.width, height: ink.height, data }
}

/// Integral image of ink.
pub(crate) struct IntegralImage {
    pub(crate) width: usize,
    height: usize,
    data: Vec<f64>,
}

impl IntegralImage {
    pub(crate) fn new(ink: &Ink) -> Self {
        let stride = ink.width + 1;
        let mut data = vec![0.0; stride * (ink.height + 1)];
        for y in 0..ink.height {
            let mut row = 0.0;
            for x in 0..ink.width {
                row += f64::from(ink.data[y * ink.width + x]);
                data[(y + 1) * stride + x + 1] = data[y * stride + x + 1] + row;
            }
        }
        Self { width: ink.width, height: ink.height, data }
    }

    /// Returns the mean ink of the rectangle around a point.
    pub(crate) fn mean(&self, at: [f32; 2], half: [f32; 2]) -> f32 {
        let clamp = |v: f32, most: usize| (v + 0.5).clamp(0.0, most as f32) as usize;
        let (x0, x1) = (clamp(at[0] - half[0], self.width), clamp(at[0] + half[0], self.width));
        let (y0, y1) = (clamp(at[1] - half[1], self.height), clamp(at[1] + half[1], self.height));
        let sum = |x: usize, y: usize| self.data[y * (self.width + 1) + x];
        let area = ((x1 - x0) * (y1 - y0)).max(1) as f64;
        ((sum(x1, y1) - sum(x0, y1) - sum(x1, y0) + sum(x0, y0)) / area) as f32
    }
}
