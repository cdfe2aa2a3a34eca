//! Rows of print beside a line, and where they begin and end.

use super::band::{self, Band};
use super::chain::Shape;
use super::ink::THRESHOLD;
use super::merit::{self, Candidate, Guess};
use crate::passport::grey::Grey;

/// Distances of a zone's rows, in heights of the line that was found.
const SPACING: (f32, f32) = (1.25, 3.7);
/// The band reaches to a third row of usual spacing.
const REACH: f32 = 5.8;
/// Rows may be longer than the line that was found, each way, in heights.
const MARGIN: f32 = 7.0;
/// Gaps within a row, in heights, beyond those between characters.
const GAPS: [f32; 3] = [0.5, 1.8, 7.0];
/// Beginnings and endings that are tried for one group.
const MOST_ENDS: usize = 4;
/// A line looks higher than it is on a small copy: by this in quadrature, in pixels.
const BLUR: f32 = 2.0;
/// Of these, so many are looked at more closely.
const MOST_GUESSES: usize = 6;
/// Ends that differ by more than this are a fault of one row, in heights.
const SAME_END: f32 = 1.2;

/// One row of print in a band.
pub(super) struct Row {
    /// `v = course[0] + course[1] u` is its middle.
    pub(super) course: [f32; 2],
    /// Where most of its ink is.
    pub(super) height: f32,
    /// As measured from edge to edge.
    pub(super) capitals: f32,
    /// Ink by column, within the height.
    pub(super) ink: Vec<f32>,
    /// Where there is print, column by column.
    pub(super) taken: Vec<bool>,
    /// Usual ink where there is print.
    pub(super) level: f32,
    /// Where it may begin and end: without gaps, with gaps of a character or
    /// two, and with whatever a stamp or glare may hide.
    ends: [[usize; 2]; 3],
}

/// What may be a zone that holds this line.
pub(super) fn candidates(ink: &Grey, line: &Shape) -> Vec<Candidate> {
    let line = band::straightened(ink, line);
    let margin = MARGIN * line.height;
    let band = Band::new(ink, &line, line.length / 2.0 + margin, REACH * line.height);
    let (from, to) = (margin as usize, band.width - margin as usize);
    let offsets = offsets(&band, line.height, from, to);
    let rows: Vec<Row> =
        offsets.iter().filter_map(|v| Row::new(&band, *v, line.height, from, to)).collect();
    let mut found = Vec::new();
    for count in [2, 3] {
        for group in rows.windows(count) {
            found.extend(best_ends(&band, group));
        }
    }
    found
}

/// Rows near the line, by distance across, the line itself among them.
fn offsets(band: &Band, height: f32, from: usize, to: usize) -> Vec<f32> {
    let reach = band.reach as f32;
    let mean = |v: f32| band.across(v, from..to);
    let profile: Vec<f32> = (0..=2 * band.reach).map(|i| mean(i as f32 - reach)).collect();
    let smooth = smoothed(&profile, 0.8 * height);
    let mut offsets = vec![0.0];
    for side in [-1.0, 1.0] {
        let first = partner(&smooth, reach, 0.0, side, [SPACING.0 * height, SPACING.1 * height]);
        let Some(first) = first else { continue };
        offsets.push(first);
        let near = [0.7 * first.abs(), 1.35 * first.abs()];
        offsets.extend(partner(&smooth, reach, first, side, near));
    }
    offsets.sort_by(f32::total_cmp);
    offsets
}

/// The strongest row at a distance from another, with less ink in between.
fn partner(smooth: &[f32], reach: f32, start: f32, side: f32, near: [f32; 2]) -> Option<f32> {
    let at = |v: f32| smooth.get((v + reach + 0.5) as usize).copied().unwrap_or(0.0);
    let own = at(start);
    let mut valley = own;
    let mut best: Option<(f32, f32)> = None;
    let mut away = 0.5 * near[0];
    while away < near[1] {
        let v = start + side * away;
        if v.abs() > reach {
            break;
        }
        let here = at(v);
        valley = valley.min(here);
        let row = here > 0.3 * own && valley < 0.75 * here.min(own);
        if away >= near[0] && row && best.is_none_or(|(_, most)| here > most) {
            best = Some((v, here));
        }
        away += 1.0;
    }
    best.map(|(v, _)| v)
}

