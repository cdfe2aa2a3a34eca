//! Locates machine readable zones on a small copy of a page, at any angle.
//!
//! Ink that is narrower than its surroundings is joined into blobs at several
//! sizes of print; long blobs are lines; two or three lines of one length, side
//! by side, may be a zone. Nothing is read here: the reader decides.

mod blobs;
mod group;

pub(crate) use group::Candidate;

use super::grey::Grey;

/// Long side of the copy on which zones are looked for, in pixels.
const SIDE: usize = 1000;
/// Character pitches that are looked for on that copy, in pixels. Each finds
/// print of about 0.7 to 1.6 times its own pitch.
const PITCHES: [f32; 6] = [5.0, 7.0, 9.5, 13.0, 18.0, 25.0];

/// Print of a smaller pitch than this is looked for on pixels as they are.
const FINE: f32 = 8.0;

/// A line of print: ends of its middle line in pixels, first end leftmost (or
/// topmost), and its height there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TextLine {
    pub(crate) from: [f32; 2],
    pub(crate) to: [f32; 2],
    pub(crate) height: f32,
}

impl TextLine {
    pub(crate) fn length(&self) -> f32 {
        (self.to[0] - self.from[0]).hypot(self.to[1] - self.from[1])
    }

    /// Unit vector from the first end to the second.
    pub(crate) fn axis(&self) -> [f32; 2] {
        let length = self.length().max(1e-6);
        [(self.to[0] - self.from[0]) / length, (self.to[1] - self.from[1]) / length]
    }

    fn scaled(self, by: f32) -> Self {
        let point = |p: [f32; 2]| [(p[0] + 0.5) * by - 0.5, (p[1] + 0.5) * by - 0.5];
        Self { from: point(self.from), to: point(self.to), height: self.height * by }
    }
}

/// Places that may hold a zone, likeliest first, in pixels of `page`.
pub(crate) fn find(page: &Grey) -> Vec<Candidate> {
    let small = page.shrunk(SIDE);
    let scale = page.width.max(page.height) as f32 / small.width.max(small.height) as f32;
    let mut lines: Vec<TextLine> = Vec::new();
    let smooth = small.smoothed();
    for pitch in PITCHES {
        // fine print would be smoothed away, coarse print is freed of grain
        let copy = if pitch < FINE { &small } else { &smooth };
        for line in blobs::lines(copy, pitch) {
            if !lines.iter().any(|known| group::same(known, &line)) {
                lines.push(line);
            }
        }
    }
    let lines: Vec<TextLine> = lines.into_iter().map(|line| line.scaled(scale)).collect();
    group::candidates(&lines)
}
