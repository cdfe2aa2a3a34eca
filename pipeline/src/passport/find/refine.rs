//! Refines the lines of a likely candidate at a higher resolution.

use super::band::Band;
use super::candidate::Candidate;
use super::chain::Shape;
use super::ink;
use super::row::TextRow;
use super::text_line::TextLine;
use crate::passport::grey::Grey;
use crate::passport::pyramid::Pyramid;

/// Capitals are this many pixels high, and up to twice as many.
const HEIGHT: f32 = 8.0;
/// Margins around the lines, in heights: along and across.
const MARGINS: [f32; 2] = [2.5, 1.5];
/// The located ends may be wrong by this many heights.
const ERROR: f32 = 1.3;
/// Area of the largest patch in pixels.
const MAX_PIXELS: f32 = 400_000.0;

/// Returns the candidate with more exact lines, or unchanged where they cannot be measured.
pub(super) fn refine(page: &Pyramid<'_>, candidate: Candidate) -> Candidate {
    let heights = candidate.lines.iter().map(|line| line.height);
    let height = heights.sum::<f32>() / candidate.lines.len().max(1) as f32;
    let halvings = (height / HEIGHT).log2().floor().max(0.0);
    let (grey, share) = page.level(halvings as usize);
    let lines: Vec<TextLine> = candidate.lines.iter().map(|line| line.scaled(share)).collect();
    let Some(patch) = LevelPatch::cut_around(grey, &lines, height * share) else {
        return candidate;
    };
    let measured: Option<Vec<TextLine>> = lines.iter().map(|line| patch.measure(line)).collect();
    let Some(measured) = measured else { return candidate };
    let lines = measured.into_iter().map(|line| line.scaled(1.0 / share)).collect();
    Candidate { lines, ..candidate }
}

/// A part of a page rotated so that its print is level, as ink.
struct LevelPatch {
    /// The area around the lines; `axis` runs along them.
    area: Shape,
    size: [usize; 2],
    band: Band,
}

impl LevelPatch {
    fn cut_around(grey: &Grey, lines: &[TextLine], height: f32) -> Option<Self> {
        let (first, last) = (lines.first()?, lines.last()?);
        let ends =
            |from: [f32; 2], to: [f32; 2]| [(from[0] + to[0]) / 2.0, (from[1] + to[1]) / 2.0];
        let (from, to) = (ends(first.from, last.from), ends(first.to, last.to));
        let middle = TextLine { from, to, height };
        let axis = middle.axis();
        let area = Shape { centre: ends(from, to), axis, length: middle.length(), height };
        let reach =
            |points: &mut dyn Iterator<Item = f32>| points.fold(0.0, |a: f32, b| a.max(b.abs()));
        let corners = || lines.iter().flat_map(|line| [line.from, line.to]);
        let along = reach(&mut corners().map(|p| area.offset(p)[0])) + MARGINS[0] * height;
        let across = reach(&mut corners().map(|p| area.offset(p)[1])) + MARGINS[1] * height;
        if along * across * 4.0 > MAX_PIXELS {
            return None;
        }
        let size = [along.ceil() as usize, across.ceil() as usize];
        let ink = ink::detect_ink(&rotate_level(grey, &area, size));
        let centre = size.map(|half| half as f32);
        let whole = Shape { centre, axis: [1.0, 0.0], length: 2.0 * along, height };
        let band = Band::new(&ink, &whole, centre[0], centre[1]);
        Some(Self { area, size, band })
    }

    fn measure(&self, line: &TextLine) -> Option<TextLine> {
        let [[u0, v0], [u1, v1]] = [line.from, line.to].map(|p| self.area.offset(p));
        let middle = self.size[0] as f32;
        let last = self.band.width as f32 - 1.0;
        let [from, to] = [u0, u1].map(|u| (u + middle).clamp(0.0, last) as usize);
        let slope = (v1 - v0) / (u1 - u0).max(1.0);
        let course = [v0 - slope * (u0 + middle), slope];
        let row = TextRow::near_course(&self.band, course, line.height, from, to)?;
        let ends = [row.end_near(0, from, ERROR), row.end_near(1, to, ERROR)];
        let place = |u: f32| {
            let (u, v) = (u - middle, row.course[0] + row.course[1] * u);
            let ([x, y], [left, top]) = (self.area.axis, self.area.centre);
            [left + u * x - v * y, top + u * y + v * x]
        };
        let (from, to) = (place(ends[0] as f32 - 0.5), place(ends[1] as f32 + 0.5));
        Some(TextLine { from, to, height: row.capitals })
    }
}

/// Returns the picture around a line, rotated so that the line is level.
fn rotate_level(grey: &Grey, area: &Shape, [along, across]: [usize; 2]) -> Grey {
    let (width, height) = (2 * along + 1, 2 * across + 1);
    let ([x, y], [left, top]) = (area.axis, area.centre);
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
