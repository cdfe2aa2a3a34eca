//! YCbCr to RGB, with the numbers of TIFF 6.0, section 21, and the arithmetic of libtiff.

use super::ffi::{REFERENCE_BLACK_WHITE, YCBCR_COEFFICIENTS};
use super::file::TiffFile;

/// Tables for each value of `Y`, `Cb` and `Cr`, as in libtiff's `TIFFYCbCrToRGBInit`.
pub(super) struct YCbCr {
    y: [i32; 256],
    cr_red: [i32; 256],
    cb_blue: [i32; 256],
    cr_green: [i32; 256],
    cb_green: [i32; 256],
}

/// Bits after the point of a coefficient.
const SHIFT: i32 = 16;

impl YCbCr {
    /// Reads the coefficients of the present directory; ITU-R BT.601 and full range where
    /// they are absent.
    pub(super) fn read(file: &TiffFile<'_>) -> Self {
        let luma = file.floats(YCBCR_COEFFICIENTS).unwrap_or([0.299, 0.587, 0.114]);
        let range = file.floats(REFERENCE_BLACK_WHITE);
        Self::new(luma, range.unwrap_or([0.0, 255.0, 128.0, 255.0, 128.0, 255.0]))
    }

    fn new([red, green, blue]: [f32; 3], range: [f32; 6]) -> Self {
        // what is no number, or divides by zero, is as good as absent
        let fixed = |value: f32| (value.clamp(0.0, 2.0) * 65536.0 + 0.5) as i32;
        let (wide_red, wide_blue) = (2.0 - 2.0 * red, 2.0 - 2.0 * blue);
        let d1 = fixed(wide_red);
        let d2 = -fixed(red * wide_red / green);
        let d3 = fixed(wide_blue);
        let d4 = -fixed(blue * wide_blue / green);
        let code = |value: f32, black: f32, white: f32, most: f32| {
            let span = if white - black == 0.0 { 1.0 } else { white - black };
            ((value - black.trunc()) * most / span).clamp(-4096.0, 4096.0) as i32
        };
        let chroma = |i: usize, black: f32, white: f32| {
            code(i as f32 - 128.0, black - 128.0, white - 128.0, 127.0)
        };
        let cb: [i32; 256] = std::array::from_fn(|i| chroma(i, range[2], range[3]));
        let cr: [i32; 256] = std::array::from_fn(|i| chroma(i, range[4], range[5]));
        let half = 1 << (SHIFT - 1);
        Self {
            y: std::array::from_fn(|i| code(i as f32, range[0], range[1], 255.0)),
            cr_red: cr.map(|v| (d1 * v + half) >> SHIFT),
            cb_blue: cb.map(|v| (d3 * v + half) >> SHIFT),
            cr_green: cr.map(|v| d2 * v),
            cb_green: cb.map(|v| d4 * v + half),
        }
    }

    pub(super) fn rgb(&self, [y, cb, cr]: [u8; 3]) -> [u8; 3] {
        let (y, cb, cr) = (self.y[usize::from(y)], usize::from(cb), usize::from(cr));
        let green = y + ((self.cb_green[cb] + self.cr_green[cr]) >> SHIFT);
        [y + self.cr_red[cr], green, y + self.cb_blue[cb]].map(|v| v.clamp(0, 255) as u8)
    }
}

/// Rows of samples where `across` by `down` pixels share a `Cb` and a `Cr`: these follow
/// the values `Y` of the pixels, row by row.
pub(super) struct Clumps {
    across: usize,
    down: usize,
}

impl Clumps {
    /// `None` for factors that the standard does not have.
    pub(super) fn new((across, down): (u16, u16)) -> Option<Self> {
        let is_valid = |factor| matches!(factor, 1 | 2 | 4);
        let (across, down) =
            (is_valid(across) && is_valid(down)).then_some((across.into(), down.into()))?;
        Some(Self { across, down })
    }

    fn bytes(&self) -> usize {
        self.across * self.down + 2
    }

    /// Returns the bytes of all clumps beside each other that cover so many pixels.
    pub(super) fn row_bytes(&self, width: usize) -> usize {
        width.div_ceil(self.across).saturating_mul(self.bytes())
    }

    /// Returns how many rows of pixels a row of clumps covers.
    pub(super) fn rows(&self) -> usize {
        self.down
    }

    /// Returns the sample values of a pixel of a row of clumps; `y` counts within it.
    pub(super) fn pixel(&self, clumps: &[u8], x: usize, y: usize) -> Option<[u8; 3]> {
        let start = x / self.across * self.bytes();
        let clump = clumps.get(start..start + self.bytes())?;
        let chroma = self.across * self.down;
        Some([clump[y * self.across + x % self.across], clump[chroma], clump[chroma + 1]])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: [f32; 6] = [0.0, 255.0, 128.0, 255.0, 128.0, 255.0];

    #[test]
    fn colours_of_both_ranges_become_rgb() {
        let full = YCbCr::new([0.299, 0.587, 0.114], FULL);
        assert_eq!(full.rgb([76, 85, 255]), [254, 0, 0]);
        assert_eq!(full.rgb([128, 128, 128]), [128; 3]);
        let video = YCbCr::new([0.299, 0.587, 0.114], [16.0, 235.0, 128.0, 240.0, 128.0, 240.0]);
        assert_eq!(video.rgb([16, 128, 128]), [0; 3]);
        assert_eq!(video.rgb([235, 128, 128]), [255; 3]);
    }

    #[test]
    fn senseless_coefficients_give_some_colour() {
        let absurd =
            YCbCr::new([f32::NAN, 0.0, -1e30], [f32::INFINITY, 0.0, 7.0, 7.0, -1e30, 1e30]);
        absurd.rgb([1, 2, 3]);
    }

    #[test]
    fn a_clump_has_its_values_of_brightness_first() {
        let clumps = Clumps::new((2, 2)).unwrap();
        let row = [1, 2, 3, 4, 100, 200, 5, 6, 7, 8, 101, 201];
        assert_eq!(clumps.row_bytes(3), 12);
        assert_eq!(clumps.pixel(&row, 0, 0), Some([1, 100, 200]));
        assert_eq!(clumps.pixel(&row, 1, 1), Some([4, 100, 200]));
        assert_eq!(clumps.pixel(&row, 2, 1), Some([7, 101, 201]));
        assert_eq!(clumps.pixel(&row, 4, 0), None);
        assert!(Clumps::new((3, 1)).is_none());
    }
}
