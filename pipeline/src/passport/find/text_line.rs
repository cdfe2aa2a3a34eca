//! A located line of print.

/// A line of print: the ends of its centre line in pixels, the leftmost (or
/// topmost) first, and its height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TextLine {
    pub(crate) from: [f32; 2],
    pub(crate) to: [f32; 2],
    pub(crate) height: f32,
}

impl TextLine {
    pub(crate) fn length(&self) -> f32 {
        (self.to[0] - self.from[0]).hypot(self.to[1] - self.from[1])
    }

    /// Returns the unit vector from the first end to the second.
    pub(crate) fn axis(&self) -> [f32; 2] {
        let length = self.length().max(1e-6);
        [(self.to[0] - self.from[0]) / length, (self.to[1] - self.from[1]) / length]
    }

    pub(super) fn scaled(self, by: f32) -> Self {
        let point = |p: [f32; 2]| [(p[0] + 0.5) * by - 0.5, (p[1] + 0.5) * by - 0.5];
        Self { from: point(self.from), to: point(self.to), height: self.height * by }
    }
}
