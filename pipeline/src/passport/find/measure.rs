//! A likely candidate's lines measured again, on larger pixels than those on
//! which they were found.

use super::TextLine;
use super::band::Band;
use super::chain::Shape;
use super::ink;
use super::merit::Candidate;
use super::rows::Row;
use crate::passport::grey::Grey;
use crate::passport::pyramid::Pyramid;

/// Capitals are measured at this many pixels and up to twice as many.
const HEIGHT: f32 = 8.0;
/// Around the lines, in heights: along and across.
const AROUND: [f32; 2] = [2.5, 1.5];
/// Ends that were found may be wrong by this many heights.
const ERROR: f32 = 1.3;
/// No strip of a page is larger than this, in pixels.
const MOST_PIXELS: f32 = 400_000.0;

/// The candidate with more exact lines; as it was where they cannot be told.
pub(super) fn measured(page: &Pyramid<'_>, candidate: Candidate) -> Candidate {
    let heights = candidate.lines.iter().map(|line| line.height);
    let height = heights.sum::<f32>() / candidate.lines.len().max(1) as f32;
    let halvings = (height / HEIGHT).log2().floor().max(0.0);
    let (grey, share) = page.level(halvings as usize);
    let lines: Vec<TextLine> = candidate.lines.iter().map(|line| line.scaled(share)).collect();
    let Some(strip) = Strip::around(grey, &lines, height * share) else { return candidate };
    let measured: Option<Vec<TextLine>> = lines.iter().map(|line| strip.measure(line)).collect();
    let Some(measured) = measured else { return candidate };
    let lines = measured.into_iter().map(|line| line.scaled(1.0 / share)).collect();
    Candidate { lines, ..candidate }
}

/// Part of a page turned so that its print is level, as ink.
struct Strip {
    /// What is around the lines: `axis` runs along them.
    around: Shape,
    size: [usize; 2],
    band: Band,
}

impl Strip {
    fn around(grey: &Grey, lines: &[TextLine], height: f32) -> Option<Self> {
        let (first, last) = (lines.first()?, lines.last()?);
        let ends =
            |from: [f32; 2], to: [f32; 2]| [(from[0] + to[0]) / 2.0, (from[1] + to[1]) / 2.0];
        let (from, to) = (ends(first.from, last.from), ends(first.to, last.to));
        let middle = TextLine { from, to, height };
        let axis = middle.axis();
        let around = Shape { centre: ends(from, to), axis, length: middle.length(), height };
        let reach =
            |points: &mut dyn Iterator<Item = f32>| points.fold(0.0, |a: f32, b| a.max(b.abs()));
        let corners = || lines.iter().flat_map(|line| [line.from, line.to]);
        let along = reach(&mut corners().map(|p| around.offset(p)[0])) + AROUND[0] * height;
        let across = reach(&mut corners().map(|p| around.offset(p)[1])) + AROUND[1] * height;
        if along * across * 4.0 > MOST_PIXELS {
            return None;
        }
        let size = [along.ceil() as usize, across.ceil() as usize];
        let ink = ink::ink(&level(grey, &around, size));
        let centre = size.map(|half| half as f32);
        let whole = Shape { centre, axis: [1.0, 0.0], length: 2.0 * along, height };
        let band = Band::new(&ink, &whole, centre[0], centre[1]);
        Some(Self { around, size, band })
    }

    fn measure(&self, line: &TextLine) -> Option<TextLine> {
        let [[u0, v0], [u1, v1]] = [line.from, line.to].map(|p| self.around.offset(p));
        let middle = self.size[0] as f32;
        let last = self.band.width as f32 - 1.0;
        let [from, to] = [u0, u1].map(|u| (u + middle).clamp(0.0, last) as usize);
        let slope = (v1 - v0) / (u1 - u0).max(1.0);
        let course = [v0 - slope * (u0 + middle), slope];
        let row = Row::along(&self.band, course, line.height, from, to)?;
        let ends = [row.nearest(0, from, ERROR), row.nearest(1, to, ERROR)];
        let place = |u: f32| {
            let (u, v) = (u - middle, row.course[0] + row.course[1] * u);
            let ([x, y], [left, top]) = (self.around.axis, self.around.centre);
            [left + u * x - v * y, top + u * y + v * x]
        };
        let (from, to) = (place(ends[0] as f32 - 0.5), place(ends[1] as f32 + 0.5));
        Some(TextLine { from, to, height: row.capitals })
    }
}

/// The picture around a line, as many pixels each way, with the line level.
fn level(grey: &Grey, around: &Shape, [along, across]: [usize; 2]) -> Grey {
    let (width, height) = (2 * along + 1, 2 * across + 1);
    let ([x, y], [left, top]) = (around.axis, around.centre);
    let mut data = Vec::with_capacity(width * height);
    for j in 0..height {
        let v = j as f32 - across as f32;
        data.extend((0..width).map(|i| {
            let u = i as f32 - along as f32;
            (grey.sample(left + u * x - v * y, top + u * y + v * x) + 0.5) as u8
        }));
    }
    Grey { width, height, data }
}
