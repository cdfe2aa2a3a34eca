//! Decoded samples as colours.

use super::file::TiffFile;
use super::form::{Alpha, Colour, Form};
use super::lab::LabToRgb;
use super::unpack;
use super::ycbcr::{Clumps, YCbCr};
use crate::open::samples::over_white;

/// Converts rows of samples of one form.
pub(super) struct Painter {
    form: Form,
    colours: Colours,
    /// What a floating-point sample is multiplied by to have the range 0 to 1.
    factor: f32,
    samples: Vec<u16>,
    floats: Vec<f32>,
}

enum Colours {
    Grey { white_is_zero: bool },
    Palette(Vec<[u8; 3]>),
    Rgb,
    Cmyk,
    YCbCr(Box<YCbCr>, Clumps),
    Lab(LabToRgb),
}

impl Painter {
    /// Reads what the form needs besides the samples. `None` if it is missing.
    pub(super) fn new(file: &TiffFile<'_>, form: Form) -> Option<Self> {
        let colours = match form.colour {
            Colour::Grey { white_is_zero } => Colours::Grey { white_is_zero },
            Colour::Rgb => Colours::Rgb,
            Colour::Cmyk => Colours::Cmyk,
            Colour::Palette => Colours::Palette(eight_bits(&file.colour_map(form.bits)?)),
            Colour::Lab(_) => Colours::Lab(LabToRgb::read(file)),
            Colour::YCbCr => {
                let clumps = Clumps::new(file.subsampling())?;
                // planes of different sizes are not read
                if form.is_planar && clumps.rows() * clumps.row_bytes(1) != 3 {
                    return None;
                }
                Colours::YCbCr(Box::new(YCbCr::read(file)), clumps)
            }
        };
        Some(Self { form, colours, factor: 1.0, samples: Vec::new(), floats: Vec::new() })
    }

    /// Returns the clumps that rows of samples have, where they are not one pixel each.
    pub(super) fn clumps(&self) -> Option<&Clumps> {
        match &self.colours {
            Colours::YCbCr(_, clumps) if !self.form.is_planar => Some(clumps),
            _ => None,
        }
    }

    /// Chooses the range of floating-point samples by their largest: programs write 0 to 1,
    /// 0 to 255 and 0 to 65535.
    pub(super) fn set_largest(&mut self, largest: f32) {
        self.factor = match largest {
            v if v <= 1.0 => 1.0,
            v if v <= 255.0 => 1.0 / 255.0,
            v if v <= 65535.0 => 1.0 / 65535.0,
            v => 1.0 / v,
        };
    }

    /// Returns the largest finite sample of a row, or 0.
    pub(super) fn largest(&mut self, planes: &[&[u8]], width: usize) -> f32 {
        let count = self.stored_samples() * width;
        let mut largest = 0.0;
        for plane in planes {
            self.floats.clear();
            unpack::floats(self.form.bits, plane, count, &mut self.floats);
            largest = self.floats.iter().filter(|v| v.is_finite()).copied().fold(largest, f32::max);
        }
        largest
    }

    /// Samples of a pixel that are stored beside each other.
    fn stored_samples(&self) -> usize {
        if self.form.is_planar { 1 } else { usize::from(self.form.samples) }
    }

    /// Converts a row of pixels. `planes` has one row of all samples, or one row for each
    /// sample that is used. `None` if the row is too short.
    pub(super) fn paint(&mut self, planes: &[&[u8]], width: usize, row: &mut [u8]) -> Option<()> {
        let form = self.form;
        if let ([plane], Colours::Rgb, 8, 3, false) =
            (planes, &self.colours, form.bits, form.samples, form.is_float)
        {
            row.copy_from_slice(plane.get(..row.len())?);
            return Some(());
        }
        let mut samples = std::mem::take(&mut self.samples);
        samples.clear();
        let count = self.stored_samples();
        for plane in planes {
            self.unpack(plane, count * width, &mut samples);
        }
        if samples.len() < planes.len() * count * width {
            return None;
        }
        let pixels = row.as_chunks_mut::<3>().0.iter_mut().take(width);
        if form.is_planar {
            let mut pixel = vec![0; planes.len()];
            for (x, out) in pixels.enumerate() {
                pixel.iter_mut().enumerate().for_each(|(p, v)| *v = samples[p * width + x]);
                *out = self.shown(&pixel)?;
            }
        } else {
            for (out, pixel) in pixels.zip(samples.chunks_exact(count)) {
                *out = self.shown(pixel)?;
            }
        }
        self.samples = samples;
        Some(())
    }

