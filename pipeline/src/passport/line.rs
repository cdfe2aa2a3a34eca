//! One line of print as the line network sees it: a strip of fixed height whose
//! contrast is evened out along the line.
//!
//! The network looks at every place of the strip alike and says which character
//! has its middle there, or none. Its weights are in `models/zone-lines.onnx`;
//! how they were made is beside them.

use std::sync::LazyLock;

use super::pyramid::Pyramid;
use super::strip::Strip;
use crate::engines::network::Network;
use crate::models;

/// Pixels of a strip to one character pitch, and to the height of capitals.
pub const PITCH: f32 = 16.0;
/// Pixels of a strip, down.
pub const HEIGHT: usize = 32;
/// Pixels of the longest strip, along: 44 characters and two pitches at each end.
pub const WIDTH: usize = 768;
/// No strip that is looked at is longer: 40 characters and twelve pitches at each end.
const MOST_WIDTH: usize = 1024;
/// Pixels from one answer of the network to the next.
pub const STRIDE: usize = 4;
/// Answers for a strip of `WIDTH`.
pub const FRAMES: usize = WIDTH / STRIDE;
/// Characters of a zone in the order of the classes; the filler is class 0.
pub const ALPHABET: &[u8; 37] = b"<0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// The class of a place that is no character's middle.
pub const GAP: usize = 37;
/// Classes: the alphabet and the gap.
pub const CLASSES: usize = 38;

/// The pixel of the strip in the middle of what a frame looks at.
#[must_use]
pub fn frame_middle(frame: usize) -> f32 {
    (frame * STRIDE) as f32
}

/// Half the stretch over which contrast is evened out, in pixels.
const REACH: usize = 24;
/// No stretch is taken to have less spread than this share of the usual one.
const LEAST_SHARE: f32 = 0.35;
/// Nor less than this many levels of brightness: grain must not become letters.
const LEAST_SPREAD: f32 = 2.0;
/// Values beyond this many deviations are cut off.
const MOST: f32 = 4.0;

/// Brightness to ink: the mean of the surroundings becomes 0, their deviation
/// 1, darker is positive.
pub fn normalise(strip: &mut [f32], width: usize) {
    let mut sums = vec![[0.0f32; 2]; width];
    for row in strip.chunks_exact(width) {
        for (sum, value) in sums.iter_mut().zip(row) {
            sum[0] += value;
            sum[1] += value * value;
        }
    }
    let height = (strip.len() / width.max(1)) as f32;
    let local: Vec<[f32; 2]> = (0..width)
        .map(|x| {
            let around = &sums[x.saturating_sub(REACH)..(x + REACH + 1).min(width)];
            let n = around.len() as f32 * height;
            let [sum, square] = around.iter().fold([0.0; 2], |s, v| [s[0] + v[0], s[1] + v[1]]);
            let mean = sum / n;
            [mean, (square / n - mean * mean).max(0.0).sqrt()]
        })
        .collect();
    let mut spreads: Vec<f32> = local.iter().map(|l| l[1]).collect();
    let middle = spreads.len() / 2;
    let usual = *spreads.select_nth_unstable_by(middle, f32::total_cmp).1;
    let least = (usual * LEAST_SHARE).max(LEAST_SPREAD);
    for row in strip.chunks_exact_mut(width) {
        for (value, [mean, spread]) in row.iter_mut().zip(&local) {
            *value = ((mean - *value) / spread.max(least)).clamp(-MOST, MOST);
        }
    }
}

/// What the network says of a strip.
pub(crate) struct Frames(Vec<Frame>);

/// What the network says of one place of a strip.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    /// Probabilities of the characters and of "no character's middle".
    pub(crate) shares: [f32; CLASSES],
    /// The print's middle below the strip's, in heights of the strip's capitals.
    pub(crate) offset: f32,
    /// The print's height to the strip's, as a logarithm.
    pub(crate) height: f32,
}

static NET: LazyLock<Option<Network>> = LazyLock::new(|| Network::load(models::ZONE_LINES.bytes));

/// Runs the network once on nothing.
pub(super) fn warm() {
    let _ = NET.as_ref().and_then(|net| net.run([1, 1, HEIGHT, WIDTH], vec![0.0; HEIGHT * WIDTH]));
}

/// Reads `cells` characters of a line from character `from`, which may lie
/// before its start. None if nothing could be read.
pub(crate) fn read(page: &Pyramid<'_>, strip: &Strip, from: f32, cells: usize) -> Option<Frames> {
    let width = (cells * PITCH as usize).clamp(PITCH as usize, MOST_WIDTH);
    let mut pixels = strip.pixels(page, from, width);
    normalise(&mut pixels, width);
    let answer = NET.as_ref()?.run([1, 1, HEIGHT, width], pixels)?;
    let count = *answer.shape.last()?;
    if answer.values.len() != count * (CLASSES + 2) {
        return None;
    }
    let frames = (0..count).map(|i| {
        let at = |channel: usize| answer.values[channel * count + i];
        let top = (0..CLASSES).map(at).fold(f32::MIN, f32::max);
        let mut shares = [0.0; CLASSES];
        shares.iter_mut().enumerate().for_each(|(c, share)| *share = (at(c) - top).exp());
        let sum: f32 = shares.iter().sum();
        shares.iter_mut().for_each(|share| *share /= sum);
        Frame { shares, offset: at(CLASSES), height: at(CLASSES + 1) }
    });
    Some(Frames(frames.collect()))
}

impl Frames {
    /// Places that can be looked at: twice as many as frames.
    pub(crate) fn places(&self) -> usize {
        (2 * self.0.len()).saturating_sub(1)
    }

    /// A frame, or for odd places what lies between two.
    pub(crate) fn at(&self, place: usize) -> Frame {
        let (a, b) = (self.0[place / 2], self.0[place.div_ceil(2)]);
        let mean = |x: f32, y: f32| (x + y) / 2.0;
        let mut shares = a.shares;
        shares.iter_mut().zip(b.shares).for_each(|(s, other)| *s = mean(*s, other));
        Frame { shares, offset: mean(a.offset, b.offset), height: mean(a.height, b.height) }
    }

    /// Cells from the start of the strip to a place.
    pub(crate) fn cell(place: usize) -> f32 {
        (frame_middle(place) / 2.0 + 0.5) / PITCH
    }

    /// How much between two cells, counted from the start of what was looked at,
    /// is some character's middle, 0..1.
    pub(crate) fn print_in(&self, from: f32, to: f32) -> f32 {
        let frame = |cell: f32| (cell * PITCH / STRIDE as f32).round().max(0.0) as usize;
        let frames = self.0.get(frame(from)..frame(to).min(self.0.len())).unwrap_or(&[]);
        let print: f32 = frames.iter().map(|frame| 1.0 - frame.shares[GAP]).sum();
        print / frames.len().max(1) as f32
    }

    /// How much of the strip is some character's middle, 0..1: about 0.6 where
    /// a zone is printed, near nothing elsewhere.
    pub(crate) fn print(&self) -> f32 {
        let print: f32 = self.0.iter().map(|frame| 1.0 - frame.shares[GAP]).sum();
        print / self.0.len().max(1) as f32
    }
}
