//! Aligns a fixed number of nearly evenly spaced characters with a line.

use crate::examination::ZoneFormat;
use crate::passport::line::{ALPHABET, BLANK, ClassProbabilities, Frames, STRIDE};
use crate::passport::mrz::format::Alphabet;

/// The likeliest positions of a line's characters.
pub(super) struct Alignment {
    /// Centres of the characters, in cells of `PITCH` pixels from the start of the strip.
    pub(super) middles: Vec<f32>,
    pub(super) probabilities: Vec<ClassProbabilities>,
    /// Distances of the text's centre line below that of the strip, in cap heights of the strip.
    pub(super) offsets: Vec<f32>,
    /// Logarithms of the text's height relative to the strip's.
    pub(super) heights: Vec<f32>,
    /// Mean log likelihood per character.
    pub(super) score: f32,
}

/// Cost, in logarithms, of a character that is a whole pitch away from its expected position.
const STRETCH: f32 = 30.0;
/// The distance between characters differs from the pitch by at most this share.
const PLAY: f32 = 0.2;
/// Lower bound of a character's log probability: one that a stamp hides must not shift the rest.
const MIN_LOG_PROBABILITY: f32 = -6.0;
/// Cost per frame of text beyond the ends.
const UNEXPLAINED: f32 = 0.5;

/// Returns the best alignment of characters `pitch` pixels apart, one per
/// alphabet, by dynamic programming over every position. `None` if they do not fit.
pub(super) fn align(frames: &Frames, alphabets: &[Alphabet], pitch: f32) -> Option<Alignment> {
    let positions = frames.positions();
    let apart = pitch / (STRIDE as f32 / 2.0);
    let gaps = (apart * (1.0 - PLAY)).round() as usize..=(apart * (1.0 + PLAY)).round() as usize;
    let costs: Vec<(usize, f32)> =
        gaps.map(|gap| (gap, STRETCH * (gap as f32 / apart - 1.0).powi(2))).collect();
    let observed: Vec<ClassProbabilities> =
        (0..positions).map(|position| frames.frame_at(position).probabilities).collect();
    let emissions = Emissions::new(&observed, alphabets);
    let left = unexplained_sums(&observed);
    let total = *left.last()?;
    let first = emissions.for_alphabet(*alphabets.first()?);
    let mut best: Vec<f32> = first
        .iter()
        .enumerate()
        .map(|(k, emission)| emission - text_before(&left, k, apart))
        .collect();
    let mut back: Vec<Vec<u16>> = Vec::with_capacity(alphabets.len());
    for alphabet in &alphabets[1..] {
        let (next, from) = add_character(&best, &costs, emissions.for_alphabet(*alphabet));
        best = next;
        back.push(from);
    }
    for (k, score) in best.iter_mut().enumerate() {
        *score -= total - left[(k + (apart / 2.0) as usize + 1).min(positions)];
    }
    let last = (0..positions).max_by(|a, b| best[*a].total_cmp(&best[*b]))?;
    let score = best[last] / alphabets.len() as f32;
    let mut path = vec![last];
    for from in back.iter().rev() {
        path.push(usize::from(from[path[path.len() - 1]]));
    }
    path.reverse();
    (score > -100.0).then(|| describe_path(frames, &path, score))
}

/// Returns the best scores that end at each position with one more character, and
/// the position of the character before it.
fn add_character(best: &[f32], costs: &[(usize, f32)], emissions: &[f32]) -> (Vec<f32>, Vec<u16>) {
    let (mut next, mut from) = (vec![f32::MIN; best.len()], vec![0; best.len()]);
    for (gap, cost) in costs {
        let shifted = next.iter_mut().zip(&mut from).enumerate().skip(*gap);
        for ((k, (next, from)), before) in shifted.zip(best) {
            if before - cost > *next {
                (*next, *from) = (before - cost, (k - gap) as u16);
            }
        }
    }
    next.iter_mut().zip(emissions).for_each(|(score, emission)| *score += emission);
    (next, from)
}

/// The log probability of the likeliest character at every position, for each
/// alphabet of a line.
struct Emissions(Vec<(Alphabet, Vec<f32>)>);

impl Emissions {
    fn new(observed: &[ClassProbabilities], alphabets: &[Alphabet]) -> Self {
        let mut emissions: Vec<(Alphabet, Vec<f32>)> = Vec::new();
        for alphabet in alphabets {
            if emissions.iter().all(|(known, _)| known != alphabet) {
                let classes: Vec<usize> =
                    (0..ALPHABET.len()).filter(|class| alphabet.allows(ALPHABET[*class])).collect();
                emissions
                    .push((*alphabet, observed.iter().map(|p| emission(p, &classes)).collect()));
            }
        }
        Self(emissions)
    }

    fn for_alphabet(&self, alphabet: Alphabet) -> &[f32] {
        self.0.iter().find(|(known, _)| *known == alphabet).map_or(&[], |(_, emissions)| emissions)
    }
}

/// Returns the log probability of the likeliest of the classes.
fn emission(probabilities: &ClassProbabilities, classes: &[usize]) -> f32 {
    let most = classes.iter().fold(0.0f32, |most, class| most.max(probabilities[*class]));
    most.max(1e-6).ln().max(MIN_LOG_PROBABILITY)
}

fn describe_path(frames: &Frames, path: &[usize], score: f32) -> Alignment {
    let last = frames.positions() - 1;
    let mut row = Alignment {
        middles: path.iter().map(|position| Frames::cell_at(*position)).collect(),
        probabilities: Vec::with_capacity(path.len()),
        offsets: Vec::with_capacity(path.len()),
        heights: Vec::with_capacity(path.len()),
        score,
    };
    for position in path {
        // smoothed over the neighbouring positions
        let near = [position.saturating_sub(1), *position, (position + 1).min(last)];
        let near = near.map(|position| frames.frame_at(position));
        let mut probabilities = near[1].probabilities;
        for (i, value) in probabilities.iter_mut().enumerate() {
            *value =
                0.25 * near[0].probabilities[i] + 0.5 * *value + 0.25 * near[2].probabilities[i];
        }
        row.probabilities.push(probabilities);
        row.offsets.push(near[1].offset);
        row.heights.push(near[1].height);
    }
    row
}

/// Returns prefix sums of the cost of text that no character explains.
fn unexplained_sums(observed: &[ClassProbabilities]) -> Vec<f32> {
    let mut sum = 0.0;
    let mut sums = vec![0.0];
    for probabilities in observed {
        // positions are twice as dense as frames
        sum += UNEXPLAINED / 2.0 * (1.0 - probabilities[BLANK]);
        sums.push(sum);
    }
    sums
}

fn text_before(left: &[f32], position: usize, apart: f32) -> f32 {
    left[position.saturating_sub((apart / 2.0) as usize)]
}

/// Returns the alphabet of every position of a line.
pub(super) fn line_alphabets(format: ZoneFormat, line: usize) -> Vec<Alphabet> {
    let layout = format.layout();
    (0..layout.length).map(|position| layout.alphabet(line, position)).collect()
}
