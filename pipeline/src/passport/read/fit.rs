//! Fits a strip to the positions of its characters.

use super::align::Alignment;
use crate::passport::line::Strip;

/// Characters with a lower probability do not count for the fit across the line.
const CLEAR: f32 = 0.5;

/// Returns a strip with evenly spaced cells whose centre line and height are those
/// of the text. `from` is the cell of `strip` at which the alignment's cells start.
pub(super) fn fit_strip(strip: &Strip, row: &Alignment, from: f32) -> Strip {
    let at = |p: [f32; 3], u: f32| p[0] + p[1] * u + p[2] * u * u;
    let middle = strip.cells as f32 / 2.0;
    let tall = |u: f32| strip.height * (1.0 + strip.growth * (u - middle)).max(0.2);
    let (mut along, mut across, mut heights) = (Vec::new(), Vec::new(), Vec::new());
    for (i, cell) in row.middles.iter().enumerate() {
        let (to, u) = (i as f32 + 0.5, from + cell);
        let clear = row.probabilities[i].iter().take(37).fold(0.0f32, |most, p| most.max(*p));
        let down = row.offsets[i].clamp(-0.6, 0.6) * tall(u);
        along.push([to, at(strip.along, u) + strip.slant * down]);
        if clear > CLEAR {
            across.push([to, at(strip.across, u) + down]);
            heights.push([to, tall(u) * row.heights[i].clamp(-0.5, 0.5).exp()]);
        }
    }
    let cells = row.middles.len();
    let mut fitted = Strip { cells, along: quadratic(&along), ..strip.clone() };
    if across.len() * 3 > cells {
        fitted.across = quadratic(&across);
        let [a, b] = linear(&heights);
        fitted.height = (a + b * cells as f32 / 2.0).max(1.0);
        fitted.growth = (b / fitted.height).clamp(-0.02, 0.02);
    }
    fitted
}

/// Fits a least squares line `y = p[0] + p[1] x` through the points.
fn linear(points: &[[f32; 2]]) -> [f32; 2] {
    let n = points.len().max(1) as f32;
    let mean = [0, 1].map(|i| points.iter().map(|p| p[i]).sum::<f32>() / n);
    let xx: f32 = points.iter().map(|p| (p[0] - mean[0]).powi(2)).sum();
    let xy: f32 = points.iter().map(|p| (p[0] - mean[0]) * (p[1] - mean[1])).sum();
    let rise = if xx > 1e-6 { xy / xx } else { 0.0 };
    [mean[1] - rise * mean[0], rise]
}

/// Fits a least squares parabola `y = p[0] + p[1] x + p[2] x²` through the points.
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

/// Gauss-Jordan elimination with pivoting; undetermined unknowns become 0.
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
    fn a_parabola_is_recovered_from_its_points() {
        let points: Vec<[f32; 2]> =
            (0..9).map(|i| i as f32).map(|x| [x, 3.0 - 2.0 * x + 0.5 * x * x]).collect();
        let p = quadratic(&points);
        assert!(
            (p[0] - 3.0).abs() < 1e-3 && (p[1] + 2.0).abs() < 1e-3 && (p[2] - 0.5).abs() < 1e-3
        );
    }

    #[test]
    fn too_few_points_leave_undetermined_coefficients_at_zero() {
        assert_eq!(quadratic(&[[4.0, 7.0]]), [7.0, 0.0, 0.0]);
        assert_eq!(quadratic(&[]), [0.0; 3]);
    }
}
