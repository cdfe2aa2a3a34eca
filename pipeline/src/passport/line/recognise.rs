//! Runs the line network on a strip.

use std::sync::LazyLock;

use super::frames::{Frame, Frames};
use super::normalise::normalise;
use super::shape::{CLASSES, HEIGHT, PITCH, WIDTH};
use super::strip::Strip;
use crate::engines::network::Network;
use crate::models;
use crate::passport::pyramid::Pyramid;

/// Width of the longest strip in pixels: 40 characters and twelve pitches at each end.
const MAX_WIDTH: usize = 1024;

static NET: LazyLock<Option<Network>> = LazyLock::new(|| Network::load(models::ZONE_LINES.bytes));

/// Runs the network once on an empty strip.
pub(crate) fn warm() {
    let _ = NET.as_ref().and_then(|net| net.run([1, 1, HEIGHT, WIDTH], vec![0.0; HEIGHT * WIDTH]));
}

/// Runs the network on `cells` cells of a line from cell `from`, which may be
/// before its start. `None` if the network is missing or fails.
pub(crate) fn recognise(
    page: &Pyramid<'_>,
    strip: &Strip,
    from: f32,
    cells: usize,
) -> Option<Frames> {
    let width = (cells * PITCH as usize).clamp(PITCH as usize, MAX_WIDTH);
    let mut pixels = strip.pixels(page, from, width);
    normalise(&mut pixels, width);
    let output = NET.as_ref()?.run([1, 1, HEIGHT, width], pixels)?;
    let count = *output.shape.last()?;
    if output.values.len() != count * (CLASSES + 2) {
        return None;
    }
    let frames = (0..count).map(|i| {
        let value = |channel: usize| output.values[channel * count + i];
        let top = (0..CLASSES).map(value).fold(f32::MIN, f32::max);
        let mut probabilities = [0.0; CLASSES];
        probabilities
            .iter_mut()
            .enumerate()
            .for_each(|(c, probability)| *probability = (value(c) - top).exp());
        let sum: f32 = probabilities.iter().sum();
        probabilities.iter_mut().for_each(|probability| *probability /= sum);
        Frame { probabilities, offset: value(CLASSES), height: value(CLASSES + 1) }
    });
    Some(Frames(frames.collect()))
}
