//! The geometry of a line: maps its cells to pixels of the page.

use super::shape::{HEIGHT, PITCH};
use crate::examination::{Point, Polygon, round};
use crate::passport::find::TextLine;
use crate::passport::pyramid::Pyramid;

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
    /// Pixels across the axis as the same polynomial: the curvature of the centre line.
    pub(crate) across: [f32; 3],
    /// Cap height in pixels in the middle of the line.
    pub(crate) height: f32,
    /// Relative growth of the height from cell to cell, caused by perspective.
    pub(crate) growth: f32,
    /// Whether the line is read as a mirror image.
    pub(crate) mirrored: bool,
    /// Shear: pixels along the axis per pixel down.
    pub(crate) slant: f32,
}

/// The ink of a line ends this far inside its outer cells, in cells.
const INSET: f32 = 0.12;

impl Strip {
    /// Lays cells over a located line in one of four orientations.
    pub(crate) fn new(line: &TextLine, cells: usize, orientation: Orientation) -> Self {
        let axis = line.axis();
        let (origin, axis) = if orientation.reversed != orientation.mirrored {
            (line.to, [-axis[0], -axis[1]])
        } else {
            (line.from, axis)
        };
        let pitch = line.length() / (cells as f32 - 2.0 * INSET);
        let along = [-INSET * pitch, pitch, 0.0];
        Self {
            cells,
            origin,
            axis,
            along,
            across: [0.0; 3],
            height: line.height,
            growth: 0.0,
            mirrored: orientation.mirrored,
            slant: 0.0,
        }
    }

    /// Lays the same number of cells over a line that begins `before` cells
    /// earlier and ends `after` cells later. The line must be straight.
    pub(crate) fn extended(&self, before: f32, after: f32) -> Self {
        let [start, pitch, _] = self.along;
        let cells = self.cells as f32;
        let longer = pitch * (cells + before + after) / cells;
        Self { along: [start - before * pitch, longer, 0.0], ..self.clone() }
    }

    /// Returns the same line with more cells at its start and its end; the cells stay
    /// where they are.
    pub(crate) fn padded(&self, before: usize, after: usize) -> Self {
        let by = before as f32;
        let shifted = |[a, b, c]: [f32; 3]| [a - b * by + c * by * by, b - 2.0 * c * by, c];
        let cells = self.cells + before + after;
        // the middle, at which the height is given, moves
        let ratio = 1.0 + self.growth * (cells as f32 / 2.0 - by - self.cells as f32 / 2.0);
        let ratio = ratio.max(0.2);
        Self {
            cells,
            along: shifted(self.along),
            across: shifted(self.across),
            height: self.height * ratio,
            growth: self.growth / ratio,
            ..self.clone()
        }
    }

    /// Returns the point of the page, in pixels with centres at whole coordinates.
    pub(crate) fn page_point(&self, u: f32, v: f32) -> [f32; 2] {
        let ([x, y], [dx, dy]) = (self.middle(u), self.down_vector(u));
        [x + v * dx, y + v * dy]
    }

    fn middle(&self, u: f32) -> [f32; 2] {
        let (along, across) = (polynomial(self.along, u), polynomial(self.across, u));
        let ([x, y], [nx, ny]) = (self.axis, self.normal());
        [self.origin[0] + x * along + nx * across, self.origin[1] + y * along + ny * across]
    }

    /// Returns the vector of one cap height downwards, in pixels of the page.
    fn down_vector(&self, u: f32) -> [f32; 2] {
        let height = self.height * (1.0 + self.growth * (u - self.cells as f32 / 2.0)).max(0.2);
        let ([x, y], [nx, ny]) = (self.axis, self.normal());
        [(nx + self.slant * x) * height, (ny + self.slant * y) * height]
    }

    /// Returns the unit vector across the axis, downwards for a reader of the line.
    fn normal(&self) -> [f32; 2] {
        let [x, y] = self.axis;
        if self.mirrored { [y, -x] } else { [-y, x] }
    }

    /// Returns the point of the page rounded to a tenth of a pixel, as it is stored.
    pub(crate) fn rounded_point(&self, u: f32, v: f32) -> Point {
        self.page_point(u, v).map(|value| round(f64::from(value), 1))
    }

