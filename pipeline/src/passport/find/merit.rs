//! How much rows of print look like a zone.

use super::band::Band;
use super::rows::Row;
use super::{TextLine, pitch};

/// Two or three lines of one length, in the order in which they lie across
/// their common direction; which end is the start is for the reader to tell.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) lines: Vec<TextLine>,
    /// Higher is likelier; compares candidates of one page only.
    pub(crate) merit: f32,
}

/// What tells a zone from other print; each is 0 for an ideal one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cues {
    /// Columns without print, as a share of the emptiest row's length.
    pub(super) empty: f32,
    /// Ink between rows, as a share of theirs.
    pub(super) between: f32,
    /// Ink before and after the rows, as a share of theirs.
    pub(super) outside: f32,
    /// Logarithm of how much more or less slender than expected.
    pub(super) slender: f32,
    /// Difference of the rows' ends, in heights.
    pub(super) ends: f32,
    /// Logarithm of the rows' heights, of the greatest to the least.
    pub(super) heights: f32,
    /// Print beside the group at the distance of its rows, 0..1.
    pub(super) beside: f32,
    /// What does not repeat from character to character, 0..1.
    pub(super) loose: f32,
    /// Another number of characters that fits better, by how much.
    pub(super) other: f32,
    /// Unevenness of the spacing of three rows, as a logarithm; 0 for two.
    pub(super) uneven: f32,
}

/// Weights of the cues, from a logistic regression on candidates of drawn and
/// of real pages, and the constant that makes even chances zero.
const WEIGHTS: [f32; 10] = [5.0, 3.1, 1.5, 3.2, 0.1, 2.8, 4.0, 9.0, 2.0, 3.0];
const CONSTANT: f32 = 6.9;
/// Lengths of a zone's lines, in heights, at the very least and most.
const SLENDERNESS: std::ops::Range<f32> = 14.0..80.0;
/// Print of a fixed pitch is seldom less loose than this on a small copy.
const USUAL_LOOSE: f32 = 0.4;
/// Groups below this are not worth the look at their pitch.
const WORTH_A_LOOK: f32 = -1.0;
/// Alternatives to a likelier candidate at one place come this much later.
const ALTERNATIVE: f32 = 2.0;

impl Cues {
    pub(super) fn values(&self) -> [f32; 10] {
        [
            self.empty,
            self.between,
            self.outside,
            self.slender,
            self.ends,
            self.heights,
            self.beside,
            self.loose,
            self.other,
            self.uneven,
        ]
    }

    fn merit(&self) -> f32 {
        CONSTANT - self.values().iter().zip(WEIGHTS).map(|(cue, weight)| cue * weight).sum::<f32>()
    }
}

/// A group with ends for its rows, before its pitch is known.
pub(super) struct Guess {
    /// First and last column of each row.
    ends: Vec<[usize; 2]>,
    cues: Cues,
    /// As high as it can be.
    pub(super) merit: f32,
}

/// Characters a line may have, for so many lines.
fn counts(rows: usize) -> &'static [f32] {
    if rows == 3 { &[30.0] } else { &[44.0, 36.0] }
}

/// The ink of a line ends about this far inside its outer characters' cells, in cells, both ends.
const INSET: f32 = 0.24;

impl Guess {
    /// Nothing if the group is not like a zone, whatever its pitch.
    pub(super) fn new(rows: &[Row], ends: Vec<[usize; 2]>, side: &Beside) -> Option<Self> {
        let n = rows.len() as f32;
        let height = rows.iter().map(|row| row.height).sum::<f32>() / n;
        let length = ends.iter().map(|[from, to]| *to as f32 - *from as f32).sum::<f32>() / n;
        let slender = length / height;
        if !SLENDERNESS.contains(&slender) || ends.iter().any(|[from, to]| from >= to) {
            return None;
        }
        let spread = |values: &mut dyn Iterator<Item = f32>| {
            values.fold((f32::MAX, f32::MIN), |(low, high), v| (low.min(v), high.max(v)))
        };
        let (shortest, tallest) = spread(&mut rows.iter().map(|row| row.height));
        let (start, end) = (
            spread(&mut ends.iter().map(|[from, _]| *from as f32)),
            spread(&mut ends.iter().map(|[_, to]| *to as f32)),
        );
        let expected = counts(rows.len()).iter().map(|count| (slender / count).ln().abs());
        let each = || rows.iter().zip(&ends);
        let cues = Cues {
            empty: each().map(|(row, ends)| row.empty(*ends)).fold(0.0, f32::max),
            between: side.between(rows, &ends),
            outside: each().map(|(row, ends)| row.outside(*ends)).sum::<f32>() / n,
            slender: expected.fold(f32::MAX, f32::min),
            ends: (((start.1 - start.0) + (end.1 - end.0)) / height).min(8.0),
            heights: (tallest / shortest).ln(),
            beside: side.beside(rows, &ends),
            loose: USUAL_LOOSE,
            other: 0.0,
            uneven: uneven(rows),
        };
        let merit = cues.merit();
        (merit > WORTH_A_LOOK).then_some(Self { ends, cues, merit })
    }

