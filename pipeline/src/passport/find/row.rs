//! One row of print in a rectified band, and where it may begin and end.

use super::band::Band;
use super::ink::THRESHOLD;
use super::profile::Profile;
use super::smooth::{median, moving_average};
use super::text_line::TextLine;

/// Gaps within a row, in heights, beyond those between characters.
pub(super) const GAPS: [f32; 3] = [0.5, 1.8, 7.0];
/// A line looks higher than it is on a small copy: by this in quadrature, in pixels.
const BLUR: f32 = 2.0;

/// One row of print in a band.
pub(super) struct TextRow {
    /// `v = course[0] + course[1] u` is its middle.
    pub(super) course: [f32; 2],
    /// Height of the part with most of its ink.
    pub(super) height: f32,
    /// Cap height, from edge to edge.
    pub(super) capitals: f32,
    /// Mean ink of every column, within the height.
    pub(super) ink: Vec<f32>,
    /// Whether a column has print.
    pub(super) printed: Vec<bool>,
    /// Usual ink of columns with print.
    pub(super) level: f32,
    /// Where it may begin and end: without gaps, with gaps of a character or two,
    /// and with gaps as long as a stamp or glare may hide.
    pub(super) ends: [[usize; 2]; 3],
}

impl TextRow {
    /// Returns the row at a distance across the band.
    pub(super) fn new(band: &Band, v: f32, height: f32, from: usize, to: usize) -> Option<Self> {
        let row = Self::near_course(band, [v, 0.0], height, from, to)?;
        (row.course[1].abs() < 0.1 && (row.middle() - v).abs() < height).then_some(row)
    }

    /// Returns the row near a course, for print of about that height between two columns.
    pub(super) fn near_course(
        band: &Band,
        mut course: [f32; 2],
        height: f32,
        from: usize,
        to: usize,
    ) -> Option<Self> {
        for near in [0.85, 0.7] {
            course = band.fit_course(course, near * height, from, to);
        }
        let profile = Profile::new(band, course, height, from, to);
        let [top, bottom] = profile.edges(0.5);
        course[0] += (top + bottom) / 2.0;
        let height = (bottom - top).max(1.0);
        let [top, bottom] = profile.edges(0.4);
        let capitals = ((bottom - top) * (bottom - top) - BLUR * BLUR).max(1.0).sqrt();
        let ink = column_ink(band, course, height);
        let smooth = moving_average(&ink, 1.1 * height);
        let level = median(smooth.get(from..to)?);
        let printed = smooth.iter().map(|value| *value > 0.35 * level).collect();
        let row = Self { course, height, capitals, ink, printed, level, ends: [[0; 2]; 3] };
        (level > 1.0).then(|| row.with_ends())
    }

    fn with_ends(mut self) -> Self {
        self.ends = GAPS.map(|gap| {
            let (from, to) = self.longest_stretch((gap * self.height) as usize);
            [self.first_ink(from), self.last_ink(to)]
        });
        self
    }

    /// Returns the longest stretch of print with gaps of at most so many columns.
    fn longest_stretch(&self, gap: usize) -> (usize, usize) {
        let (mut best, mut open) = ((0, 0), None::<(usize, usize)>);
        for u in (0..self.printed.len()).filter(|u| self.printed[*u]) {
            let stretch = match open {
                Some((from, to)) if u - to <= gap + 1 => (from, u),
                _ => (u, u),
            };
            open = Some(stretch);
            if stretch.1 - stretch.0 > best.1 - best.0 {
                best = stretch;
            }
        }
        best
    }

    /// Returns the first column near an estimate where a character begins: specks
    /// are narrower. Smoothed ink begins before sharp ink does.
    fn first_ink(&self, near: usize) -> usize {
        let [out, within, width] = self.columns([0.15, 0.8, 0.3]);
        let mut columns = near.saturating_sub(out)..(near + within + 1).min(self.ink.len());
        let begins = |u: &usize| self.is_character(*u, *u..*u + width);
        columns.find(begins).unwrap_or(near)
    }

