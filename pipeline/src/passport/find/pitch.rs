//! Fixed pitch: how much of a line's ink is periodic in its characters.

use std::f32::consts::TAU;

/// Number of characters over which print keeps its pitch, even seen from the side.
const STRETCH: f32 = 11.0;
/// A line's ends may be wrong by a hundredth or two of its length.
const ERRORS: [f32; 5] = [-0.016, -0.008, 0.0, 0.008, 0.016];

/// Returns the share of the lines' variance, 0..1, that has the period of one
/// character if each line has so many, for the best of some small errors of length.
pub(super) fn periodicity(lines: &[&[f32]], characters: f32) -> f32 {
    let mean = |factor: f32| {
        let sum: f32 = lines.iter().map(|line| line_periodicity(line, characters * factor)).sum();
        sum / lines.len().max(1) as f32
    };
    ERRORS.iter().map(|error| mean(1.0 + error)).fold(0.0, f32::max)
}

fn line_periodicity(line: &[f32], characters: f32) -> f32 {
    let pitch = line.len() as f32 / characters;
    if pitch < 2.2 {
        return 0.0;
    }
    let (mut at_pitch, mut all) = (0.0, 1e-3);
    for stretch in line.chunks((STRETCH * pitch).round() as usize) {
        if (stretch.len() as f32) < 4.0 * pitch {
            continue;
        }
        let n = stretch.len() as f32;
        let mean = stretch.iter().sum::<f32>() / n;
        // a vector that makes one turn per character, step by step
        let (sin, cos) = (TAU / pitch).sin_cos();
        let (mut x, mut y) = (1.0f32, 0.0f32);
        let (mut re, mut im) = (0.0, 0.0);
        for value in stretch {
            let value = value - mean;
            re += value * x;
            im += value * y;
            all += value * value;
            (x, y) = (x * cos - y * sin, x * sin + y * cos);
        }
        at_pitch += 2.0 * (re * re + im * im) / n;
    }
    (at_pitch / all).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_pitch_is_distinguished_from_another() {
        let line: Vec<f32> = (0..264).map(|u| if u % 6 < 4 { 80.0 } else { 10.0 }).collect();
        let lines = [&line[..]];
        assert!(periodicity(&lines, 44.0) > 0.7);
        assert!(periodicity(&lines, 36.0) < 0.1 && periodicity(&lines, 30.0) < 0.1);
        assert_eq!(periodicity(&[&[]], 44.0), 0.0);
        assert!(periodicity(&[&[5.0; 300]], 44.0) < 0.01);
    }
}
