//! Degrades a page like lenses, sensors, scanners and file formats.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageFormat};

use crate::canvas::Canvas;
use crate::random::Random;

/// Degrades a page at random; `unit` is the pitch in pixels.
pub(crate) fn degrade(canvas: &mut Canvas, random: &mut Random, unit: f32) {
    // fine print stays legible only with little blur
    let most = if random.chance(0.12) { 0.19 } else { 0.12 };
    if random.chance(0.75) {
        blur(canvas, random.range(0.2, (most * unit).max(0.45)));
    }
    if random.chance(0.1) {
        motion_blur(canvas, random, unit);
    }
    if random.chance(0.25) {
        sharpen(canvas, random.range(0.3, 1.6), random.range(0.5, 1.5));
    }
    if random.chance(0.15) {
        let (gain, lift) = (random.range(0.15, 0.6), random.range(0.0, 90.0));
        canvas.data.iter_mut().for_each(|v| *v = *v * gain + lift);
    }
    if random.chance(0.3) {
        let gamma = random.scale(0.5, 2.0);
        canvas.data.iter_mut().for_each(|v| *v = 255.0 * (v.clamp(0.0, 255.0) / 255.0).powf(gamma));
    }
    if random.chance(0.6) {
        let strength =
            if random.chance(0.7) { random.range(0.5, 6.0) } else { random.range(6.0, 18.0) };
        canvas.data.iter_mut().for_each(|v| *v += random.normal() * strength);
    }
    match random.unit() {
        x if x < 0.05 => binarise(canvas, random, unit),
        x if x < 0.09 => dither(canvas, random),
        _ => {}
    }
    canvas.data.iter_mut().for_each(|v| *v = v.round().clamp(0.0, 255.0));
    if random.chance(0.6) {
        let quality =
            if random.chance(0.7) { random.range(55.0, 96.0) } else { random.range(20.0, 55.0) };
        // low qualities destroy the finest print
        let quality = if unit < 7.0 { quality.max(50.0) } else { quality };
        jpeg(canvas, quality as u8);
    }
}

fn kernel(sigma: f32) -> Vec<f32> {
    let reach = (2.5 * sigma).ceil() as i32;
    let weights: Vec<f32> =
        (-reach..=reach).map(|i| (-0.5 * (i as f32 / sigma).powi(2)).exp()).collect();
    let sum: f32 = weights.iter().sum();
    weights.iter().map(|w| w / sum).collect()
}

fn blur(canvas: &mut Canvas, sigma: f32) {
    let weights = kernel(sigma);
    let reach = weights.len() / 2;
    let (width, height) = (canvas.width, canvas.height);
    let mut padded = vec![0.0; width + 2 * reach];
    for row in canvas.data.chunks_exact_mut(width) {
        padded[..reach].fill(row[0]);
        padded[reach..reach + width].copy_from_slice(row);
        padded[reach + width..].fill(row[width - 1]);
        row.fill(0.0);
        for (k, weight) in weights.iter().enumerate() {
            row.iter_mut().zip(&padded[k..]).for_each(|(v, p)| *v += weight * p);
        }
    }
    let before = canvas.data.clone();
    for (y, row) in canvas.data.chunks_exact_mut(width).enumerate() {
        row.fill(0.0);
        for (k, weight) in weights.iter().enumerate() {
            let from = (y + k).saturating_sub(reach).min(height - 1);
            let other = &before[from * width..(from + 1) * width];
            row.iter_mut().zip(other).for_each(|(v, p)| *v += weight * p);
        }
    }
}

fn motion_blur(canvas: &mut Canvas, random: &mut Random, unit: f32) {
    let (s, c) = random.range(0.0, std::f32::consts::PI).sin_cos();
    let length = random.range(0.05, 0.3) * unit;
    let before = canvas.data.clone();
    let (width, height) = (canvas.width as i32, canvas.height as i32);
    let at = |x: f32, y: f32| {
        let (x, y) = (x.clamp(0.0, width as f32 - 1.001), y.clamp(0.0, height as f32 - 1.001));
        let (x0, y0) = (x as usize, y as usize);
        let (fx, fy) = (x.fract(), y.fract());
        let p = |x: usize, y: usize| before[y * width as usize + x];
        (p(x0, y0) * (1.0 - fx) + p(x0 + 1, y0) * fx) * (1.0 - fy)
            + (p(x0, y0 + 1) * (1.0 - fx) + p(x0 + 1, y0 + 1) * fx) * fy
    };
    for (i, value) in canvas.data.iter_mut().enumerate() {
        let (x, y) = ((i as i32 % width) as f32, (i as i32 / width) as f32);
        *value = (0..5)
            .map(|k| (k as f32 / 4.0 - 0.5) * length)
            .map(|t| at(x + t * c, y + t * s))
            .sum::<f32>()
            / 5.0;
    }
}

fn sharpen(canvas: &mut Canvas, amount: f32, sigma: f32) {
    let sharp = canvas.data.clone();
    blur(canvas, sigma);
    for (value, before) in canvas.data.iter_mut().zip(sharp) {
        *value = before + amount * (before - *value);
    }
}

/// Converts to black and white by a global or a local threshold.
fn binarise(canvas: &mut Canvas, random: &mut Random, unit: f32) {
    let mut around =
        Canvas { width: canvas.width, height: canvas.height, data: canvas.data.clone() };
    if random.chance(0.5) {
        blur(&mut around, unit);
    } else {
        let mean = canvas.data.iter().sum::<f32>() / canvas.data.len() as f32;
        around.data.fill(mean);
    }
    let share = random.range(0.75, 0.98);
    for (value, around) in canvas.data.iter_mut().zip(&around.data) {
        *value = if *value < around * share { 0.0 } else { 255.0 };
    }
}

/// Reduces the grey levels with error diffusion, as in pictures of few colours.
fn dither(canvas: &mut Canvas, random: &mut Random) {
    let step = 255.0 / (2 + random.below(7)) as f32;
    for y in 0..canvas.height {
        for x in 0..canvas.width {
            let i = y * canvas.width + x;
            let value = ((canvas.data[i] / step).round() * step).clamp(0.0, 255.0);
            let error = canvas.data[i] - value;
            canvas.data[i] = value;
            let ways = [(1, 0, 7.0), (-1, 1, 3.0), (0, 1, 5.0), (1, 1, 1.0)];
            for (dx, dy, share) in ways {
                let (x, y) = (x as i32 + dx, y + dy);
                if x >= 0 && (x as usize) < canvas.width && y < canvas.height {
                    canvas.data[y * canvas.width + x as usize] += error * share / 16.0;
                }
            }
        }
    }
}

fn jpeg(canvas: &mut Canvas, quality: u8) {
    let grey: Vec<u8> = canvas.data.iter().map(|v| *v as u8).collect();
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode(&grey, canvas.width as u32, canvas.height as u32, ExtendedColorType::L8)
        .unwrap();
    let decoded =
        image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg).unwrap().into_luma8();
    canvas.data.iter_mut().zip(decoded.as_raw()).for_each(|(v, s)| *v = f32::from(*s));
}