    fn unpack(&mut self, plane: &[u8], count: usize, samples: &mut Vec<u16>) {
        if self.form.is_float {
            self.floats.clear();
            unpack::floats(self.form.bits, plane, count, &mut self.floats);
            let factor = self.factor;
            let whole = |v: &f32| ((v * factor).clamp(0.0, 1.0) * 65535.0).round() as u16;
            samples.extend(self.floats.iter().map(whole));
        } else {
            let start = samples.len();
            unpack::whole(self.form.bits, plane, count, samples);
            if !matches!(self.colours, Colours::Palette(_)) {
                samples[start..].iter_mut().for_each(|v| *v = unpack::scale(self.form.bits, *v));
            }
        }
    }

    fn shown(&self, pixel: &[u16]) -> Option<[u8; 3]> {
        let colour = self.colour(pixel)?;
        match self.form.alpha {
            Some(alpha) => self.over_white(colour, alpha, pixel),
            None => Some(colour),
        }
    }

    fn colour(&self, pixel: &[u16]) -> Option<[u8; 3]> {
        let high = |v: u16| (v >> 8) as u8;
        Some(match &self.colours {
            Colours::Grey { white_is_zero: false } => [high(*pixel.first()?); 3],
            Colours::Grey { white_is_zero: true } => [255 - high(*pixel.first()?); 3],
            Colours::Palette(colours) => *colours.get(usize::from(*pixel.first()?))?,
            Colours::Rgb => pixel.first_chunk::<3>()?.map(high),
            Colours::Cmyk => from_cmyk(pixel.first_chunk::<4>()?.map(high)),
            Colours::YCbCr(ycbcr, _) => ycbcr.rgb(pixel.first_chunk::<3>()?.map(high)),
            Colours::Lab(lab) => {
                let Colour::Lab(kind) = self.form.colour else { return None };
                lab.rgb(*pixel.first_chunk::<3>()?, self.form.bits, kind)
            }
        })
    }

    fn over_white(&self, colour: [u8; 3], alpha: Alpha, pixel: &[u16]) -> Option<[u8; 3]> {
        let place = if self.form.is_planar { self.form.colour.samples() } else { alpha.sample };
        let mut opacity = *pixel.get(usize::from(place))?;
        if matches!(self.colours, Colours::Palette(_)) {
            opacity = unpack::scale(self.form.bits, opacity);
        }
        let opacity = (opacity >> 8) as u8;
        Some(if alpha.is_associated {
            colour.map(|v| v.saturating_add(255 - opacity))
        } else {
            colour.map(|v| over_white(v, opacity))
        })
    }

    /// Converts a row of pixels out of a row of clumps, in which it is the `y`th.
    pub(super) fn paint_clumps(&self, clumps: &[u8], y: usize, row: &mut [u8]) -> Option<()> {
        let Colours::YCbCr(ycbcr, sizes) = &self.colours else { return None };
        for (x, pixel) in row.as_chunks_mut::<3>().0.iter_mut().enumerate() {
            *pixel = ycbcr.rgb(sizes.pixel(clumps, x, y)?);
        }
        Some(())
    }
}

/// Maps of 16 bits have the colours in the high byte. Some programs write 8 bits.
fn eight_bits(map: &[[u16; 3]]) -> Vec<[u8; 3]> {
    let shift = if map.iter().flatten().all(|v| *v < 256) { 0 } else { 8 };
    map.iter().map(|colour| colour.map(|v| (v >> shift) as u8)).collect()
}

fn from_cmyk([c, m, y, k]: [u8; 4]) -> [u8; 3] {
    [c, m, y].map(|ink| (u16::from(255 - ink) * u16::from(255 - k) / 255) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cmyk_becomes_rgb() {
        assert_eq!(from_cmyk([0, 0, 0, 0]), [255, 255, 255]);
        assert_eq!(from_cmyk([0, 255, 255, 0]), [255, 0, 0]);
        assert_eq!(from_cmyk([0, 0, 0, 255]), [0, 0, 0]);
    }

    #[test]
    fn a_map_of_small_numbers_has_eight_bits() {
        assert_eq!(eight_bits(&[[0, 128, 255]]), [[0, 128, 255]]);
        assert_eq!(eight_bits(&[[0, 0x80ff, 256]]), [[0, 0x80, 1]]);
    }
}
