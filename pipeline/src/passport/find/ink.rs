//! Ink: pixels darker than their surroundings, relative to the strongest contrast nearby.

use crate::passport::grey::Grey;

/// Side of the structuring element in pixels; strokes are narrower.
const WINDOW: usize = 7;
/// Lower bound of the least contrast of ink.
const MIN_CONTRAST: u32 = 9;
/// Ink has more contrast than this many quarters of the picture's median contrast, ...
const GRAIN: u32 = 10;
/// ... but contrast above this is ink in any picture.
const MAX_GRAIN: u32 = 48;
/// Side in pixels of the blocks with one threshold.
const BLOCK: usize = 8;
/// The least value of ink.
pub(super) const THRESHOLD: u8 = 64;
/// The value of the strongest ink.
pub(super) const STRONGEST: u8 = 160;

/// Returns the relative contrast of every pixel: [`THRESHOLD`] and more is ink.
pub(super) fn detect_ink(grey: &Grey) -> Grey {
    let mut hat = black_top_hat(grey, WINDOW);
    let (columns, most) = strongest(&hat);
    let least = min_contrast(&hat);
    for (y, row) in hat.data.chunks_exact_mut(hat.width).enumerate() {
        let most = &most[y / BLOCK * columns..];
        for (block, most) in row.chunks_mut(BLOCK).zip(most) {
            // two fifths of the strongest ink nearby, in 16 fractional bits
            let enough = (u32::from(*most) * 2 / 5).max(least);
            let factor = (u32::from(THRESHOLD) << 16).div_ceil(enough);
            for value in block {
                *value = ((u32::from(*value) * factor) >> 16).min(STRONGEST.into()) as u8;
            }
        }
    }
    hat
}

/// Returns the least contrast that stands out from the grain of a picture.
fn min_contrast(hat: &Grey) -> u32 {
    let mut counts = [0usize; 256];
    hat.data.iter().step_by(7).for_each(|value| counts[usize::from(*value)] += 1);
    let half = hat.data.len().div_ceil(7) / 2;
    let mut sum = 0;
    let median = counts.iter().take_while(|count| {
        sum += **count;
        sum <= half
    });
    (median.count() as u32 * GRAIN / 4).clamp(MIN_CONTRAST, MAX_GRAIN)
}

/// Returns for every block the strongest value within it and the blocks around it.
fn strongest(hat: &Grey) -> (usize, Vec<u8>) {
    let (columns, rows) = (hat.width.div_ceil(BLOCK), hat.height.div_ceil(BLOCK));
    let mut most = vec![0u8; columns * rows];
    for (y, row) in hat.data.chunks_exact(hat.width).enumerate() {
        let line = &mut most[y / BLOCK * columns..][..columns];
        for (most, block) in line.iter_mut().zip(row.chunks(BLOCK)) {
            *most = block.iter().fold(*most, |m, v| m.max(*v));
        }
    }
    let blocks = Grey { width: columns, height: rows, data: most };
    (columns, extreme(&blocks, 3, u8::max).data)
}

/// The black top-hat transform, which keeps dark structures narrower than `size`
/// pixels: the closing with a square, less the picture.
fn black_top_hat(grey: &Grey, size: usize) -> Grey {
    let closed = extreme(&extreme(grey, size, u8::max), size, u8::min);
    let data = closed.data.iter().zip(&grey.data).map(|(c, v)| c.saturating_sub(*v)).collect();
    Grey { data, ..closed }
}

/// Returns the extreme value of each square of `size` (odd) pixels.
fn extreme(grey: &Grey, size: usize, pick: impl Fn(u8, u8) -> u8 + Copy) -> Grey {
    let half = size / 2;
    let (width, height) = (grey.width, grey.height);
    let mut across = Vec::with_capacity(width * height);
    let (mut padded, mut spare) = (Vec::new(), Vec::new());
    for row in grey.data.chunks_exact(width) {
        padded.clear();
        padded.resize(half, row[0]);
        padded.extend_from_slice(row);
        padded.resize(width + 2 * half, row[width - 1]);
        window_extremes(&mut padded, &mut spare, size, pick);
        across.extend_from_slice(&padded);
    }
    let mut data = Vec::with_capacity(width * height);
    let line = |y: usize| {
        let y = y.saturating_sub(half).min(height - 1);
        &across[y * width..(y + 1) * width]
    };
    for y in 0..height {
        let start = data.len();
        data.extend_from_slice(line(y));
        for other in 1..size {
            let values: &mut [u8] = &mut data[start..];
            for (value, more) in values.iter_mut().zip(line(y + other)) {
                *value = pick(*value, *more);
            }
        }
    }
    Grey { width, height, data }
}

/// Computes the extremes of windows of `size` values. Each round doubles the window.
fn window_extremes(
    values: &mut Vec<u8>,
    spare: &mut Vec<u8>,
    size: usize,
    pick: impl Fn(u8, u8) -> u8 + Copy,
) {
    let mut span = 1;
    while span < size {
        let shift = span.min(size - span);
        spare.clear();
        spare.extend(values.iter().zip(&values[shift..]).map(|(a, b)| pick(*a, *b)));
        std::mem::swap(values, spare);
        span += shift;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spots(width: usize, height: usize, dark: &[(usize, usize)]) -> Grey {
        let mut grey = Grey { width, height, data: vec![200; width * height] };
        for (x, y) in dark {
            grey.data[y * width + x] = 50;
        }
        grey
    }

    #[test]
    fn a_top_hat_keeps_only_narrow_dark_structures() {
        let grey = spots(9, 7, &[(4, 3)]);
        let hat = black_top_hat(&grey, 3);
        assert_eq!(hat.data.iter().filter(|v| **v > 0).count(), 1);
        assert_eq!(hat.data[3 * 9 + 4], 150);
        let wide: Vec<_> = (0..7).flat_map(|y| (0..5).map(move |x| (x, y))).collect();
        assert!(black_top_hat(&spots(9, 7, &wide), 3).data.iter().all(|v| *v == 0));
    }

    #[test]
    fn an_extreme_reaches_half_a_window() {
        let mut grey = Grey { width: 8, height: 5, data: vec![0; 40] };
        grey.data[2 * 8 + 3] = 9;
        let grown = extreme(&grey, 3, u8::max);
        let lit: Vec<usize> = (0..40).filter(|i| grown.data[*i] == 9).collect();
        assert_eq!(lit, [10, 11, 12, 18, 19, 20, 26, 27, 28]);
    }

    #[test]
    fn faint_ink_counts_where_there_is_no_stronger() {
        let mut grey = spots(64, 64, &[(5, 5)]);
        grey.data[40 * 64 + 50] = 180;
        grey.data[5 * 64 + 15] = 180;
        let ink = detect_ink(&grey);
        assert!(ink.data[5 * 64 + 5] >= THRESHOLD && ink.data[40 * 64 + 50] >= THRESHOLD);
        assert!(ink.data[5 * 64 + 15] < THRESHOLD);
    }
}