    pub(super) fn candidate(mut self, band: &Band, rows: &[Row]) -> Option<Candidate> {
        let each = || rows.iter().zip(&self.ends);
        let ink: Vec<&[f32]> = each().map(|(row, [from, to])| &row.ink[*from..=*to]).collect();
        let share = |count: &f32| pitch::share(&ink, count - INSET);
        let own = counts(rows.len()).iter().map(share).fold(0.0, f32::max);
        let foreign = counts(5 - rows.len()).iter().map(share).fold(0.0, f32::max);
        self.cues.loose = 1.0 - own;
        self.cues.other = (foreign - own).max(0.0);
        let lines = each().map(|(row, ends)| row.line(band, *ends)).collect();
        Some(Candidate { lines, merit: self.cues.merit() })
    }
}

/// How uneven the spacing of three rows is, as a logarithm.
fn uneven(rows: &[Row]) -> f32 {
    let [a, b, c] = rows else { return 0.0 };
    let (first, second) = (b.middle() - a.middle(), c.middle() - b.middle());
    (first.max(1.0) / second.max(1.0)).ln().abs()
}

impl Row {
    /// Distance across in the middle of the band.
    pub(super) fn middle(&self) -> f32 {
        self.course[0] + self.course[1] * self.ink.len() as f32 / 2.0
    }

    fn line(&self, band: &Band, [from, to]: [usize; 2]) -> TextLine {
        let at = |u: f32| band.point(u, self.course[0] + self.course[1] * u);
        TextLine { from: at(from as f32 - 0.5), to: at(to as f32 + 0.5), height: self.capitals }
    }

    /// The share of columns without print.
    fn empty(&self, [from, to]: [usize; 2]) -> f32 {
        let columns = &self.taken[from..=to];
        columns.iter().filter(|taken| !**taken).count() as f32 / columns.len().max(1) as f32
    }

