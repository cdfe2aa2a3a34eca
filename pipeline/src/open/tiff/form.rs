//! The form of the samples that a directory describes, if it can be shown.

use super::ffi::*;
use super::file::{TiffFile, has_decoder};

/// How the samples of a picture are stored and what they mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) colour: Colour,
    /// Bits of one sample, 1 to 64.
    pub(super) bits: u16,
    pub(super) is_float: bool,
    /// Samples of one pixel, at least those of `colour`.
    pub(super) samples: u16,
    /// Each sample in strips or tiles of its own.
    pub(super) is_planar: bool,
    pub(super) alpha: Option<Alpha>,
}

/// The meaning of the first samples of a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colour {
    Grey {
        white_is_zero: bool,
    },
    Palette,
    Rgb,
    Cmyk,
    /// Possibly with fewer values of colour than of brightness.
    YCbCr,
    Lab(Lab),
}

/// How `L*a*b*` is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lab {
    /// TIFF 6.0: `a*` and `b*` have a sign.
    Cie,
    /// As in ICC profiles: `a*` and `b*` from a middle of 128.
    Icc,
    /// As in ITU-T T.42, of fax machines.
    Itu,
}

/// The sample of opacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Alpha {
    pub(super) sample: u16,
    /// The colours are multiplied by it already.
    pub(super) is_associated: bool,
}

/// Why a picture cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unshown {
    /// What a sensor recorded, to be developed by a program for raw pictures.
    Raw,
    /// Another kind, by its name.
    Kind(String),
}

impl Colour {
    pub(super) fn samples(self) -> u16 {
        match self {
            Self::Grey { .. } | Self::Palette => 1,
            Self::Rgb | Self::YCbCr | Self::Lab(_) => 3,
            Self::Cmyk => 4,
        }
    }
}

impl Form {
    /// Reads it from the present directory, and asks the decoders for 8-bit samples where
    /// they can convert.
    pub(super) fn read(file: &TiffFile<'_>) -> Result<Self, Unshown> {
        let compression = file.short_or_default(COMPRESSION).unwrap_or(1);
        let samples = file.short_or_default(SAMPLES).unwrap_or(1);
        let extra = file.extra_samples();
        let photometric = file.short(PHOTOMETRIC).unwrap_or_else(|| {
            photometric_by_default(compression, usize::from(samples).saturating_sub(extra.len()))
        });
        let is_planar = samples > 1 && file.short_or_default(PLANAR) == Some(2);
        if matches!(photometric, CFA | LINEAR_RAW) {
            return Err(Unshown::Raw);
        }
        if !has_decoder(compression) {
            return Err(Unshown::Kind(compression_name(compression)));
        }
        let colour = match photometric {
            YCBCR if compression == JPEG && !is_planar => {
                file.ask(JPEG_COLOUR_MODE, JPEG_COLOUR_MODE_RGB);
                Colour::Rgb
            }
            LOG_L | LOG_LUV if matches!(compression, 34676 | 34677) => {
                file.ask(SGILOG_FORMAT, SGILOG_FORMAT_8BIT);
                if photometric == LOG_L {
                    Colour::Grey { white_is_zero: false }
                } else {
                    Colour::Rgb
                }
            }
            // of CMYK where it is not stated
            SEPARATED if file.short(INK_SET).is_some_and(|set| set != 1) => {
                return Err(Unshown::Kind("inks other than CMYK".to_owned()));
            }
            other => colour(other)
                .ok_or_else(|| Unshown::Kind(format!("photometric interpretation {other}")))?,
        };
        let bits = file.short_or_default(BITS).unwrap_or(1);
        let format = file.short_or_default(SAMPLE_FORMAT).unwrap_or(1);
        let form = Self {
            colour,
            bits,
            is_float: format == 3,
            samples,
            is_planar,
            alpha: alpha(colour, samples, &extra),
        };
        form.check(format).map_err(Unshown::Kind)?;
        Ok(form)
    }

