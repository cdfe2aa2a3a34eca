//! Fits a strip to where its characters turned out to be.

use super::align::Aligned;
use crate::passport::cells::{ALPHABET, CLASSES, classify};
use crate::passport::mrz::format::Alphabet;
use crate::passport::pyramid::Pyramid;
use crate::passport::strip::Strip;

/// A strip whose cells are even, whose middle line follows the print and whose
/// height is that of the print.
pub(crate) fn refine(page: &Pyramid<'_>, aligned: Aligned, alphabets: &[Alphabet]) -> Strip {
    let Aligned { mut strip, middles, least, .. } = aligned;
    respace(&mut strip, &middles);
    let judge = Judge { page, alphabets, least };
    for heights in [[0.8, 0.9, 1.0, 1.12, 1.25], [0.92, 0.96, 1.0, 1.04, 1.08]] {
        centre(&mut strip, &judge);
        let height = strip.height;
        strip.height =
            best(heights, |h| judge.merit(&Strip { height: height * h, ..strip.clone() }));
        strip.height *= height;
        let slant = strip.slant;
        strip.slant = best([-0.12, -0.05, 0.0, 0.05, 0.12], |s| {
            judge.merit(&Strip { slant: slant + s, ..strip.clone() })
        });
        strip.slant += slant;
    }
    strip
}

/// The final strip, and for every cell the logarithms of the classes: the mean
/// of several looks from slightly different places, so that one lucky or
/// unlucky sampling does not decide.
pub(crate) fn settle(
    page: &Pyramid<'_>,
    aligned: Aligned,
    alphabets: &[Alphabet],
) -> (Strip, Vec<[f32; CLASSES]>) {
    let Aligned { mut strip, middles, least, .. } = aligned;
    respace(&mut strip, &middles);
    const LOOKS: [[f32; 2]; 5] = [[0.0, 0.0], [-0.06, 0.0], [0.06, 0.0], [0.0, -0.06], [0.0, 0.06]];
    let cells = (0..alphabets.len()).map(|i| {
        let mut shares = [0.0f32; CLASSES];
        for [du, dv] in LOOKS {
            let logs = classify(&strip.patch(page, i as f32 + 0.5 + du, dv, least).0);
            shares.iter_mut().zip(logs).for_each(|(s, l)| *s += l.exp() / LOOKS.len() as f32);
        }
        shares.map(|share| share.max(1e-9).ln())
    });
    let cells = cells.collect();
    (strip, cells)
}

struct Judge<'a> {
    page: &'a Pyramid<'a>,
    alphabets: &'a [Alphabet],
    least: f32,
}

impl Judge<'_> {
    fn merit(&self, strip: &Strip) -> f32 {
        (0..strip.cells).step_by(2).map(|i| self.cell(strip, i, 0.0)).sum()
    }

    fn cell(&self, strip: &Strip, i: usize, v: f32) -> f32 {
        let logs = classify(&strip.patch(self.page, i as f32 + 0.5, v, self.least).0);
        let allowed =
            ALPHABET.iter().zip(logs).filter(|(byte, _)| self.alphabets[i].allows(**byte));
        allowed.fold(-6.0f32, |most, (_, log)| most.max(log))
    }
}

/// Moves the middle line up or down where the characters are clearer, in each
/// fifth of the line, and lets it bow.
fn centre(strip: &mut Strip, judge: &Judge<'_>) {
    const OFFSETS: [f32; 5] = [-0.24, -0.12, 0.0, 0.12, 0.24];
    const PARTS: usize = 5;
    let points: Vec<[f32; 2]> = (0..PARTS)
        .map(|part| {
            let cells = part * strip.cells / PARTS..(part + 1) * strip.cells / PARTS;
            let middle = (cells.start + cells.end) as f32 / 2.0;
            let merits =
                OFFSETS.map(|v| cells.clone().map(|i| judge.cell(strip, i, v)).sum::<f32>());
            [middle, peak(OFFSETS, merits) * strip.height]
        })
        .collect();
    let fit = quadratic(&points);
    for (across, by) in strip.across.iter_mut().zip(fit) {
        *across += by;
    }
}

