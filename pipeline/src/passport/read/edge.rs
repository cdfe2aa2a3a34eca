//! Whether all of a line can be seen: the paper does not end where the line
//! does, print does not go on beyond it, and nothing lies over its characters.

use super::ReadLine;
use crate::examination::ZoneFormat;
use crate::passport::pyramid::Pyramid;
use crate::passport::strip::Strip;

/// Brightness of paper changes by less than this from one character to the next.
const LEAST_STEP: f32 = 24.0;
/// And by less than this many times what it changes along the line.
const UNUSUAL: f32 = 3.0;
/// Paper that is seen beyond the ends of a line, in characters. A last
/// character of which two fifths are left may still be read.
const NEAR: &[f32] = &[0.3];
/// Visas: their lines of 44 characters read like ones of 36 where they are cut,
/// and no composite digit tells. Documents have a margin of more than a
/// character beside their zones (Doc 9303-7 asks for several millimetres).
const FAR: &[f32] = &[0.3, 0.9];
/// The paper of a line's end is what most of so many characters stand on.
const PAPER: usize = 6;
/// As much print as a character has, beyond the end of every line
/// (`Frames::print_in`).
const GOES_ON: f32 = 0.3;
/// So much that beyond one line is enough: frames and arrows have 0.6 at most.
const SURELY_GOES_ON: f32 = 0.66;
/// A character has at least this share of the usual one's contrast: what was
/// made flat by squares, blur or glare has less than 0.3, real ones above 0.55.
const LEAST_CONTRAST: f32 = 0.4;
/// The same for thirds of characters.
const LEAST_OF_A_THIRD: f32 = 0.3;

/// Whether part of the lines may be missing or covered.
pub(super) fn is_whole(page: &Pyramid<'_>, format: ZoneFormat, lines: &[ReadLine]) -> bool {
    let visa = matches!(format, ZoneFormat::MrvA | ZoneFormat::MrvB);
    let near = if visa { FAR } else { NEAR };
    let goes_on = (0..2).any(|side| lines.iter().all(|line| line.beyond[side] >= GOES_ON));
    let much = lines.iter().any(|line| line.beyond.iter().any(|print| *print >= SURELY_GOES_ON));
    let spoiled = |line: &ReadLine| ends(page, &line.strip, near) || is_covered(page, line);
    !goes_on && !much && !lines.iter().any(spoiled)
}

/// Whether the ground changes so near to either end.
fn ends(page: &Pyramid<'_>, strip: &Strip, near: &[f32]) -> bool {
    let count = strip.cells;
    let inner: Vec<f32> = (0..count).map(|i| ground(page, strip, i as f32 + 0.5)).collect();
    let mut steps: Vec<f32> = inner.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    steps.sort_by(f32::total_cmp);
    let usual = steps.get(steps.len() * 9 / 10).copied().unwrap_or(0.0);
    let most = (usual * UNUSUAL).max(LEAST_STEP);
    let (first, last) =
        (middle(&inner[..PAPER.min(count)]), middle(&inner[count.saturating_sub(PAPER)..]));
    let differs = |u: f32, inside: f32| {
        !page.holds(strip.place(u, 0.0)) || (ground(page, strip, u) - inside).abs() > most
    };
    near.iter().any(|by| differs(-by, first) || differs(count as f32 + by, last))
}

fn middle(values: &[f32]) -> f32 {
    let mut values = values.to_vec();
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// Whether something lies over a character, or over a third of it.
fn is_covered(page: &Pyramid<'_>, line: &ReadLine) -> bool {
    let all = |side: f32| (0..line.strip.cells).map(move |i| tones(page, &line.strip, i, side));
    let cores: Vec<Tone> = all(0.2).map(|thirds| Tone::of(&thirds)).collect();
    let thirds: Vec<[Tone; 3]> = all(0.08).collect();
    let usual = |tones: &[Tone]| middle(&tones.iter().map(|t| t.contrast).collect::<Vec<_>>());
    let least = LEAST_CONTRAST * usual(&cores);
    let least_third = LEAST_OF_A_THIRD * usual(thirds.as_flattened());
    line.cells.iter().zip(&cores).zip(&thirds).any(|((cell, core), thirds)| {
        // strokes of letters and digits run through every third
        let crossed = cell.byte != b'<';
        let part = thirds.iter().any(|third| third.contrast < least_third);
        core.contrast < least || crossed && part
    })
}

/// Brightness of an area.
#[derive(Clone, Copy)]
struct Tone {
    mean: f32,
    /// Deviation from the mean.
    contrast: f32,
}

impl Tone {
    /// Of areas of one size together.
    fn of(parts: &[Self]) -> Self {
        let n = parts.len().max(1) as f32;
        let mean = parts.iter().map(|part| part.mean).sum::<f32>() / n;
        let square = |part: &Self| part.contrast.powi(2) + (part.mean - mean).powi(2);
        Self { mean, contrast: (parts.iter().map(square).sum::<f32>() / n).sqrt() }
    }
}

/// The upper, middle and lower third of a character, without a share of both
/// sides: neighbours reach in, and the place is not exact.
fn tones(page: &Pyramid<'_>, strip: &Strip, cell: usize, side: f32) -> [Tone; 3] {
    const ACROSS: usize = 12;
    const DOWN: usize = 4;
    [0, 1, 2].map(|third| {
        let (mut sum, mut squares) = (0.0f32, 0.0f32);
        for (x, y) in (0..ACROSS).flat_map(|x| (0..DOWN).map(move |y| (x, y))) {
            let share = (x as f32 + 0.5) / ACROSS as f32;
            let u = cell as f32 + side + (1.0 - 2.0 * side) * share;
            let v = ((third * DOWN + y) as f32 + 0.5) / (3 * DOWN) as f32 - 0.5;
            let value = strip.brightness(page, u, v);
            sum += value;
            squares += value * value;
        }
        let n = (ACROSS * DOWN) as f32;
        let mean = sum / n;
        Tone { mean, contrast: (squares / n - mean * mean).max(0.0).sqrt() }
    })
}

/// The bright part of a column just above and below the line: paper, not ink,
/// which blur spreads within the line.
fn ground(page: &Pyramid<'_>, strip: &Strip, u: f32) -> f32 {
    const SAMPLES: usize = 12;
    let mut column: Vec<f32> = (0..SAMPLES)
        .map(|i| {
            let away = 0.75 + 0.45 * (i / 2) as f32 / (SAMPLES / 2 - 1) as f32;
            strip.brightness(page, u, if i % 2 == 0 { away } else { -away })
        })
        .collect();
    column.sort_by(f32::total_cmp);
    column[SAMPLES * 3 / 4]
}