    /// Ink before the first and after the last character.
    fn outside(&self, [from, to]: [usize; 2]) -> f32 {
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

/// Ink around the rows of a group, summed from the first column to each.
pub(super) struct Beside {
    /// Halfway between each row and the next.
    between: Vec<Vec<f32>>,
    /// Above the first and below the last row, as far away as rows are apart.
    outer: [Vec<f32>; 2],
}

impl Beside {
    /// Nothing for rows that run into each other.
    pub(super) fn new(band: &Band, rows: &[Row]) -> Option<Self> {
        let (first, last) = (rows.first()?, rows.last()?);
        let gap = (last.middle() - first.middle()) / (rows.len() - 1).max(1) as f32;
        if gap < 1.15 * first.height.max(last.height) {
            return None;
        }
        let sums = |place: &dyn Fn(f32) -> f32, half: f32| {
            let mut sum = 0.0;
            let ink = (0..band.width).map(|u| {
                let v = place(u as f32);
                sum += band.mean(u, v - half, v + half);
                sum
            });
            std::iter::once(0.0).chain(ink).collect::<Vec<f32>>()
        };
        let course = |row: &Row, u: f32| row.course[0] + row.course[1] * u;
        let between = rows.windows(2).map(|two| {
            let half = (0.15 * (two[1].middle() - two[0].middle() - two[0].height)).max(0.5);
            sums(&|u| (course(&two[0], u) + course(&two[1], u)) / 2.0, half)
        });
        let above = sums(&|u| course(first, u) - gap, first.height / 2.0);
        let below = sums(&|u| course(last, u) + gap, last.height / 2.0);
        Some(Self { between: between.collect(), outer: [above, below] })
    }

    fn between(&self, rows: &[Row], ends: &[[usize; 2]]) -> f32 {
        let share = |(i, sums): (usize, &Vec<f32>)| {
            let (from, to) = (ends[i][0].max(ends[i + 1][0]), ends[i][1].min(ends[i + 1][1]));
            mean(sums, from, to) / rows[i].level.min(rows[i + 1].level)
        };
        self.between.iter().enumerate().map(share).fold(0.0, f32::max).min(1.5)
    }

    fn beside(&self, rows: &[Row], ends: &[[usize; 2]]) -> f32 {
        let last = rows.len() - 1;
        let share =
            |i: usize, sums: &[f32]| (mean(sums, ends[i][0], ends[i][1]) / rows[i].level).min(1.0);
        (share(0, &self.outer[0]) + share(last, &self.outer[1])) / 2.0
    }
}

/// The mean of the columns `from..=to`, from sums.
fn mean(sums: &[f32], from: usize, to: usize) -> f32 {
    if from > to { 1e3 } else { (sums[to + 1] - sums[from]) / (to + 1 - from) as f32 }
}

impl Candidate {
    /// The middle of its lines' ends.
    pub(crate) fn middle(&self) -> [f32; 2] {
        let n = 2.0 * self.lines.len() as f32;
        let sum = |axis: usize| self.lines.iter().map(|l| l.from[axis] + l.to[axis]).sum::<f32>();
        [sum(0) / n, sum(1) / n]
    }

    pub(super) fn scaled(mut self, by: f32) -> Self {
        self.lines.iter_mut().for_each(|line| *line = line.scaled(by));
        self
    }

    /// Whether a point lies on one of its lines.
    pub(super) fn holds(&self, point: [f32; 2]) -> bool {
        let point = TextLine { from: point, to: point, height: 0.0 };
        self.lines.iter().any(|line| {
            let (along, across) = offset(line, &point);
            along.abs() < line.length() / 2.0 && across.abs() < 0.5 * line.height
        })
    }

    /// Whether both lie on the same print.
    fn overlaps(&self, other: &Self) -> bool {
        self.lines.iter().any(|a| {
            other.lines.iter().any(|b| {
                let (along, across) = offset(a, b);
                across.abs() < 0.8 * a.height.max(b.height)
                    && along.abs() < 0.4 * (a.length() + b.length())
            })
        })
    }

    fn same(&self, other: &Self) -> bool {
        self.lines.len() == other.lines.len()
            && self.lines.iter().zip(&other.lines).all(|(a, b)| {
                let (along, across) = offset(a, b);
                let size = a.height.max(b.height);
                along.abs() < 0.6 * size
                    && across.abs() < 0.4 * size
                    && (a.length() - b.length()).abs() < 1.2 * size
            })
    }
}

/// From the middle of `a` to that of `b`, along and across the axis of `a`.
fn offset(a: &TextLine, b: &TextLine) -> (f32, f32) {
    let [x, y] = a.axis();
    let middle = |l: &TextLine| [(l.from[0] + l.to[0]) / 2.0, (l.from[1] + l.to[1]) / 2.0];
    let (ma, mb) = (middle(a), middle(b));
    let away = [mb[0] - ma[0], mb[1] - ma[1]];
    (away[0] * x + away[1] * y, away[1] * x - away[0] * y)
}

/// Each place once, likeliest first; other views of a place come later.
pub(super) fn distinct(mut found: Vec<Candidate>) -> Vec<Candidate> {
    found.sort_by(|a, b| b.merit.total_cmp(&a.merit));
    let mut kept: Vec<Candidate> = Vec::new();
    for mut candidate in found {
        if kept.iter().any(|known| known.same(&candidate)) {
            continue;
        }
        if kept.iter().any(|known| known.overlaps(&candidate)) {
            candidate.merit -= ALTERNATIVE;
        }
        kept.push(candidate);
    }
    kept.sort_by(|a, b| b.merit.total_cmp(&a.merit));
    kept
}
