//! Checks that all of a line is visible: the paper continues beyond its ends, no
//! text continues there, and nothing covers its characters.

use super::zone::ReadLine;
use crate::examination::ZoneFormat;
use crate::passport::line::Strip;
use crate::passport::pyramid::Pyramid;

/// Least change of the paper's brightness that counts as its edge.
const MIN_STEP: f32 = 24.0;
/// The same, relative to the usual change along the line.
const UNUSUAL: f32 = 3.0;
/// Distances beyond the ends of a line at which paper must be visible, in
/// characters. A last character of which two fifths are left may still be read.
const NEAR: &[f32] = &[0.3];
/// The same for visas: their lines of 44 characters read like ones of 36 where they
/// are cut, and no composite digit detects it. Documents have a margin of more than a
/// character beside their zones (Doc 9303-7 asks for several millimetres).
const FAR: &[f32] = &[0.3, 0.9];
/// Number of characters at a line's end whose median brightness is that of the paper.
const PAPER: usize = 6;
/// Text density beyond the end of every line above which the text continues
/// (`Frames::text_density_between`).
const CONTINUES: f32 = 0.3;
/// The same where one line is enough: frames and arrows have 0.6 at most.
const SURELY_CONTINUES: f32 = 0.66;
/// Least contrast of a character, as a share of the median: characters hidden by
/// squares, blur or glare have less than 0.3, visible ones more than 0.55.
const MIN_CONTRAST: f32 = 0.4;
/// The same for thirds of characters.
const MIN_THIRD_CONTRAST: f32 = 0.3;

/// Whether no part of the lines seems to be missing or covered.
pub(super) fn is_complete(page: &Pyramid<'_>, format: ZoneFormat, lines: &[ReadLine]) -> bool {
    let visa = matches!(format, ZoneFormat::MrvA | ZoneFormat::MrvB);
    let near = if visa { FAR } else { NEAR };
    let continues = (0..2).any(|side| lines.iter().all(|line| line.beyond[side] >= CONTINUES));
    let surely_continues =
        lines.iter().any(|line| line.beyond.iter().any(|print| *print >= SURELY_CONTINUES));
    let incomplete = |line: &ReadLine| is_cut(page, &line.strip, near) || is_covered(page, line);
    !continues && !surely_continues && !lines.iter().any(incomplete)
}

/// Whether the brightness of the paper changes near either end.
fn is_cut(page: &Pyramid<'_>, strip: &Strip, near: &[f32]) -> bool {
    let count = strip.cells;
    let inner: Vec<f32> =
        (0..count).map(|i| paper_brightness(page, strip, i as f32 + 0.5)).collect();
    let mut steps: Vec<f32> = inner.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    steps.sort_by(f32::total_cmp);
    let usual = steps.get(steps.len() * 9 / 10).copied().unwrap_or(0.0);
    let most = (usual * UNUSUAL).max(MIN_STEP);
    let (first, last) =
        (median(&inner[..PAPER.min(count)]), median(&inner[count.saturating_sub(PAPER)..]));
    let differs = |u: f32, inside: f32| {
        !page.contains(strip.page_point(u, 0.0))
            || (paper_brightness(page, strip, u) - inside).abs() > most
    };
    near.iter().any(|by| differs(-by, first) || differs(count as f32 + by, last))
}

fn median(values: &[f32]) -> f32 {
    let mut values = values.to_vec();
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// Whether something covers a character, or a third of it.
fn is_covered(page: &Pyramid<'_>, line: &ReadLine) -> bool {
    let all =
        |side: f32| (0..line.strip.cells).map(move |i| third_tones(page, &line.strip, i, side));
    let cores: Vec<Tone> = all(0.2).map(|thirds| Tone::combine(&thirds)).collect();
    let thirds: Vec<[Tone; 3]> = all(0.08).collect();
    let usual = |tones: &[Tone]| median(&tones.iter().map(|t| t.contrast).collect::<Vec<_>>());
    let least = MIN_CONTRAST * usual(&cores);
    let least_third = MIN_THIRD_CONTRAST * usual(thirds.as_flattened());
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
    /// Standard deviation.
    contrast: f32,
}

impl Tone {
    /// Combines areas of one size.
    fn combine(parts: &[Self]) -> Self {
        let n = parts.len().max(1) as f32;
        let mean = parts.iter().map(|part| part.mean).sum::<f32>() / n;
        let square = |part: &Self| part.contrast.powi(2) + (part.mean - mean).powi(2);
        Self { mean, contrast: (parts.iter().map(square).sum::<f32>() / n).sqrt() }
    }
}

/// Returns the tones of the upper, middle and lower third of a character, without a
/// share of both sides: neighbours reach in, and the position is not exact.
fn third_tones(page: &Pyramid<'_>, strip: &Strip, cell: usize, side: f32) -> [Tone; 3] {
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

/// Returns the brightness of the paper just above and below the line, not of the
/// ink, which blur spreads within the line.
fn paper_brightness(page: &Pyramid<'_>, strip: &Strip, u: f32) -> f32 {
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