/// Where a parabola through the best of five evenly spaced merits and its
/// neighbours has its top.
fn peak(places: [f32; 5], merits: [f32; 5]) -> f32 {
    let i = (0..5).fold(2, |best, i| if merits[i] > merits[best] { i } else { best });
    if i == 0 || i == 4 {
        return places[i];
    }
    let (left, right) = (merits[i] - merits[i - 1], merits[i] - merits[i + 1]);
    let step = places[1] - places[0];
    places[i] + 0.5 * step * (left - right) / (left + right).max(1e-6)
}

fn best(values: [f32; 5], merit: impl Fn(f32) -> f32) -> f32 {
    let merits = values.map(merit);
    let i = (0..5).fold(2, |best, i| if merits[i] > merits[best] { i } else { best });
    values[i]
}

/// Makes cell coordinates even: `middles[i]` becomes `i + 0.5`.
fn respace(strip: &mut Strip, middles: &[f32]) {
    let at = |p: [f32; 3], u: f32| p[0] + p[1] * u + p[2] * u * u;
    let points = |p: [f32; 3]| -> Vec<[f32; 2]> {
        middles.iter().enumerate().map(|(i, u)| [i as f32 + 0.5, at(p, *u)]).collect()
    };
    (strip.along, strip.across) =
        (quadratic(&points(strip.along)), quadratic(&points(strip.across)));
}

/// Least squares parabola `y = p[0] + p[1] x + p[2] x²` through the points.
fn quadratic(points: &[[f32; 2]]) -> [f32; 3] {
    let n = points.len().max(1) as f64;
    let mean = points.iter().map(|p| f64::from(p[0])).sum::<f64>() / n;
    let reach = points.iter().map(|p| (f64::from(p[0]) - mean).abs()).fold(1e-6, f64::max);
    let mut m = [[0.0f64; 4]; 3];
    for [x, y] in points {
        let x = (f64::from(*x) - mean) / reach;
        let powers = [1.0, x, x * x];
        for (row, a) in m.iter_mut().zip(powers) {
            for (cell, b) in row.iter_mut().zip(powers) {
                *cell += a * b;
            }
            row[3] += a * f64::from(*y);
        }
    }
    let [a, b, c] = solve(m);
    let (b, c) = (b / reach, c / reach / reach);
    [(a - b * mean + c * mean * mean) as f32, (b - 2.0 * c * mean) as f32, c as f32]
}

/// Gauss-Jordan with pivoting; what is not determined becomes 0.
fn solve(mut m: [[f64; 4]; 3]) -> [f64; 3] {
    for i in 0..3 {
        let pivot =
            (i..3).fold(i, |best, r| if m[r][i].abs() > m[best][i].abs() { r } else { best });
        m.swap(i, pivot);
        if m[i][i].abs() < 1e-9 {
            continue;
        }
        let row = m[i].map(|v| v / m[i][i]);
        for (r, other) in m.iter_mut().enumerate() {
            if r != i {
                let by = other[i];
                other.iter_mut().zip(row).for_each(|(v, w)| *v -= by * w);
            }
        }
        m[i] = row;
    }
    [0, 1, 2].map(|i| if m[i][i].abs() < 1e-9 { 0.0 } else { m[i][3] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parabola_is_found_again() {
        let points: Vec<[f32; 2]> =
            (0..9).map(|i| i as f32).map(|x| [x, 3.0 - 2.0 * x + 0.5 * x * x]).collect();
        let p = quadratic(&points);
        assert!(
            (p[0] - 3.0).abs() < 1e-3 && (p[1] + 2.0).abs() < 1e-3 && (p[2] - 0.5).abs() < 1e-3
        );
    }

    #[test]
    fn too_few_points_give_no_nonsense() {
        assert_eq!(quadratic(&[[4.0, 7.0]]), [7.0, 0.0, 0.0]);
        assert_eq!(quadratic(&[]), [0.0; 3]);
    }

    #[test]
    fn the_top_of_a_parabola_lies_between_samples() {
        let top = peak([-2.0, -1.0, 0.0, 1.0, 2.0], [-6.25, -2.25, -0.25, -0.25, -2.25]);
        assert!((top - 0.5).abs() < 1e-5);
    }
}
