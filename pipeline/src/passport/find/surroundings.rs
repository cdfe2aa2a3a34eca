//! The ink around a group of rows.

use super::band::Band;
use super::row::TextRow;

/// The ink around the rows of a group, as prefix sums over the columns.
pub(super) struct SurroundingInk {
    /// Halfway between each row and the next.
    between: Vec<Vec<f32>>,
    /// Above the first and below the last row, at the distance between rows.
    outer: [Vec<f32>; 2],
}

impl SurroundingInk {
    /// `None` for rows that touch each other.
    pub(super) fn new(band: &Band, rows: &[TextRow]) -> Option<Self> {
        let (first, last) = (rows.first()?, rows.last()?);
        let gap = (last.middle() - first.middle()) / (rows.len() - 1).max(1) as f32;
        if gap < 1.15 * first.height.max(last.height) {
            return None;
        }
        let sums = |place: &dyn Fn(f32) -> f32, half: f32| {
            let mut sum = 0.0;
            let ink = (0..band.width).map(|u| {
                let v = place(u as f32);
                sum += band.column_mean(u, v - half, v + half);
                sum
            });
            std::iter::once(0.0).chain(ink).collect::<Vec<f32>>()
        };
        let course = |row: &TextRow, u: f32| row.course[0] + row.course[1] * u;
        let between = rows.windows(2).map(|two| {
            let half = (0.15 * (two[1].middle() - two[0].middle() - two[0].height)).max(0.5);
            sums(&|u| (course(&two[0], u) + course(&two[1], u)) / 2.0, half)
        });
        let above = sums(&|u| course(first, u) - gap, first.height / 2.0);
        let below = sums(&|u| course(last, u) + gap, last.height / 2.0);
        Some(Self { between: between.collect(), outer: [above, below] })
    }

    /// Returns the ink between rows, as a share of theirs.
    pub(super) fn ink_between(&self, rows: &[TextRow], ends: &[[usize; 2]]) -> f32 {
        let share = |(i, sums): (usize, &Vec<f32>)| {
            let (from, to) = (ends[i][0].max(ends[i + 1][0]), ends[i][1].min(ends[i + 1][1]));
            mean(sums, from, to) / rows[i].level.min(rows[i + 1].level)
        };
        self.between.iter().enumerate().map(share).fold(0.0, f32::max).min(1.5)
    }

    /// Returns the ink above and below the group, as a share of its rows' ink, 0..1.
    pub(super) fn ink_outside(&self, rows: &[TextRow], ends: &[[usize; 2]]) -> f32 {
        let last = rows.len() - 1;
        let share =
            |i: usize, sums: &[f32]| (mean(sums, ends[i][0], ends[i][1]) / rows[i].level).min(1.0);
        (share(0, &self.outer[0]) + share(last, &self.outer[1])) / 2.0
    }
}

/// Returns the mean of the columns `from..=to`, from prefix sums.
fn mean(sums: &[f32], from: usize, to: usize) -> f32 {
    if from > to { 1e3 } else { (sums[to + 1] - sums[from]) / (to + 1 - from) as f32 }
}
