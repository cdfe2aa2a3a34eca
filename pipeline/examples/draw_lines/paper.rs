//! Draws the page without its print: paper, patterns, stamps, light.

use std::f32::consts::{PI, TAU};

use crate::canvas::Canvas;
use crate::random::Random;

/// Draws plain, shaded or patterned paper. `unit` is the pitch in pixels.
pub(crate) fn draw_paper(random: &mut Random, size: [usize; 2], unit: f32) -> Canvas {
    let [width, height] = size;
    let base =
        if random.chance(0.8) { random.range(150.0, 250.0) } else { random.range(70.0, 150.0) };
    let mut canvas = Canvas { width, height, data: vec![base; width * height] };
    if random.chance(0.35) {
        blocks(&mut canvas, random, unit);
    }
    let patterns = if random.chance(0.6) { 1 + random.below(3) } else { 0 };
    for _ in 0..patterns {
        guilloche(&mut canvas, random, unit);
    }
    if random.chance(0.15) {
        let (cell, depth) = (random.range(0.1, 0.6) * unit, random.range(0.03, 0.2));
        grain(&mut canvas, random, cell, depth);
    }
    if random.chance(0.1) {
        // colours mixed from dots, as in pictures of few colours
        let depth = random.range(0.1, 0.4);
        grain(&mut canvas, random, 1.0, depth);
    }
    canvas
}

/// Draws areas of other brightness: pictures, coloured fields, frames.
fn blocks(canvas: &mut Canvas, random: &mut Random, unit: f32) {
    for _ in 0..1 + random.below(4) {
        let edge = [random.unit() * canvas.width as f32, random.unit() * canvas.height as f32];
        let (s, c) = random.range(0.0, TAU).sin_cos();
        let (soft, gain) = (random.scale(0.3, 30.0) * unit, random.range(0.7, 1.2));
        for (i, value) in canvas.data.iter_mut().enumerate() {
            let (x, y) = ((i % canvas.width) as f32, (i / canvas.width) as f32);
            let t = (((x - edge[0]) * c + (y - edge[1]) * s) / soft).clamp(0.0, 1.0);
            *value *= 1.0 + (gain - 1.0) * t;
        }
    }
}

/// Draws wavy parallel lines, fine or coarse, faint or strong.
fn guilloche(canvas: &mut Canvas, random: &mut Random, unit: f32) {
    let (s, c) = random.range(0.0, PI).sin_cos();
    let period = random.scale(0.15, 1.5) * unit;
    let (wave, reach) = (random.scale(1.0, 12.0) * unit, random.range(0.0, 1.2) * unit);
    let depth = random.range(0.02, 0.28);
    let share = random.range(0.15, 0.6);
    let phase = random.range(0.0, TAU);
    for (i, value) in canvas.data.iter_mut().enumerate() {
        let (x, y) = ((i % canvas.width) as f32, (i / canvas.width) as f32);
        let (along, across) = (x * c + y * s, y * c - x * s);
        let t = (across + reach * (TAU * along / wave + phase).sin()) / period;
        let dark = 0.5 + 0.5 * (TAU * t).cos();
        let dark = ((dark - 1.0 + share) / share.max(0.1)).clamp(0.0, 1.0);
        *value *= 1.0 - depth * dark;
    }
}

/// Draws spots of `cell` pixels, lighter and darker by up to `depth`.
fn grain(canvas: &mut Canvas, random: &mut Random, cell: f32, depth: f32) {
    let columns = (canvas.width as f32 / cell) as usize + 2;
    let rows = (canvas.height as f32 / cell) as usize + 2;
    let spots: Vec<f32> = (0..columns * rows).map(|_| random.range(-depth, depth)).collect();
    for (i, value) in canvas.data.iter_mut().enumerate() {
        let (x, y) = ((i % canvas.width) as f32 / cell, (i / canvas.width) as f32 / cell);
        *value *= 1.0 + spots[y as usize * columns + x as usize];
    }
}