impl Row {
    /// The row at a distance across.
    fn new(band: &Band, v: f32, height: f32, from: usize, to: usize) -> Option<Self> {
        let row = Self::along(band, [v, 0.0], height, from, to)?;
        (row.course[1].abs() < 0.1 && (row.middle() - v).abs() < height).then_some(row)
    }

    /// The row near a course, for print of about that height between two columns.
    pub(super) fn along(
        band: &Band,
        mut course: [f32; 2],
        height: f32,
        from: usize,
        to: usize,
    ) -> Option<Self> {
        for near in [0.85, 0.7] {
            course = band.course(course, near * height, from, to);
        }
        let profile = Profile::new(band, course, height, from, to);
        let [top, bottom] = profile.edges(0.5);
        course[0] += (top + bottom) / 2.0;
        let height = (bottom - top).max(1.0);
        let [top, bottom] = profile.edges(0.4);
        let capitals = ((bottom - top) * (bottom - top) - BLUR * BLUR).max(1.0).sqrt();
        let ink = ink_of(band, course, height);
        let smooth = smoothed(&ink, 1.1 * height);
        let level = median(smooth.get(from..to)?);
        let taken = smooth.iter().map(|value| *value > 0.35 * level).collect();
        let row = Self { course, height, capitals, ink, taken, level, ends: [[0; 2]; 3] };
        (level > 1.0).then(|| row.with_ends())
    }

    fn with_ends(mut self) -> Self {
        self.ends = GAPS.map(|gap| {
            let (from, to) = self.stretch((gap * self.height) as usize);
            [self.first_ink(from), self.last_ink(to)]
        });
        self
    }

