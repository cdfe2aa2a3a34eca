//! Finds what is missing of a zone: the paper or the picture ends at its ends, its text
//! continues there, or something covers characters.

use super::zone::{Damage, ReadLine};
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
/// The same for visas and for lines of 36: lines of 44 characters read like these where
/// they are cut, and visas have no composite digit that detects it. Documents have a
/// margin of more than a character beside their zones (Doc 9303-7 asks for several
/// millimetres).
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
/// A line of which most is covered takes this share of the other lines' usual contrast.
const OF_OTHERS: f32 = 0.6;
/// Lines that begin and end farther apart than this, in cells, were read from different
/// characters. A slant that is too small to be corrected makes 0.4.
const ASKEW: f32 = 0.65;
/// A covered character with a lower probability is hidden.
const HIDDEN: f32 = 0.4;

/// Finds what seems to be missing of the lines, and marks the hidden characters.
pub(super) fn find_damage(
    page: &Pyramid<'_>,
    format: ZoneFormat,
    lines: &mut [ReadLine],
) -> Damage {
    let visa = matches!(format, ZoneFormat::MrvA | ZoneFormat::MrvB);
    let near = if visa || format.layout().length == 36 { FAR } else { NEAR };
    let mut damage = Damage {
        continues: (0..2).any(|side| lines.iter().all(|line| line.beyond[side] >= CONTINUES))
            || lines.iter().any(|line| line.beyond.iter().any(|by| *by >= SURELY_CONTINUES)),
        ..Damage::default()
    };
    if let Some((first, others)) = lines.split_first() {
        let apart = |line: &ReadLine| {
            let [start, end] = first.strip.ends_ahead(&line.strip);
            ((start + end) / 2.0).abs() > ASKEW
        };
        damage.askew = others.iter().any(apart);
    }
    let tones: Vec<Tones> = lines.iter().map(|line| Tones::of_line(page, &line.strip)).collect();
    let most =
        tones.iter().map(Tones::usual).fold([0.0f32; 2], |a, b| [0, 1].map(|i| a[i].max(b[i])));
    for (line, tones) in lines.iter_mut().zip(&tones) {
        let usual = tones.usual();
        let least = [MIN_CONTRAST, MIN_THIRD_CONTRAST];
        let least = [0, 1].map(|i| least[i] * usual[i].max(OF_OTHERS * most[i]));
        let covered = hide_covered(line, tones, least);
        let cut = cut_sides(page, &line.strip, near);
        for side in 0..2 {
            // what covers the last characters differs from the paper too
            let cover = *[covered.first(), covered.last()][side].unwrap_or(&false);
            damage.cut[side] |= cut[side].0 || cut[side].1 && !cover;
        }
        damage.covered |= covered.contains(&true);
    }
    damage
}

/// Marks the hidden characters of a line, and returns which ones something covers.
fn hide_covered(line: &mut ReadLine, tones: &Tones, [least, least_third]: [f32; 2]) -> Vec<bool> {
    let mut covered = Vec::with_capacity(line.cells.len());
    for ((cell, core), thirds) in line.cells.iter_mut().zip(&tones.cores).zip(&tones.thirds) {
        // strokes of letters and digits run through every third
        let crossed = cell.byte != b'<';
        let part = thirds.iter().any(|third| third.contrast < least_third);
        covered.push(!cell.hidden && (core.contrast < least || crossed && part));
        if covered.last() == Some(&true) && cell.probability < HIDDEN {
            cell.hide();
        }
    }
    // characters beside a cover are covered in part
    for i in 0..line.cells.len() {
        let beside = [i.checked_sub(1), Some(i + 1)].into_iter().flatten();
        let beside = beside.filter_map(|at| line.cells.get(at)).any(|cell| cell.hidden);
        if covered.contains(&true) && beside && line.cells[i].probability < HIDDEN {
            line.cells[i].hide();
        }
    }
    covered
}

/// Whether the page ends, and whether the brightness of the paper changes, near either end.
fn cut_sides(page: &Pyramid<'_>, strip: &Strip, near: &[f32]) -> [(bool, bool); 2] {
    let count = strip.cells;
    let inner: Vec<f32> =
        (0..count).map(|i| paper_brightness(page, strip, i as f32 + 0.5)).collect();
    let mut steps: Vec<f32> = inner.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    steps.sort_by(f32::total_cmp);
    let usual = steps.get(steps.len() * 9 / 10).copied().unwrap_or(0.0);
    let most = (usual * UNUSUAL).max(MIN_STEP);
    let (first, last) =
        (median(&inner[..PAPER.min(count)]), median(&inner[count.saturating_sub(PAPER)..]));
    let places =
        |start: bool| near.iter().map(move |by| if start { -by } else { count as f32 + by });
    [(true, first), (false, last)].map(|(start, inside)| {
        let ends = places(start).any(|u| !page.contains(strip.page_point(u, 0.0)));
        let differs = |u: f32| (paper_brightness(page, strip, u) - inside).abs() > most;
        (ends, places(start).any(differs))
    })
}

fn median(values: &[f32]) -> f32 {
    let mut values = values.to_vec();
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// The tones of a line's characters.
struct Tones {
    /// Of the middle of each.
    cores: Vec<Tone>,
    thirds: Vec<[Tone; 3]>,
}

impl Tones {
    fn of_line(page: &Pyramid<'_>, strip: &Strip) -> Self {
        let all = |side: f32| (0..strip.cells).map(move |i| third_tones(page, strip, i, side));
        Self {
            cores: all(0.2).map(|thirds| Tone::combine(&thirds)).collect(),
            thirds: all(0.08).collect(),
        }
    }

    /// Returns the usual contrast of characters and of their thirds.
    fn usual(&self) -> [f32; 2] {
        let usual = |tones: &[Tone]| median(&tones.iter().map(|t| t.contrast).collect::<Vec<_>>());
        [usual(&self.cores), usual(self.thirds.as_flattened())]
    }
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
