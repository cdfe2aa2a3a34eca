//! Variants of a portrait: crops, light and compression.

use image::{Rgb, RgbImage, imageops};

/// A part of a picture that is cut out.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Middle in pixels of the picture.
    pub middle: [f64; 2],
    /// Pixels of the picture along the part's height.
    pub height: f64,
    /// Clockwise rotation of the result, in degrees.
    pub turn: f64,
}

/// Size of the result: a print at 300 dpi.
pub const SIZE: [u32; 2] = [413, 531];

/// Cuts a part of 7:9 out of a picture. Beyond the picture its edge is repeated.
#[must_use]
pub fn cut(rgb: &RgbImage, part: Part) -> RgbImage {
    let scale = part.height / f64::from(SIZE[1]);
    let (sin, cos) = (-part.turn).to_radians().sin_cos();
    let place = |x: f64, y: f64| {
        let (x, y) = (x - f64::from(SIZE[0]) / 2.0, y - f64::from(SIZE[1]) / 2.0);
        [part.middle[0] + (x * cos - y * sin) * scale, part.middle[1] + (x * sin + y * cos) * scale]
    };
    let taps = (scale.ceil() as u32).clamp(1, 8);
    RgbImage::from_fn(SIZE[0], SIZE[1], |x, y| {
        let mut sum = [0.0; 3];
        for tap in 0..taps * taps {
            let at =
                |cell: u32, tap: u32| f64::from(cell) + (f64::from(tap) + 0.5) / f64::from(taps);
            let place = place(at(x, tap % taps), at(y, tap / taps));
            let value = interpolate(rgb, place);
            sum.iter_mut().zip(value).for_each(|(sum, value)| *sum += value);
        }
        Rgb(sum.map(|v| (v / f64::from(taps * taps)).round() as u8))
    })
}

fn interpolate(rgb: &RgbImage, [x, y]: [f64; 2]) -> [f64; 3] {
    let (x, y) = ((x - 0.5).max(0.0), (y - 0.5).max(0.0));
    let pixel = |dx: f64, dy: f64| {
        let at = |v: f64, limit: u32| (v as u32).min(limit - 1);
        rgb.get_pixel(at(x + dx, rgb.width()), at(y + dy, rgb.height())).0.map(f64::from)
    };
    let (a, b, c, d) = (pixel(0.0, 0.0), pixel(1.0, 0.0), pixel(0.0, 1.0), pixel(1.0, 1.0));
    std::array::from_fn(|i| {
        let (u, v) = (x.fract(), y.fract());
        (a[i] * (1.0 - u) + b[i] * u) * (1.0 - v) + (c[i] * (1.0 - u) + d[i] * u) * v
    })
}

/// Changes that do not affect geometry.
pub const CHANGES: [&str; 8] =
    ["blur", "darker", "lighter", "jpeg 20", "jpeg 40", "jpeg 60", "jpeg 80", "jpeg 95"];

/// Applies one of [`CHANGES`].
#[must_use]
pub fn changed(rgb: &RgbImage, change: &str) -> RgbImage {
    let gamma = |by: f64| {
        let mut next = rgb.clone();
        for pixel in next.pixels_mut() {
            pixel.0 = pixel.0.map(|v| ((f64::from(v) / 255.0).powf(by) * 255.0).round() as u8);
        }
        next
    };
    match change.split_once(' ') {
        Some((_, quality)) => {
            let bytes = fixtures::encode::jpeg(rgb, quality.parse().unwrap_or(80));
            image::load_from_memory(&bytes).map_or_else(|_| rgb.clone(), |image| image.to_rgb8())
        }
        None if change == "blur" => imageops::blur(rgb, 1.2),
        None if change == "darker" => gamma(1.25),
        None => gamma(0.8),
    }
}

/// Returns a grey copy with three equal channels.
#[must_use]
pub fn grey(rgb: &RgbImage) -> RgbImage {
    let grey = imageops::grayscale(rgb);
    RgbImage::from_fn(rgb.width(), rgb.height(), |x, y| Rgb([grey.get_pixel(x, y).0[0]; 3]))
}