    /// The longest stretch of print, across gaps of so many columns.
    fn stretch(&self, gap: usize) -> (usize, usize) {
        let (mut best, mut open) = ((0, 0), None::<(usize, usize)>);
        for u in (0..self.taken.len()).filter(|u| self.taken[*u]) {
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

    /// The first column near a rough place where a character begins: specks are
    /// narrower. Smooth ink begins before sharp ink does.
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

    /// Shares of the height in columns.
    fn columns(&self, shares: [f32; 3]) -> [usize; 3] {
        shares.map(|share| (share * self.height).ceil() as usize)
    }

    /// Whether there is ink in one column and enough in those around it.
    fn is_character(&self, at: usize, around: std::ops::Range<usize>) -> bool {
        let count = around.len() as f32;
        let ink = &self.ink[around.start..around.end.min(self.ink.len())];
        self.ink[at] > 0.3 * self.level && ink.iter().sum::<f32>() > 0.45 * self.level * count
    }
}

/// Ink of a row column by column, without frames and edges that cross it.
fn ink_of(band: &Band, course: [f32; 2], height: f32) -> Vec<f32> {
    let part = |u: usize, from: f32, to: f32| {
        let middle = course[0] + course[1] * u as f32;
        band.mean(u, middle + from * height, middle + to * height)
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

/// The ink of a row by its distance from a course, from `-most` to `most`.
struct Profile {
    values: Vec<f32>,
    most: usize,
    /// Half the height that is certainly within the row.
    core: usize,
    /// Ink within the core.
    usual: f32,
}

impl Profile {
    fn new(band: &Band, course: [f32; 2], height: f32, from: usize, to: usize) -> Self {
        let most = (1.2 * height).ceil() as usize;
        let core = (0.3 * height + 0.5) as usize;
        let mean = |i: usize| {
            let away = i as f32 - most as f32;
            let columns = (from..to).step_by(3);
            let count = columns.len().max(1) as f32;
            let value = |u: usize| {
                let v = course[0] + course[1] * u as f32 + away;
                band.mean(u, v - 0.5, v + 0.5)
            };
            columns.map(value).sum::<f32>() / count
        };
        let values: Vec<f32> = (0..=2 * most).map(mean).collect();
        let usual = values[most - core..=most + core].iter().sum::<f32>() / (2 * core + 1) as f32;
        Self { values, most, core, usual }
    }

    /// Where the ink falls below a share of the usual, above and below.
    fn edges(&self, share: f32) -> [f32; 2] {
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

/// The group with the most likely of its rows' ends.
fn best_ends(band: &Band, group: &[Row]) -> Option<Candidate> {
    let beside = merit::Beside::new(band, group)?;
    let (starts, ends) = (choices(group, 0), choices(group, 1));
    let pairs = starts.iter().flat_map(|start| ends.iter().map(move |end| (*start, *end)));
    let common = pairs.map(|(start, end)| {
        let ends = |row: &Row| [row.nearest(0, start, SAME_END), row.nearest(1, end, SAME_END)];
        group.iter().map(ends).collect()
    });
    let mut tries: Vec<Guess> =
        common.chain(slanting(group)).filter_map(|ends| Guess::new(group, ends, &beside)).collect();
    // the pitch is looked at last: it costs more than all other cues
    tries.sort_by(|a, b| b.merit.total_cmp(&a.merit));
    tries.truncate(MOST_GUESSES);
    let tries = tries.into_iter().filter_map(|guess| guess.candidate(band, group));
    tries.max_by(|a, b| a.merit.total_cmp(&b.merit))
}

/// Each row's own ends, where they lie farther apart than a fault explains: a
/// page seen from the side is no rectangle.
fn slanting(group: &[Row]) -> impl Iterator<Item = Vec<[usize; 2]>> {
    let own = |gap: usize| group.iter().map(|row| row.ends[gap]).collect();
    let apart = |ends: &Vec<[usize; 2]>| {
        let reach = (SAME_END * group[0].height) as usize;
        (0..2).any(|side| ends.iter().any(|own| own[side].abs_diff(ends[0][side]) > reach))
    };
    (0..GAPS.len()).map(own).filter(apart)
}

/// Places where the rows of a group may all begin (`side` 0) or end (1).
fn choices(group: &[Row], side: usize) -> Vec<usize> {
    let near = 0.5 * group[0].height;
    let mut places: Vec<usize> = Vec::new();
    for place in group.iter().flat_map(|row| row.ends.iter().map(|ends| ends[side])) {
        if places.iter().all(|known| known.abs_diff(place) as f32 > near) {
            places.push(place);
        }
    }
    places.truncate(MOST_ENDS);
    places
}

impl Row {
    /// Its own end within so many heights of a place, or the place itself: then
    /// its print is hidden there.
    pub(super) fn nearest(&self, side: usize, place: usize, reach: f32) -> usize {
        let own = self.ends.iter().map(|ends| ends[side]).min_by_key(|own| own.abs_diff(place));
        let near = |own: &usize| own.abs_diff(place) as f32 <= reach * self.height;
        own.filter(near).unwrap_or(place)
    }
}

/// Means over `width` values; fewer at the ends.
pub(super) fn smoothed(values: &[f32], width: f32) -> Vec<f32> {
    let half = (width / 2.0).round() as usize;
    let mut sums = Vec::with_capacity(values.len() + 1);
    sums.push(0.0f64);
    for value in values {
        sums.push(sums[sums.len() - 1] + f64::from(*value));
    }
    let mean = |i: usize| {
        let (from, to) = (i.saturating_sub(half), (i + half + 1).min(values.len()));
        ((sums[to] - sums[from]) / (to - from) as f64) as f32
    };
    (0..values.len()).map(mean).collect()
}

fn median(values: &[f32]) -> f32 {
    let mut values = values.to_vec();
    let middle = values.len() / 2;
    if values.is_empty() { 0.0 } else { *values.select_nth_unstable_by(middle, f32::total_cmp).1 }
}
