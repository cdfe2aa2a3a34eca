//! PDQ, the perceptual hash that Meta published.
//!
//! Follows the reference: `pdq/cpp/hashing/pdqhashing.cpp` and
//! `pdq/cpp/downscaling/downscaling.cpp` of facebook/ThreatExchange, and
//! "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing
//! algorithm" (2019). Sums are in `f32` and in the reference's order, so bits
//! agree with it.

use std::f64::consts::PI;
use std::sync::LazyLock;

use super::hash::Hash256;
use super::luma::Plane;

/// Side of the plane that is transformed.
const SIDE: usize = 64;

/// Side of the block of coefficients that is used.
const BLOCK: usize = 16;

/// Smaller pictures have an empty hash and quality 0, as in the reference.
const SMALLEST: usize = 5;

/// Computes the hash and its quality 0..=100.
pub(super) fn pdq(mut plane: Plane) -> (Hash256, u8) {
    if plane.width < SMALLEST || plane.height < SMALLEST {
        return (Hash256::default(), 0);
    }
    if (plane.width, plane.height) != (SIDE, SIDE) {
        blur(&mut plane);
        plane = decimate(&plane);
    }
    let quality = quality(&plane.data);
    (Hash256::from_coefficients(&dct(&plane.data, &BASIS)), quality)
}

/// Applies two box passes along rows and columns: together a tent (Jarosz) filter.
fn blur(plane: &mut Plane) {
    let (width, height) = (plane.width, plane.height);
    let mut other = vec![0.0; plane.data.len()];
    for _ in 0..2 {
        for row in 0..height {
            box_pass(&plane.data, &mut other, row * width, 1, width);
        }
        for column in 0..width {
            box_pass(&other, &mut plane.data, column, width, height);
        }
    }
}

/// Computes the running mean of one line, with the window cut at both ends.
fn box_pass(from: &[f32], to: &mut [f32], start: usize, stride: usize, length: usize) {
    // half of a target pixel, since two passes follow each other
    let window = length.div_ceil(2 * SIDE);
    let ahead = window / 2;
    let behind = window - 1 - ahead;
    let at = |i: usize| start + i * stride;
    let (mut sum, mut count) = (0.0f32, 0.0f32);
    for i in 0..ahead {
        sum += from[at(i)];
        count += 1.0;
    }
    for i in 0..length {
        if i + ahead < length {
            sum += from[at(i + ahead)];
            count += 1.0;
        }
        if i > behind {
            sum -= from[at(i - behind - 1)];
            count -= 1.0;
        }
        to[at(i)] = sum / count;
    }
}

/// Takes the pixel at the centre of each of 64x64 cells.
fn decimate(plane: &Plane) -> Plane {
    let centre = |i: usize, from: usize| (2 * i + 1) * from / (2 * SIDE);
    let pixel = |(y, x)| plane.data[centre(y, plane.height) * plane.width + centre(x, plane.width)];
    let data = (0..SIDE).flat_map(|y| (0..SIDE).map(move |x| (y, x))).map(pixel).collect();
    Plane { width: SIDE, height: SIDE, data }
}

/// Computes the sum of the significant gradients, scaled as in the reference.
fn quality(plane: &[f32]) -> u8 {
    // whole hundredths of full scale: many faint gradients do not make a picture
    let step = |a: f32, b: f32| (((a - b) * 100.0) / 255.0).trunc().abs() as u32;
    let down = plane.iter().zip(&plane[SIDE..]).map(|(a, b)| step(*a, *b)).sum::<u32>();
    let across = plane.chunks_exact(SIDE).flat_map(|row| row.windows(2));
    let sum = down + across.map(|pair| step(pair[0], pair[1])).sum::<u32>();
    (sum / 90).min(100) as u8
}

/// Returns sixteen rows of the 64-point DCT-II, from frequency `first`.
pub(super) fn basis(first: usize) -> [[f32; SIDE]; BLOCK] {
    let scale = (2.0f64 / SIDE as f64).sqrt() as f32;
    let mut rows = [[0.0; SIDE]; BLOCK];
    for (i, row) in rows.iter_mut().enumerate() {
        for (j, cell) in row.iter_mut().enumerate() {
            let angle = PI / 2.0 / SIDE as f64 * (i + first) as f64 * (2 * j + 1) as f64;
            *cell = (f64::from(scale) * angle.cos()) as f32;
        }
    }
    rows
}

static BASIS: LazyLock<[[f32; SIDE]; BLOCK]> = LazyLock::new(|| basis(1));

/// Computes the 16x16 block of coefficients of `basis`, of a 64x64 plane.
pub(super) fn dct(plane: &[f32], basis: &[[f32; SIDE]; BLOCK]) -> [f32; BLOCK * BLOCK] {
    let mut coefficients = [0.0; BLOCK * BLOCK];
    for (i, row) in basis.iter().enumerate() {
        let mut half = [0.0f32; SIDE];
        for (weight, line) in row.iter().zip(plane.chunks_exact(SIDE)) {
            half.iter_mut().zip(line).for_each(|(sum, value)| *sum += weight * value);
        }
        for (j, column) in basis.iter().enumerate() {
            coefficients[i * BLOCK + j] = half.iter().zip(column).map(|(a, b)| a * b).sum();
        }
    }
    coefficients
}
