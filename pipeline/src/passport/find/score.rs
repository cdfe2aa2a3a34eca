//! Scores how much a group of rows looks like a zone.

use super::band::Band;
use super::candidate::Candidate;
use super::pitch;
use super::row::TextRow;
use super::surroundings::SurroundingInk;

/// The features that distinguish a zone from other print; each is 0 for an ideal zone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Features {
    /// Columns without print, as a share of the emptiest row's length.
    pub(super) empty: f32,
    /// Ink between rows, as a share of theirs.
    pub(super) between: f32,
    /// Ink before and after the rows, as a share of theirs.
    pub(super) outside: f32,
    /// Logarithm of the ratio between actual and expected aspect.
    pub(super) aspect: f32,
    /// Difference of the rows' ends, in heights.
    pub(super) ends: f32,
    /// Logarithm of the ratio between the greatest and the least height.
    pub(super) heights: f32,
    /// Print above and below the group at the distance of its rows, 0..1.
    pub(super) outside_group: f32,
    /// The share of the variance that does not repeat with the pitch, 0..1.
    pub(super) irregular: f32,
    /// How much better the pitch of another format fits.
    pub(super) other_pitch: f32,
    /// Unevenness of the spacing of three rows, as a logarithm; 0 for two.
    pub(super) uneven: f32,
}

/// Weights of the features, from a logistic regression on candidates of drawn
/// and of real pages, and the intercept: score 0 is a probability of one half.
const WEIGHTS: [f32; 10] = [5.0, 3.1, 1.5, 3.2, 0.1, 2.8, 4.0, 9.0, 2.0, 3.0];
const INTERCEPT: f32 = 6.9;
/// Bounds of the aspect of a zone's lines: length in heights.
const ASPECTS: std::ops::Range<f32> = 14.0..80.0;
/// Irregularity that print of a fixed pitch seldom falls below on a small copy.
const USUAL_IRREGULAR: f32 = 0.4;
/// The pitch of groups below this score is not measured.
const MIN_SCORE: f32 = -1.0;

impl Features {
    pub(super) fn values(&self) -> [f32; 10] {
        [
            self.empty,
            self.between,
            self.outside,
            self.aspect,
            self.ends,
            self.heights,
            self.outside_group,
            self.irregular,
            self.other_pitch,
            self.uneven,
        ]
    }

    fn score(&self) -> f32 {
        INTERCEPT
            - self
                .values()
                .iter()
                .zip(WEIGHTS)
                .map(|(feature, weight)| feature * weight)
                .sum::<f32>()
    }
}

/// A group of rows with assumed ends, before its pitch is measured.
pub(super) struct Hypothesis {
    /// First and last column of each row.
    ends: Vec<[usize; 2]>,
    features: Features,
    /// Upper bound of the score, as the pitch is not measured yet.
    pub(super) score: f32,
}

/// Returns the possible numbers of characters per line for a number of lines.
fn line_lengths(rows: usize) -> &'static [f32] {
    if rows == 3 { &[30.0] } else { &[44.0, 36.0] }
}

/// The ink of a line is this much shorter than its cells, in cells, both ends together.
const INSET: f32 = 0.24;

impl Hypothesis {
    /// `None` if the group cannot be a zone at any pitch.
    pub(super) fn new(
        rows: &[TextRow],
        ends: Vec<[usize; 2]>,
        surroundings: &SurroundingInk,
    ) -> Option<Self> {
        let n = rows.len() as f32;
        let height = rows.iter().map(|row| row.height).sum::<f32>() / n;
        let length = ends.iter().map(|[from, to]| *to as f32 - *from as f32).sum::<f32>() / n;
        let aspect = length / height;
        if !ASPECTS.contains(&aspect) || ends.iter().any(|[from, to]| from >= to) {
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
        let expected = line_lengths(rows.len()).iter().map(|count| (aspect / count).ln().abs());
        let each = || rows.iter().zip(&ends);
        let features = Features {
            empty: each().map(|(row, ends)| row.empty_share(*ends)).fold(0.0, f32::max),
            between: surroundings.ink_between(rows, &ends),
            outside: each().map(|(row, ends)| row.ink_outside(*ends)).sum::<f32>() / n,
            aspect: expected.fold(f32::MAX, f32::min),
            ends: (((start.1 - start.0) + (end.1 - end.0)) / height).min(8.0),
            heights: (tallest / shortest).ln(),
            outside_group: surroundings.ink_outside(rows, &ends),
            irregular: USUAL_IRREGULAR,
            other_pitch: 0.0,
            uneven: uneven(rows),
        };
        let score = features.score();
        (score > MIN_SCORE).then_some(Self { ends, features, score })
    }

    /// Measures the pitch and returns the scored candidate.
    pub(super) fn into_candidate(mut self, band: &Band, rows: &[TextRow]) -> Option<Candidate> {
        let each = || rows.iter().zip(&self.ends);
        let ink: Vec<&[f32]> = each().map(|(row, [from, to])| &row.ink[*from..=*to]).collect();
        let share = |count: &f32| pitch::periodicity(&ink, count - INSET);
        let own = line_lengths(rows.len()).iter().map(share).fold(0.0, f32::max);
        let foreign = line_lengths(5 - rows.len()).iter().map(share).fold(0.0, f32::max);
        self.features.irregular = 1.0 - own;
        self.features.other_pitch = (foreign - own).max(0.0);
        let lines = each().map(|(row, ends)| row.to_line(band, *ends)).collect();
        Some(Candidate { lines, score: self.features.score() })
    }
}

/// Returns the unevenness of the spacing of three rows, as a logarithm.
fn uneven(rows: &[TextRow]) -> f32 {
    let [a, b, c] = rows else { return 0.0 };
    let (first, second) = (b.middle() - a.middle(), c.middle() - b.middle());
    (first.max(1.0) / second.max(1.0)).ln().abs()
}