    fn last_ink(&self, near: usize) -> usize {
        let [out, within, width] = self.columns([0.15, 0.8, 0.3]);
        let columns = near.saturating_sub(within)..(near + out + 1).min(self.ink.len());
        let ends = |u: &usize| self.is_character(*u, (u + 1).saturating_sub(width)..u + 1);
        columns.rev().find(ends).unwrap_or(near)
    }

    /// Converts shares of the height to columns.
    fn columns(&self, shares: [f32; 3]) -> [usize; 3] {
        shares.map(|share| (share * self.height).ceil() as usize)
    }

    /// Whether there is ink in one column and enough in those around it.
    fn is_character(&self, at: usize, around: std::ops::Range<usize>) -> bool {
        let count = around.len() as f32;
        let ink = &self.ink[around.start..around.end.min(self.ink.len())];
        self.ink[at] > 0.3 * self.level && ink.iter().sum::<f32>() > 0.45 * self.level * count
    }

    /// Returns its own end within `reach` heights of a place, or the place itself,
    /// where its print is hidden.
    pub(super) fn end_near(&self, side: usize, place: usize, reach: f32) -> usize {
        let own = self.ends.iter().map(|ends| ends[side]).min_by_key(|own| own.abs_diff(place));
        let near = |own: &usize| own.abs_diff(place) as f32 <= reach * self.height;
        own.filter(near).unwrap_or(place)
    }

    /// Returns its distance across the band, in the middle of the band.
    pub(super) fn middle(&self) -> f32 {
        self.course[0] + self.course[1] * self.ink.len() as f32 / 2.0
    }

    /// Converts it to a line on the copy.
    pub(super) fn to_line(&self, band: &Band, [from, to]: [usize; 2]) -> TextLine {
        let at = |u: f32| band.point(u, self.course[0] + self.course[1] * u);
        TextLine { from: at(from as f32 - 0.5), to: at(to as f32 + 0.5), height: self.capitals }
    }

    /// Returns the share of columns without print.
    pub(super) fn empty_share(&self, [from, to]: [usize; 2]) -> f32 {
        let columns = &self.printed[from..=to];
        columns.iter().filter(|printed| !**printed).count() as f32 / columns.len().max(1) as f32
    }

    /// Returns the ink before the first and after the last character, as a share of its own.
    pub(super) fn ink_outside(&self, [from, to]: [usize; 2]) -> f32 {
        let (near, far) = ((0.7 * self.height) as usize, (2.2 * self.height) as usize);
        let mean = |from: usize, to: usize| {
            let ink = &self.ink[from.min(self.ink.len())..to.min(self.ink.len())];
            ink.iter().sum::<f32>() / ink.len().max(1) as f32
        };
        let before = mean(from.saturating_sub(far), from.saturating_sub(near));
        let after = mean(to + near + 1, to + far + 1);
        ((before + after) / (2.0 * self.level)).min(1.5)
    }
}

/// Returns the ink of a row by column, without frames and edges that cross it.
fn column_ink(band: &Band, course: [f32; 2], height: f32) -> Vec<f32> {
    let part = |u: usize, from: f32, to: f32| {
        let middle = course[0] + course[1] * u as f32;
        band.column_mean(u, middle + from * height, middle + to * height)
    };
    let crossed = |u: usize| {
        let least = f32::from(THRESHOLD) / 2.0;
        part(u, -0.95, -0.7) > least && part(u, 0.7, 0.95) > least
    };
    let mut ink: Vec<f32> = (0..band.width).map(|u| part(u, -0.5, 0.5)).collect();
    for u in (0..band.width).filter(|u| crossed(*u)) {
        ink[u.saturating_sub(1)..(u + 2).min(band.width)].fill(0.0);
    }
    ink
}
