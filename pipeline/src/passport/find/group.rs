//! Lines side by side that may be a zone.

use super::TextLine;

/// Two or three lines of one length, in the order in which they lie across
/// their common direction; which end is the start is for the reader to tell.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) lines: Vec<TextLine>,
    /// Higher is likelier; compares candidates of one page only.
    pub(crate) merit: f32,
}

/// Groups of lines that may be a zone, likeliest first.
pub(super) fn candidates(lines: &[TextLine]) -> Vec<Candidate> {
    let pairs = pairs(lines);
    let mut groups: Vec<Candidate> = Vec::new();
    for (a, b) in &pairs {
        let (first, second) = (lines[*a], lines[*b]);
        let thirds = pairs.iter().filter(|(c, _)| c == b).map(|(_, d)| lines[*d]);
        let whole = thirds.filter(|third| evenly_spaced([&first, &second, third]));
        groups.extend(whole.map(|third| Candidate::new(&[first, second, third])));
        groups.push(Candidate::new(&[first, second]));
        groups.extend(with_missing_third(&first, &second));
    }
    groups.extend(with_broken_partner(lines));
    groups.sort_by(|a, b| b.merit.total_cmp(&a.merit));
    let mut kept: Vec<Candidate> = Vec::new();
    for group in groups {
        if !kept.iter().any(|known| known.same_place(&group)) {
            kept.push(group);
        }
    }
    kept
}

