//! Lays a fixed number of evenly spaced cells over a line.

use crate::passport::cells::{ALPHABET, CLASSES, classify};
use crate::passport::mrz::format::Alphabet;
use crate::passport::pyramid::Pyramid;
use crate::passport::strip::Strip;

/// A strip with the middle of each cell in the strip's own cell coordinates.
pub(crate) struct Aligned {
    pub(crate) strip: Strip,
    pub(crate) middles: Vec<f32>,
    /// Smallest spread that a patch is divided by.
    pub(crate) least: f32,
    /// Mean logarithm of the best characters' probabilities.
    pub(crate) score: f32,
}

/// Cells looked at beyond each end of the strip.
const MARGIN: f32 = 2.5;
/// Cost, in logarithms, of a cell that stands a whole pitch from where it should.
const STRETCH: f32 = 30.0;
/// Cost of starting a whole cell from where the strip does.
const SHIFT: f32 = 0.6;

/// Finds the most probable row of cells, each pitch between 0.75 and 1.25 of
/// the strip's own, by dynamic programming over windows every `step` cells.
pub(crate) fn align(
    page: &Pyramid<'_>,
    strip: Strip,
    alphabets: &[Alphabet],
    step: f32,
) -> Aligned {
    let least = usual_spread(page, &strip) * 0.45;
    let count = ((strip.cells as f32 + 2.0 * MARGIN) / step) as usize;
    let place = |k: usize| (k as f32 + 0.5) * step - MARGIN;
    let windows: Vec<Merits> = (0..count)
        .map(|k| Merits::of(&classify(&strip.patch(page, place(k), 0.0, least).0)))
        .collect();
    let reach = (0.25 / step) as usize;
    let usual = (1.0 / step).round() as usize;
    let mut best: Vec<f32> =
        (0..count).map(|k| windows[k].at(alphabets[0]) - SHIFT * (place(k) - 0.5).abs()).collect();
    let mut back: Vec<Vec<usize>> = Vec::with_capacity(alphabets.len());
    for alphabet in &alphabets[1..] {
        let mut next = vec![f32::MIN; count];
        let mut from = vec![0; count];
        for k in usual - reach..count {
            for gap in (usual - reach..=usual + reach).filter(|gap| *gap <= k) {
                let stretch = (gap as f32 - usual as f32) * step;
                let score = best[k - gap] - STRETCH * stretch * stretch;
                if score > next[k] {
                    (next[k], from[k]) = (score, k - gap);
                }
            }
            next[k] += windows[k].at(*alphabet);
        }
        best = next;
        back.push(from);
    }
    let last = (0..count).max_by(|a, b| best[*a].total_cmp(&best[*b])).unwrap_or(0);
    let mut path = vec![last];
    for from in back.iter().rev() {
        path.push(from[path[path.len() - 1]]);
    }
    path.reverse();
    let logs: f32 = path.iter().zip(alphabets).map(|(k, a)| windows[*k].at(*a)).sum();
    let middles = path.iter().map(|k| place(*k)).collect();
    Aligned { strip, middles, least, score: logs / alphabets.len() as f32 }
}

/// The median spread of brightness of the strip's patches: print on its ground.
fn usual_spread(page: &Pyramid<'_>, strip: &Strip) -> f32 {
    let mut spreads: Vec<f32> =
        (0..strip.cells).map(|i| strip.patch(page, i as f32 + 0.5, 0.0, 1.0).1).collect();
    let middle = spreads.len() / 2;
    *spreads.select_nth_unstable_by(middle, f32::total_cmp).1
}

/// The best logarithm of each alphabet.
struct Merits([f32; 5]);

impl Merits {
    fn of(logs: &[f32; CLASSES]) -> Self {
        let best = |alphabet: Alphabet| {
            let allowed = ALPHABET.iter().zip(logs).filter(|(byte, _)| alphabet.allows(**byte));
            allowed.fold(-7.0f32, |most, (_, log)| most.max(*log))
        };
        Self([
            best(Alphabet::Letters),
            best(Alphabet::LettersAndFiller),
            best(Alphabet::DigitsAndFiller),
            best(Alphabet::All),
            best(Alphabet::PassportOrVisa),
        ])
    }

    fn at(&self, alphabet: Alphabet) -> f32 {
        match alphabet {
            Alphabet::Letters => self.0[0],
            Alphabet::LettersAndFiller | Alphabet::Sex => self.0[1],
            Alphabet::Digits | Alphabet::DigitsAndFiller => self.0[2],
            Alphabet::All => self.0[3],
            Alphabet::PassportOrVisa => self.0[4],
        }
    }
}