    fn check(&self, format: u16) -> Result<(), String> {
        let bits = self.bits;
        let is_known = match (format, self.colour) {
            (5 | 6, _) => return Err("complex numbers".to_owned()),
            (3, Colour::Grey { .. } | Colour::Rgb) => matches!(bits, 16 | 32 | 64),
            (3, _) => false,
            (_, Colour::Palette) => (1..=16).contains(&bits),
            (_, Colour::YCbCr) => bits == 8,
            (_, Colour::Lab(_)) => matches!(bits, 8 | 16),
            _ => (1..=32).contains(&bits) || bits == 64,
        };
        if !is_known {
            return Err(format!("samples of {bits} bits, format {format}"));
        }
        if self.samples < self.colour.samples() {
            return Err(format!("{} samples for {:?}", self.samples, self.colour));
        }
        if self.colour == Colour::YCbCr && self.samples != 3 {
            return Err("YCbCr with further samples".to_owned());
        }
        Ok(())
    }
}

const JPEG: u16 = 7;
const SEPARATED: u16 = 5;
const YCBCR: u16 = 6;
const CFA: u16 = 32803;
const LINEAR_RAW: u16 = 34892;
const LOG_L: u16 = 32844;
const LOG_LUV: u16 = 32845;

fn colour(photometric: u16) -> Option<Colour> {
    Some(match photometric {
        0 => Colour::Grey { white_is_zero: true },
        // 4 is a mask: white where the picture is
        1 | 4 => Colour::Grey { white_is_zero: false },
        2 => Colour::Rgb,
        3 => Colour::Palette,
        SEPARATED => Colour::Cmyk,
        YCBCR => Colour::YCbCr,
        8 => Colour::Lab(Lab::Cie),
        9 => Colour::Lab(Lab::Icc),
        10 => Colour::Lab(Lab::Itu),
        _ => return None,
    })
}

/// As libtiff assumes where the tag is missing: fax is dark on white.
fn photometric_by_default(compression: u16, colours: usize) -> u16 {
    match (compression, colours) {
        (2..=4 | 32771, 1) => 0,
        (_, 3) => 2,
        _ => 1,
    }
}

/// A further sample whose meaning is not stated at all is opacity, as many programs write
/// it; one that is stated to have no meaning is not.
fn alpha(colour: Colour, samples: u16, extra: &[u16]) -> Option<Alpha> {
    let first = colour.samples();
    if extra.is_empty() {
        let is_likely = samples == first + 1 && matches!(colour, Colour::Grey { .. } | Colour::Rgb);
        return is_likely.then_some(Alpha { sample: first, is_associated: false });
    }
    let (place, meaning) =
        extra.iter().enumerate().find(|(_, meaning)| matches!(meaning, 1 | 2))?;
    let sample = first.checked_add(u16::try_from(place).ok()?)?;
    (sample < samples).then_some(Alpha { sample, is_associated: *meaning == 1 })
}

pub(super) fn compression_name(compression: u16) -> String {
    let name = match compression {
        2..=4 | 32771 => "fax",
        5 => "LZW",
        6 => "old JPEG",
        7 => "JPEG",
        8 | 32946 => "Deflate",
        32773 => "PackBits",
        33003 | 33005 | 34712 => "JPEG 2000",
        34892 => "lossy JPEG of raw pictures",
        34925 => "LZMA",
        34926 | 50000 => "Zstandard",
        34927 | 50001 => "WebP",
        34661 => "JBIG",
        34887 => "LERC",
        50002 | 52546 => "JPEG XL",
        34713 => "Nikon NEF",
        32767 => "Sony ARW",
        number => return format!("compression {number}"),
    };
    format!("{name} compression")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_sample_without_a_stated_meaning_or_with_that_of_opacity_is_alpha() {
        let alpha = |samples, extra: &[u16]| alpha(Colour::Rgb, samples, extra);
        let at = |sample, is_associated| Some(Alpha { sample, is_associated });
        assert_eq!(alpha(3, &[]), None);
        assert_eq!(alpha(4, &[]), at(3, false));
        assert_eq!(alpha(5, &[]), None);
        assert_eq!(alpha(4, &[0]), None);
        assert_eq!(alpha(4, &[2]), at(3, false));
        assert_eq!(alpha(5, &[0, 1]), at(4, true));
        assert_eq!(alpha(4, &[0, 1]), None);
    }
}
