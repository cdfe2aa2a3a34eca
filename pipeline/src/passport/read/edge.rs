//! Whether the paper ends where a line does.
//!
//! Documents have a margin of more than a character beside their zones (Doc
//! 9303-4 to -7 ask for several millimetres). Where something else begins at
//! once, a part of the line may be missing: a visa's line of 44 characters reads
//! like one of 36, and no composite digit tells them apart.

use crate::passport::pyramid::Pyramid;
use crate::passport::strip::Strip;

/// Brightness of paper changes by less than this from one character to the next.
const LEAST_STEP: f32 = 24.0;
/// And by less than this many times what it changes along the line.
const UNUSUAL: f32 = 3.0;

/// Whether the ground changes within a character of either end.
pub(super) fn ends(page: &Pyramid<'_>, strip: &Strip) -> bool {
    let count = strip.cells;
    let inner: Vec<f32> = (0..count).map(|i| ground(page, strip, i as f32 + 0.5)).collect();
    let mut steps: Vec<f32> = inner.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    steps.sort_by(f32::total_cmp);
    let usual = steps.get(steps.len() * 9 / 10).copied().unwrap_or(0.0);
    let most = (usual * UNUSUAL).max(LEAST_STEP);
    let near = |cells: &[f32]| cells.iter().sum::<f32>() / cells.len().max(1) as f32;
    let (first, last) = (near(&inner[..3.min(count)]), near(&inner[count.saturating_sub(3)..]));
    let differs = |u: f32, inside: f32| {
        !page.holds(strip.place(u, 0.0)) || (ground(page, strip, u) - inside).abs() > most
    };
    [0.4, 0.9].into_iter().any(|by| differs(-by, first) || differs(count as f32 + by, last))
}

/// The bright part of a column through the line: paper, not ink.
fn ground(page: &Pyramid<'_>, strip: &Strip, u: f32) -> f32 {
    const SAMPLES: usize = 12;
    let mut column: Vec<f32> = (0..SAMPLES)
        .map(|i| {
            let v = (i as f32 + 0.5) / SAMPLES as f32 * 1.8 - 0.9;
            strip.brightness(page, u, v)
        })
        .collect();
    column.sort_by(f32::total_cmp);
    column[SAMPLES * 3 / 4]
}
