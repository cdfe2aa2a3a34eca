//! Connected components of ink: runs of pixels along rows, joined where they are close.

use super::chain::Moments;
use super::ink::THRESHOLD;
use crate::passport::grey::Grey;

/// A copy with more runs than this per thousand pixels is noise, not print.
const MAX_RUNS: usize = 220;
/// Ink closer than this, any way, belongs to one word, in pixels.
const NEAR: f32 = 3.4;
/// Where the direction of print is known, ink this close belongs together,
/// along it and across: rows may be as close as characters.
const ALONG: [f32; 2] = [6.5, 1.4];
/// Ink of fewer pixels is a speck.
const MIN_INK: u32 = 3;
/// Frames and drawings are larger than characters, in pixels, ...
const CHARACTER: f32 = 24.0;
/// ... and their strokes are thinner than print that has run together.
const STROKE: f32 = 2.6;

/// Neighbouring ink pixels of one row.
#[derive(Clone, Copy)]
struct Run {
    y: u32,
    from: u32,
    /// The pixel after the last.
    to: u32,
}

/// Runs that may be print: ink without specks and without long thin strokes.
pub(super) struct TextRuns(Vec<Run>);

impl TextRuns {
    pub(super) fn new(ink: &Grey) -> Self {
        let mut runs = runs(ink);
        if runs.len() > ink.data.len() * MAX_RUNS / 1000 {
            return Self(Vec::new());
        }
        let mut parents = singles(runs.len());
        join_rows(&runs, 1, [0, 0], &mut parents);
        let mut components: Vec<ComponentSize> = vec![ComponentSize::NONE; runs.len()];
        for (i, run) in runs.iter().enumerate() {
            let root = root(&mut parents, i as u32);
            parents[i] = root;
            components[root as usize].add(run);
        }
        let mut roots = parents.iter();
        runs.retain(|_| {
            roots.next().is_some_and(|root| components[*root as usize].is_like_print())
        });
        Self(runs)
    }

    /// Groups ink that is close together, in any direction of print.
    pub(super) fn words(&self) -> Vec<Moments> {
        join(&self.0, &reaches([1.0, 0.0], [NEAR; 2]))
    }

    /// Groups ink that is close together along an axis.
    pub(super) fn words_along(&self, axis: [f32; 2]) -> Vec<Moments> {
        join(&self.0, &reaches(axis, ALONG))
    }
}

/// Returns, for every row distance from 0, how far to the left and right of a
/// pixel another one belongs to it, given the reach along an axis and across it.
fn reaches(axis: [f32; 2], reach: [f32; 2]) -> Vec<[i32; 2]> {
    let near = |dx: i32, dy: i32| {
        let (dx, dy) = (dx as f32, -dy as f32);
        (dx * axis[0] + dy * axis[1]).abs() <= reach[0]
            && (dy * axis[0] - dx * axis[1]).abs() <= reach[1]
    };
    let far = reach[0].ceil() as i32;
    let of_row = |dy: i32| {
        let mut within = (-far..=far).filter(|dx| near(*dx, dy));
        let low = within.next()?;
        Some([low, within.next_back().unwrap_or(low)])
    };
    (0..=far).map_while(of_row).collect()
}

/// The size of one connected component.
#[derive(Clone, Copy)]
struct ComponentSize {
    count: u32,
    low: [u32; 2],
    high: [u32; 2],
}

impl ComponentSize {
    const NONE: Self = Self { count: 0, low: [u32::MAX; 2], high: [0; 2] };

    fn add(&mut self, run: &Run) {
        self.count += run.to - run.from;
        self.low = [self.low[0].min(run.from), self.low[1].min(run.y)];
        self.high = [self.high[0].max(run.to), self.high[1].max(run.y + 1)];
    }

    fn is_like_print(&self) -> bool {
        let [width, height] = [0, 1].map(|i| (self.high[i] - self.low[i]) as f32);
        let thick = self.count as f32 > STROKE * width.hypot(height);
        self.count >= MIN_INK && (width.max(height) <= CHARACTER || thick)
    }
}

fn runs(ink: &Grey) -> Vec<Run> {
    let mut runs = Vec::new();
    for (y, row) in (0u32..).zip(ink.data.chunks_exact(ink.width)) {
        let mut from = None;
        for (start, values) in (0u32..).step_by(8).zip(row.chunks(8)) {
            if from.is_none() && values.iter().fold(0, |all, value| all | value) < THRESHOLD {
                continue;
            }
            for (x, value) in (start..).zip(values) {
                match (*value >= THRESHOLD, from) {
                    (true, None) => from = Some(x),
                    (false, Some(start)) => {
                        runs.push(Run { y, from: start, to: x });
                        from = None;
                    }
                    _ => {}
                }
            }
        }
        runs.extend(from.map(|from| Run { y, from, to: row.len() as u32 }));
    }
    runs
}

