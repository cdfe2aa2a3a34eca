//! Lays a fixed number of nearly evenly spaced characters over a line.

use super::Shares;
use crate::passport::line::{ALPHABET, Frames, GAP, STRIDE};
use crate::passport::mrz::format::Alphabet;

/// The likeliest characters of a line and where they stand.
pub(super) struct Row {
    /// Middles, in cells of `PITCH` pixels from the start of what was looked at.
    pub(super) middles: Vec<f32>,
    pub(super) shares: Vec<Shares>,
    /// The print's middle below the strip's, in heights of the strip's capitals.
    pub(super) offsets: Vec<f32>,
    /// The print's height to the strip's, as logarithms.
    pub(super) heights: Vec<f32>,
    /// Logarithm of how well they explain what was seen, a character.
    pub(super) merit: f32,
}

/// Cost, in logarithms, of a character that stands a whole pitch from where it should.
const STRETCH: f32 = 30.0;
/// Characters stand at most this share of a pitch nearer or farther than usual.
const PLAY: f32 = 0.2;
/// No character costs more than this: one that a stamp hides must not shift the rest.
const WORST: f32 = -6.0;
/// What print that is left over beyond the ends costs, for each frame.
const LEFT_OVER: f32 = 0.5;

/// The best row of characters `pitch` pixels apart, one for each alphabet, by
/// dynamic programming over every place. None where they do not fit.
pub(super) fn row(frames: &Frames, alphabets: &[Alphabet], pitch: f32) -> Option<Row> {
    let places = frames.places();
    let apart = pitch / (STRIDE as f32 / 2.0);
    let gaps = (apart * (1.0 - PLAY)).round() as usize..=(apart * (1.0 + PLAY)).round() as usize;
    let seen: Vec<Shares> = (0..places).map(|place| frames.at(place).shares).collect();
    let left = left_over(&seen);
    let total = *left.last()?;
    let mut best: Vec<f32> =
        (0..places).map(|k| merit(&seen[k], alphabets[0]) - before(&left, k, apart)).collect();
    let mut back: Vec<Vec<u16>> = Vec::with_capacity(alphabets.len());
    for alphabet in &alphabets[1..] {
        let mut next = vec![f32::MIN; places];
        let mut from = vec![0; places];
        for k in *gaps.start()..places {
            for gap in gaps.clone().filter(|gap| *gap <= k) {
                let stretch = gap as f32 / apart - 1.0;
                let score = best[k - gap] - STRETCH * stretch * stretch;
                if score > next[k] {
                    (next[k], from[k]) = (score, (k - gap) as u16);
                }
            }
            next[k] += merit(&seen[k], *alphabet);
        }
        best = next;
        back.push(from);
    }
    for (k, score) in best.iter_mut().enumerate() {
        *score -= total - left[(k + (apart / 2.0) as usize + 1).min(places)];
    }
    let last = (0..places).max_by(|a, b| best[*a].total_cmp(&best[*b]))?;
    let merit = best[last] / alphabets.len() as f32;
    let mut path = vec![last];
    for from in back.iter().rev() {
        path.push(usize::from(from[path[path.len() - 1]]));
    }
    path.reverse();
    (merit > -100.0).then(|| describe(frames, &path, merit))
}

fn describe(frames: &Frames, path: &[usize], merit: f32) -> Row {
    let last = frames.places() - 1;
    let mut row = Row {
        middles: path.iter().map(|place| Frames::cell(*place)).collect(),
        shares: Vec::with_capacity(path.len()),
        offsets: Vec::with_capacity(path.len()),
        heights: Vec::with_capacity(path.len()),
        merit,
    };
    for place in path {
        // a character is seen from its middle and from a little to both sides
        let looks = [place.saturating_sub(1), *place, (place + 1).min(last)];
        let looks = looks.map(|place| frames.at(place));
        let mut shares = looks[1].shares;
        for (i, share) in shares.iter_mut().enumerate() {
            *share = 0.25 * looks[0].shares[i] + 0.5 * *share + 0.25 * looks[2].shares[i];
        }
        row.shares.push(shares);
        row.offsets.push(looks[1].offset);
        row.heights.push(looks[1].height);
    }
    row
}

/// What the likeliest character that may stand there is worth.
fn merit(shares: &Shares, alphabet: Alphabet) -> f32 {
    let allowed = ALPHABET.iter().zip(shares).filter(|(byte, _)| alphabet.allows(**byte));
    allowed.fold(0.0f32, |most, (_, share)| most.max(*share)).max(1e-6).ln().max(WORST)
}

/// Running sums of print that is not accounted for.
fn left_over(seen: &[Shares]) -> Vec<f32> {
    let mut sum = 0.0;
    let mut sums = vec![0.0];
    for shares in seen {
        // places are twice as dense as frames
        sum += LEFT_OVER / 2.0 * (1.0 - shares[GAP]);
        sums.push(sum);
    }
    sums
}

fn before(left: &[f32], place: usize, apart: f32) -> f32 {
    left[place.saturating_sub((apart / 2.0) as usize)]
}

