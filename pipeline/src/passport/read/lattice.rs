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
    let costs: Vec<(usize, f32)> =
        gaps.map(|gap| (gap, STRETCH * (gap as f32 / apart - 1.0).powi(2))).collect();
    let seen: Vec<Shares> = (0..places).map(|place| frames.at(place).shares).collect();
    let worths = Worths::new(&seen, alphabets);
    let left = left_over(&seen);
    let total = *left.last()?;
    let first = worths.of(*alphabets.first()?);
    let mut best: Vec<f32> =
        first.iter().enumerate().map(|(k, worth)| worth - before(&left, k, apart)).collect();
    let mut back: Vec<Vec<u16>> = Vec::with_capacity(alphabets.len());
    for alphabet in &alphabets[1..] {
        let (next, from) = one_more(&best, &costs, worths.of(*alphabet));
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

/// The best rows that end at each place with one character more, and where the
/// one before it stands.
fn one_more(best: &[f32], costs: &[(usize, f32)], worths: &[f32]) -> (Vec<f32>, Vec<u16>) {
    let (mut next, mut from) = (vec![f32::MIN; best.len()], vec![0; best.len()]);
    for (gap, cost) in costs {
        let shifted = next.iter_mut().zip(&mut from).enumerate().skip(*gap);
        for ((k, (next, from)), before) in shifted.zip(best) {
            if before - cost > *next {
                (*next, *from) = (before - cost, (k - gap) as u16);
            }
        }
    }
    next.iter_mut().zip(worths).for_each(|(score, worth)| *score += worth);
    (next, from)
}

/// What the likeliest character of an alphabet is worth at every place, for
/// each alphabet that a line needs.
struct Worths(Vec<(Alphabet, Vec<f32>)>);

impl Worths {
    fn new(seen: &[Shares], alphabets: &[Alphabet]) -> Self {
        let mut worths: Vec<(Alphabet, Vec<f32>)> = Vec::new();
        for alphabet in alphabets {
            if worths.iter().all(|(known, _)| known != alphabet) {
                let classes: Vec<usize> =
                    (0..ALPHABET.len()).filter(|class| alphabet.allows(ALPHABET[*class])).collect();
                worths.push((*alphabet, seen.iter().map(|s| worth(s, &classes)).collect()));
            }
        }
        Self(worths)
    }

    fn of(&self, alphabet: Alphabet) -> &[f32] {
        self.0.iter().find(|(known, _)| *known == alphabet).map_or(&[], |(_, worths)| worths)
    }
}

/// The logarithm of the likeliest of the classes.
fn worth(shares: &Shares, classes: &[usize]) -> f32 {
    let most = classes.iter().fold(0.0f32, |most, class| most.max(shares[*class]));
    most.max(1e-6).ln().max(WORST)
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