/// Returns one set per run.
fn singles(count: usize) -> Vec<u32> {
    (0..count as u32).collect()
}

/// Joins runs with those in their own row and in rows above; `reaches` states for
/// every row distance how far to the left and right.
fn join(runs: &[Run], reaches: &[[i32; 2]]) -> Vec<Moments> {
    let mut parents = singles(runs.len());
    for (above, reach) in (0..).zip(reaches) {
        join_rows(runs, above, *reach, &mut parents);
    }
    let (mut part, mut moments) = (vec![0; runs.len()], Vec::new());
    for (i, run) in runs.iter().enumerate() {
        // a root precedes the members of its set
        let root = root(&mut parents, i as u32) as usize;
        if root == i {
            part[i] = moments.len() as u32;
            moments.push(Moments::default());
        }
        part[i] = part[root];
        moments[part[i] as usize].add_run(run.y, run.from, run.to);
    }
    moments
}

/// Joins every run with those `above` rows higher.
fn join_rows(runs: &[Run], above: u32, [left, right]: [i32; 2], parents: &mut [u32]) {
    let mut first = 0;
    for (i, run) in runs.iter().enumerate() {
        let Some(y) = run.y.checked_sub(above) else { continue };
        let (from, to) = (run.from as i32 + left, run.to as i32 + right);
        let before = |other: &Run| other.y < y || (other.y == y && (other.to as i32) <= from);
        while first < i && before(&runs[first]) {
            first += 1;
        }
        for (j, other) in (first..i).zip(&runs[first..i]) {
            if other.y != y || other.from as i32 >= to {
                break;
            }
            if parents[i] != parents[j] {
                let (a, b) = (root(parents, i as u32), root(parents, j as u32));
                parents[a.max(b) as usize] = a.min(b);
            }
        }
    }
}

fn root(parents: &mut [u32], mut i: u32) -> u32 {
    while parents[i as usize] != i {
        let next = parents[i as usize];
        parents[i as usize] = parents[next as usize];
        i = next;
    }
    i
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ink(rows: &[&str]) -> Grey {
        let data = rows.join("").bytes().map(|b| if b == b'#' { 100 } else { 0 }).collect();
        Grey { width: rows[0].len(), height: rows.len(), data }
    }

    fn counts(rows: &[&str], reaches: &[[i32; 2]]) -> Vec<f32> {
        join(&runs(&ink(rows)), reaches).iter().map(Moments::count).collect()
    }

    #[test]
    fn touching_runs_are_one_component() {
        let touching = [[0, 0], [0, 0]];
        assert_eq!(counts(&["#.#", "###", "..."], &touching), [5.0]);
        assert_eq!(counts(&["##...", "....#", ".....", "#...."], &touching), [2.0, 1.0, 1.0]);
        // diagonal neighbours do not touch; the end of one row is not the start of the next
        assert_eq!(counts(&["#..", ".#."], &touching), [1.0, 1.0]);
    }

    #[test]
    fn near_runs_are_joined_within_the_reach() {
        let near = reaches([1.0, 0.0], [3.0, 3.0]);
        assert_eq!(near, [[-3, 3]; 4]);
        assert_eq!(counts(&["#..#.....#"], &near), [2.0, 1.0]);
        assert_eq!(counts(&["#......", ".......", "..#...."], &near), [2.0]);
    }

    #[test]
    fn rows_are_kept_apart_where_the_direction_is_known() {
        let rows = ["#....#....#", "...........", "...........", "#....#....#"];
        assert_eq!(counts(&rows, &reaches([1.0, 0.0], ALONG)), [3.0, 3.0]);
        let columns = ["#..#", "....", "....", "....", "#..#", "....", "....", "#..#"];
        assert_eq!(counts(&columns, &reaches([0.0, 1.0], ALONG)), [3.0, 3.0]);
        let falling = ["#......", ".......", ".......", "...#...", "#......", ".......", "......#"];
        assert_eq!(counts(&falling, &reaches([0.7, 0.7], ALONG)), [3.0, 1.0]);
    }

    #[test]
    fn frames_and_specks_are_left_out() {
        let mut rows = vec![format!("#{}", "#".repeat(59))];
        rows.resize(20, format!("#{}#", ".".repeat(58)));
        rows[10].replace_range(20..24, "####");
        rows[14].replace_range(20..22, "##");
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let found = TextRuns::new(&ink(&rows)).words();
        assert_eq!(found.iter().map(Moments::count).collect::<Vec<_>>(), [4.0]);
    }
}