/// Draws stamps, pen strokes, frames, glare and foil over the print.
pub(crate) fn draw_marks(canvas: &mut Canvas, random: &mut Random, unit: f32) {
    if random.chance(0.22) {
        for _ in 0..1 + random.below(4) {
            stroke(canvas, random, unit);
        }
    }
    if random.chance(0.12) {
        foil(canvas, random, unit);
    }
    if random.chance(0.12) {
        glare(canvas, random, unit);
    }
    if random.chance(0.6) {
        light(canvas, random);
    }
}

/// Draws a line, a ring or an arc, darker or lighter than the page.
fn stroke(canvas: &mut Canvas, random: &mut Random, unit: f32) {
    let centre =
        [random.unit() * canvas.width as f32, random.range(-1.0, 2.0) * canvas.height as f32];
    let radius = random.scale(1.0, 400.0) * unit;
    let angle = random.range(0.0, TAU);
    let focus = [centre[0] + radius * angle.cos(), centre[1] + radius * angle.sin()];
    let half = random.range(0.03, 0.16) * unit;
    let gain = if random.chance(0.8) { random.range(0.25, 0.9) } else { random.range(1.1, 1.6) };
    for (i, value) in canvas.data.iter_mut().enumerate() {
        let (x, y) = ((i % canvas.width) as f32, (i / canvas.width) as f32);
        let away = ((x - focus[0]).hypot(y - focus[1]) - radius).abs();
        let cover = (half + 0.5 - away).clamp(0.0, 1.0);
        if cover > 0.0 {
            *value = (*value * (1.0 + (gain - 1.0) * cover)).min(255.0);
        }
    }
}

/// Draws a hologram: wavy light under which the print fades.
fn foil(canvas: &mut Canvas, random: &mut Random, unit: f32) {
    let centre = [random.unit() * canvas.width as f32, random.unit() * canvas.height as f32];
    let reach = [random.range(2.0, 14.0) * unit, random.range(0.8, 5.0) * unit];
    let (wave, turn) = (random.range(0.3, 3.0) * unit, random.range(0.0, PI));
    let strength = random.range(0.1, 0.6);
    for (i, value) in canvas.data.iter_mut().enumerate() {
        let (x, y) = ((i % canvas.width) as f32, (i / canvas.width) as f32);
        let away = ((x - centre[0]) / reach[0]).hypot((y - centre[1]) / reach[1]);
        let t = (1.0 - away).clamp(0.0, 1.0);
        if t > 0.0 {
            let ripple = 0.5 + 0.5 * (TAU * (x * turn.cos() + y * turn.sin()) / wave).cos();
            *value += (235.0 - *value) * strength * t.sqrt() * ripple;
        }
    }
}

fn glare(canvas: &mut Canvas, random: &mut Random, unit: f32) {
    let centre = [random.unit() * canvas.width as f32, random.unit() * canvas.height as f32];
    let reach = [random.range(1.0, 8.0) * unit, random.range(0.6, 4.0) * unit];
    let strength = random.range(60.0, 220.0);
    for (i, value) in canvas.data.iter_mut().enumerate() {
        let (x, y) = ((i % canvas.width) as f32, (i / canvas.width) as f32);
        let away = ((x - centre[0]) / reach[0]).hypot((y - centre[1]) / reach[1]);
        *value = (*value + strength * (-away * away).exp()).min(255.0);
    }
}

/// Applies uneven light and a camera's exposure.
fn light(canvas: &mut Canvas, random: &mut Random) {
    let gain = random.range(0.45, 1.1);
    let slope = [random.range(-0.4, 0.4), random.range(-0.3, 0.3)];
    for (i, value) in canvas.data.iter_mut().enumerate() {
        let x = (i % canvas.width) as f32 / canvas.width as f32 - 0.5;
        let y = (i / canvas.width) as f32 / canvas.height as f32 - 0.5;
        *value = (*value * gain * (1.0 + slope[0] * x + slope[1] * y)).clamp(0.0, 255.0);
    }
}
