//! The way from a cell of a line to the pixels of the page.

use super::cells::{self, HEIGHT, INPUTS, PITCH, WIDTH};
use super::find::TextLine;
use super::pyramid::Pyramid;
use crate::examination::{Point, Polygon, round};

/// A line of `cells` characters. Cell coordinates `u` run from 0 at the left
/// edge of the first cell to `cells` at the right edge of the last; `v` runs
/// down from -0.5 at the top of capitals to 0.5 at the baseline.
#[derive(Clone, Debug)]
pub(crate) struct Strip {
    pub(crate) cells: usize,
    pub(crate) origin: [f32; 2],
    pub(crate) axis: [f32; 2],
    /// Pixels along the axis: `along[0] + along[1] u + along[2] u²`.
    pub(crate) along: [f32; 3],
    /// Pixels across it, the same way: the middle line's bow.
    pub(crate) across: [f32; 3],
    /// Height of capitals in pixels.
    pub(crate) height: f32,
    /// Pixels along for each pixel down.
    pub(crate) slant: f32,
}

/// The blob of a line ends this far inside its outer cells, in cells.
const INSET: f32 = 0.12;

impl Strip {
    /// A line as found, read from its first end to its second or, `turned`, back.
    pub(crate) fn new(line: &TextLine, cells: usize, turned: bool) -> Self {
        let axis = line.axis();
        let (origin, axis) =
            if turned { (line.to, [-axis[0], -axis[1]]) } else { (line.from, axis) };
        let pitch = line.length() / (cells as f32 - 2.0 * INSET);
        let along = [-INSET * pitch, pitch, 0.0];
        Self { cells, origin, axis, along, across: [0.0; 3], height: line.height, slant: 0.0 }
    }

    /// The point of the page, in pixels with centres at whole coordinates.
    pub(crate) fn place(&self, u: f32, v: f32) -> [f32; 2] {
        let down = v * self.height;
        let along = polynomial(self.along, u) + self.slant * down;
        let across = polynomial(self.across, u) + down;
        let [x, y] = self.axis;
        [self.origin[0] + x * along - y * across, self.origin[1] + y * along + x * across]
    }

    /// The same point as it is stored: to a tenth of a pixel.
    pub(crate) fn point(&self, u: f32, v: f32) -> Point {
        self.place(u, v).map(|value| round(f64::from(value), 1))
    }

    /// Points around the line, with the bow of its long sides.
    pub(crate) fn outline(&self) -> Polygon {
        let edge = |v: f32| (0..=8).map(move |i| self.point(i as f32 / 8.0 * self.cells as f32, v));
        edge(-0.7).chain(edge(0.7)).collect()
    }

    /// Pixels from cell to cell, in the middle of the line.
    pub(crate) fn pitch(&self) -> f32 {
        (self.along[1] + self.along[2] * self.cells as f32).abs()
    }

    /// Clockwise degrees of the axis from the page's left-to-right.
    pub(crate) fn angle(&self) -> f64 {
        f64::from(self.axis[1]).atan2(f64::from(self.axis[0])).to_degrees()
    }

    /// The patch whose middle is at `u`, `v`, ink positive, normalised against
    /// the line's own contrast. Also gives the patch's spread of brightness.
    pub(crate) fn patch(
        &self,
        page: &Pyramid<'_>,
        u: f32,
        v: f32,
        least: f32,
    ) -> ([f32; INPUTS], f32) {
        let halvings = (self.pitch().max(self.height) / PITCH).log2().floor().max(0.0);
        let (level, scale) = page.level(halvings as usize);
        let middle = self.place(u, v);
        let right = self.place(u + 0.5, v);
        let left = self.place(u - 0.5, v);
        let below = self.place(u, v + 1.0);
        let step = [(right[0] - left[0]) / PITCH, (right[1] - left[1]) / PITCH];
        let down = [(below[0] - middle[0]) / CAPITAL, (below[1] - middle[1]) / CAPITAL];
        let mut patch = [0.0; INPUTS];
        for (j, row) in patch.chunks_exact_mut(WIDTH).enumerate() {
            let dv = j as f32 - (HEIGHT - 1) as f32 / 2.0;
            for (i, value) in row.iter_mut().enumerate() {
                let du = i as f32 - (WIDTH - 1) as f32 / 2.0;
                let x = middle[0] + step[0] * du + down[0] * dv;
                let y = middle[1] + step[1] * du + down[1] * dv;
                *value = -level.sample((x + 0.5) * scale - 0.5, (y + 0.5) * scale - 0.5);
            }
        }
        let mean = patch.iter().sum::<f32>() / INPUTS as f32;
        let square = patch.iter().map(|v| (v - mean) * (v - mean)).sum::<f32>();
        cells::normalise(&mut patch, least);
        (patch, (square / INPUTS as f32).sqrt())
    }
}

/// Height of capitals in pixels of a patch: OCR-B's capitals are as
/// high as its pitch is wide.
const CAPITAL: f32 = 16.0;

fn polynomial(p: [f32; 3], u: f32) -> f32 {
    p[0] + p[1] * u + p[2] * u * u
}
