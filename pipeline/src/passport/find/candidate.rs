//! A place on the page that may contain a zone.

use super::text_line::TextLine;

/// Penalty of a candidate that overlaps a likelier one.
const ALTERNATIVE_PENALTY: f32 = 2.0;

/// Two or three lines of one length, ordered across their common direction.
/// The reader decides which end is the start.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) lines: Vec<TextLine>,
    /// Higher is likelier; comparable between candidates of one page only.
    pub(crate) score: f32,
}

impl Candidate {
    /// Returns the mean of its lines' ends.
    pub(crate) fn centre(&self) -> [f32; 2] {
        let n = 2.0 * self.lines.len() as f32;
        let sum = |axis: usize| self.lines.iter().map(|l| l.from[axis] + l.to[axis]).sum::<f32>();
        [sum(0) / n, sum(1) / n]
    }

    pub(super) fn scaled(mut self, by: f32) -> Self {
        self.lines.iter_mut().for_each(|line| *line = line.scaled(by));
        self
    }

    /// Whether a point is on one of its lines.
    pub(super) fn contains(&self, point: [f32; 2]) -> bool {
        let point = TextLine { from: point, to: point, height: 0.0 };
        self.lines.iter().any(|line| {
            let (along, across) = offset(line, &point);
            along.abs() < line.length() / 2.0 && across.abs() < 0.5 * line.height
        })
    }

    /// Whether both cover the same print.
    fn overlaps(&self, other: &Self) -> bool {
        self.lines.iter().any(|a| {
            other.lines.iter().any(|b| {
                let (along, across) = offset(a, b);
                across.abs() < 0.8 * a.height.max(b.height)
                    && along.abs() < 0.4 * (a.length() + b.length())
            })
        })
    }

    fn is_same_place(&self, other: &Self) -> bool {
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

/// Returns the offset from the middle of `a` to that of `b`, along and across the axis of `a`.
fn offset(a: &TextLine, b: &TextLine) -> (f32, f32) {
    let [x, y] = a.axis();
    let middle = |l: &TextLine| [(l.from[0] + l.to[0]) / 2.0, (l.from[1] + l.to[1]) / 2.0];
    let (ma, mb) = (middle(a), middle(b));
    let away = [mb[0] - ma[0], mb[1] - ma[1]];
    (away[0] * x + away[1] * y, away[1] * x - away[0] * y)
}

/// Returns every place once, likeliest first; alternatives for a place come later.
pub(super) fn deduplicate(mut found: Vec<Candidate>) -> Vec<Candidate> {
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<Candidate> = Vec::new();
    for mut candidate in found {
        if kept.iter().any(|known| known.is_same_place(&candidate)) {
            continue;
        }
        if kept.iter().any(|known| known.overlaps(&candidate)) {
            candidate.score -= ALTERNATIVE_PENALTY;
        }
        kept.push(candidate);
    }
    kept.sort_by(|a, b| b.score.total_cmp(&a.score));
    kept
}