/// Two lines as slender as a card's, with the third where it should be: it may
/// have run into a frame or a seal and not be found by itself.
fn with_missing_third(first: &TextLine, second: &TextLine) -> Vec<Candidate> {
    let slender = first.length().min(second.length()) / first.height.max(second.height);
    if !(20.0..36.0).contains(&slender) {
        return Vec::new();
    }
    let between = |t: f32| {
        let mix = |a: [f32; 2], b: [f32; 2]| [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
        let (from, to) = (mix(first.from, second.from), mix(first.to, second.to));
        TextLine { from, to, height: first.height }
    };
    let mut triples = vec![[between(-1.0), *first, *second], [*first, *second, between(2.0)]];
    if offset(first, second).1 > 2.8 * first.height {
        triples.push([*first, between(0.5), *second]);
    }
    let guessed = triples.iter().map(|lines| Candidate::new(lines));
    guessed.map(|guess| Candidate { merit: guess.merit - 0.6, ..guess }).collect()
}

/// A whole line with a partner that is found in parts only, under glare or a
/// stamp: the partner is taken to be as long as the whole line.
fn with_broken_partner(lines: &[TextLine]) -> Vec<Candidate> {
    let mut found = Vec::new();
    for whole in lines.iter().filter(|line| (28.0..52.0).contains(&(line.length() / line.height))) {
        for part in lines.iter().filter(|part| is_part_beside(whole, part)) {
            let (axis, across) = (whole.axis(), offset(whole, part).1);
            let shift = |p: [f32; 2]| [p[0] - axis[1] * across, p[1] + axis[0] * across];
            let partner = TextLine { from: shift(whole.from), to: shift(whole.to), ..*whole };
            let pair = if across > 0.0 { [*whole, partner] } else { [partner, *whole] };
            let guess = Candidate::new(&pair);
            found.push(Candidate { merit: guess.merit - 0.5, ..guess });
        }
    }
    found
}

fn is_part_beside(whole: &TextLine, part: &TextLine) -> bool {
    let (along, across) = offset(whole, part);
    let (axis, other) = (whole.axis(), part.axis());
    let share = part.length() / whole.length();
    (0.2..0.8).contains(&share)
        && along.abs() + part.length() / 2.0 < 0.55 * whole.length()
        && (1.6..3.8).contains(&(across.abs() / whole.height))
        && (0.7..1.4).contains(&(part.height / whole.height))
        && (axis[0] * other[1] - axis[1] * other[0]).abs() < 0.06
}

/// Indices of neighbours: the second lies below the first, seen along the axis.
fn pairs(lines: &[TextLine]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (i, a) in lines.iter().enumerate() {
        for (j, b) in lines.iter().enumerate() {
            if i != j && neighbours(a, b) {
                pairs.push((i, j));
            }
        }
    }
    pairs
}

fn neighbours(a: &TextLine, b: &TextLine) -> bool {
    let (axis, other) = (a.axis(), b.axis());
    let turn = axis[0] * other[1] - axis[1] * other[0];
    let ratio = a.length() / b.length();
    let heights = a.height / b.height;
    let (along, across) = offset(a, b);
    let height = a.height.max(b.height);
    let slender = |line: &TextLine| line.length() / line.height > 12.0;
    slender(a)
        && slender(b)
        && turn.abs() < 0.09
        && axis[0] * other[0] + axis[1] * other[1] > 0.0
        && (0.78..1.28).contains(&ratio)
        && (0.55..1.8).contains(&heights)
        && along.abs() < 0.13 * a.length()
        && (1.2 * height..4.6 * height).contains(&across)
}

/// From the middle of `a` to that of `b`, along and across the axis of `a`.
fn offset(a: &TextLine, b: &TextLine) -> (f32, f32) {
    let axis = a.axis();
    let middle =
        |line: &TextLine| [(line.from[0] + line.to[0]) / 2.0, (line.from[1] + line.to[1]) / 2.0];
    let (ma, mb) = (middle(a), middle(b));
    let away = [mb[0] - ma[0], mb[1] - ma[1]];
    (away[0] * axis[0] + away[1] * axis[1], away[1] * axis[0] - away[0] * axis[1])
}

fn evenly_spaced(lines: [&TextLine; 3]) -> bool {
    let (first, second) = (offset(lines[0], lines[1]).1, offset(lines[1], lines[2]).1);
    (0.75..1.33).contains(&(first / second))
}

impl Candidate {
    /// Alike, and as slender as print of a zone is: about 42 to 1, cards 29 to 1.
    fn new(lines: &[TextLine]) -> Self {
        let lengths = lines.iter().map(TextLine::length);
        let (least, most) = lengths.fold((f32::MAX, 0.0f32), |(l, m), v| (l.min(v), m.max(v)));
        let slender = lines.iter().map(|line| line.length() / line.height).sum::<f32>();
        let expected = if lines.len() == 3 { 29.0 } else { 42.0 };
        let slender = (slender / lines.len() as f32 / expected).ln().abs();
        let apart = offset(&lines[0], &lines[1]).1 / lines[0].height;
        let apart = (apart / 2.6).ln().abs();
        let third = if lines.len() == 3 { 0.3 } else { 0.0 };
        let merit = third - 3.0 * (most / least).ln() - slender - apart;
        Self { lines: lines.to_vec(), merit }
    }

    /// The middle of its lines' ends.
    pub(crate) fn middle(&self) -> [f32; 2] {
        let n = 2.0 * self.lines.len() as f32;
        let sum = |axis: usize| self.lines.iter().map(|l| l.from[axis] + l.to[axis]).sum::<f32>();
        [sum(0) / n, sum(1) / n]
    }

    fn same_place(&self, other: &Self) -> bool {
        let mut lines = self.lines.iter().zip(&other.lines);
        self.lines.len() == other.lines.len() && lines.all(|(a, b)| same(a, b))
    }
}

/// Whether two lines are one, found twice.
pub(super) fn same(a: &TextLine, b: &TextLine) -> bool {
    let (along, across) = offset(a, b);
    let (axis, other) = (a.axis(), b.axis());
    along.abs() < 0.02 * a.length()
        && across.abs() < 0.4 * a.height.max(b.height)
        && (axis[0] * other[1] - axis[1] * other[0]).abs() < 0.02
        && (0.97..1.03).contains(&(a.length() / b.length()))
        && (0.8..1.25).contains(&(a.height / b.height))
}