    /// Returns points around the line that follow its curved long sides.
    pub(crate) fn outline(&self) -> Polygon {
        let edge = |v: f32| {
            (0..=8).map(move |i| self.rounded_point(i as f32 / 8.0 * self.cells as f32, v))
        };
        edge(-0.7).chain(edge(0.7)).collect()
    }

    /// Returns how many cells another line of the zone begins, and ends, after this one.
    /// Seen from the side, its ends differ in opposite directions.
    pub(crate) fn ends_ahead(&self, other: &Self) -> [f32; 2] {
        let ends = [(0.0, 0.0), (self.cells as f32, other.cells as f32)];
        ends.map(|(own, others)| {
            let ([x, y], [nx, ny]) = (self.axis, self.normal());
            let (from, to) = (self.page_point(own, 0.0), other.page_point(others, 0.0));
            let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
            let apart = (dx * x + dy * y) - self.slant * (dx * nx + dy * ny);
            apart / self.pitch().max(1e-3)
        })
    }

    /// Returns the character pitch in pixels in the middle of the line.
    pub(crate) fn pitch(&self) -> f32 {
        (self.along[1] + self.along[2] * self.cells as f32).abs()
    }

    /// Returns the clockwise angle of the axis from the page's left-to-right, in degrees.
    pub(crate) fn angle(&self) -> f64 {
        f64::from(self.axis[1]).atan2(f64::from(self.axis[0])).to_degrees()
    }

    /// Returns the brightness of the page at one point.
    pub(crate) fn brightness(&self, page: &Pyramid<'_>, u: f32, v: f32) -> f32 {
        let halvings = (self.pitch().max(self.height) / PITCH).log2().floor().max(0.0);
        let (level, scale) = page.level(halvings as usize);
        let at = self.page_point(u, v).map(|value| (value + 0.5) * scale - 0.5);
        level.sample(at[0], at[1])
    }

    /// Samples a strip of `width` pixels that begins at cell `from`; returns
    /// brightness in rows of `width`.
    pub(crate) fn pixels(&self, page: &Pyramid<'_>, from: f32, width: usize) -> Vec<f32> {
        let halvings = (self.pitch().max(self.height) / PITCH).log2().floor().max(0.0);
        let (level, scale) = page.level(halvings as usize);
        let mut pixels = vec![0.0; width * HEIGHT];
        for x in 0..width {
            let u = from + (x as f32 + 0.5) / PITCH;
            let (middle, down) = (self.middle(u), self.down_vector(u));
            for y in 0..HEIGHT {
                let v = (y as f32 - (HEIGHT - 1) as f32 / 2.0) / PITCH;
                let at = [0, 1].map(|i| (middle[i] + v * down[i] + 0.5) * scale - 0.5);
                pixels[y * width + x] = level.sample(at[0], at[1]);
            }
        }
        pixels
    }
}

/// The reading direction of a line: which end is its start, and whether it is mirrored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Orientation {
    /// The first line of the zone is the last one of the candidate.
    pub(crate) reversed: bool,
    pub(crate) mirrored: bool,
}

fn polynomial(p: [f32; 3], u: f32) -> f32 {
    p[0] + p[1] * u + p[2] * u * u
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_leaves_every_cell_in_its_place() {
        let line = TextLine { from: [10.0, 20.0], to: [400.0, 50.0], height: 12.0 };
        let orientation = Orientation { reversed: false, mirrored: false };
        let strip = Strip {
            along: [3.0, 9.5, 0.01],
            across: [0.5, 0.1, -0.002],
            growth: 0.004,
            slant: 0.2,
            ..Strip::new(&line, 36, orientation)
        };
        let padded = strip.padded(5, 3);
        assert_eq!(padded.cells, 44);
        for (u, v) in [(0.0, 0.0), (17.5, 0.5), (36.0, -0.5)] {
            let (a, b) = (strip.page_point(u, v), padded.page_point(u + 5.0, v));
            assert!((0..2).all(|i| (a[i] - b[i]).abs() < 0.01), "{a:?} {b:?}");
        }
    }
}
