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
/// A character has at least this share of the usual one's contrast: what was
/// made flat by squares, blur or glare has less than 0.3, real ones above 0.55.
const LEAST_CONTRAST: f32 = 0.4;

/// Whether part of the lines may be missing or covered.
pub(super) fn is_whole(page: &Pyramid<'_>, format: ZoneFormat, lines: &[ReadLine]) -> bool {
    let visa = matches!(format, ZoneFormat::MrvA | ZoneFormat::MrvB);
    let near = if visa { FAR } else { NEAR };
    let goes_on = (0..2).any(|side| lines.iter().all(|line| line.beyond[side] >= GOES_ON));
    let lines = || lines.iter().map(|line| &line.strip);
    !goes_on && !lines().any(|strip| ends(page, strip, near) || is_covered(page, strip))
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

/// Whether a character lacks contrast that the others have.
fn is_covered(page: &Pyramid<'_>, strip: &Strip) -> bool {
    let contrasts: Vec<f32> = (0..strip.cells).map(|i| contrast(page, strip, i)).collect();
    let least = contrasts.iter().fold(f32::MAX, |least, contrast| least.min(*contrast));
    least < LEAST_CONTRAST * middle(&contrasts)
}

/// The deviation of brightness within a character.
fn contrast(page: &Pyramid<'_>, strip: &Strip, cell: usize) -> f32 {
    const SAMPLES: usize = 12;
    let part = |i: usize| (i as f32 + 0.5) / SAMPLES as f32;
    let [mut sum, mut squares] = [0.0f32; 2];
    for (x, y) in (0..SAMPLES).flat_map(|x| (0..SAMPLES).map(move |y| (x, y))) {
        let value = strip.brightness(page, cell as f32 + part(x), part(y) - 0.5);
        sum += value;
        squares += value * value;
    }
    let n = (SAMPLES * SAMPLES) as f32;
    (squares / n - (sum / n).powi(2)).max(0.0).sqrt()
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
