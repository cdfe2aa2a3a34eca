//! CIE `L*a*b*` to sRGB.

use super::ffi::WHITE_POINT;
use super::file::TiffFile;
use super::form::Lab;

/// Converts to sRGB so that white of the file is white: colours are relative to paper.
pub(super) struct LabToRgb {
    /// From the file's XYZ, relative to its white, to linear sRGB.
    matrix: [[f64; 3]; 3],
}

type Matrix = [[f64; 3]; 3];

/// Bradford's response of the cones, and back.
const TO_CONES: Matrix =
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]];
const FROM_CONES: Matrix = [
    [0.986_992_9, -0.147_054_3, 0.159_962_7],
    [0.432_305_3, 0.518_360_3, 0.049_291_2],
    [-0.008_528_7, 0.040_042_8, 0.968_486_7],
];
/// IEC 61966-2-1.
const XYZ_TO_RGB: Matrix =
    [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]];
const D65: [f64; 3] = [0.9505, 1.0, 1.0890];
/// Of ICC profiles, and of TIFF where no other white is stated.
const D50: [f64; 3] = [0.9642, 1.0, 0.8249];

impl LabToRgb {
    pub(super) fn read(file: &TiffFile<'_>) -> Self {
        let stated = file.floats(WHITE_POINT).map(|xy| xy.map(f64::from));
        let white = stated.and_then(|[x, y]| {
            let white = [x / y, 1.0, (1.0 - x - y) / y];
            white.iter().all(|v| (0.2..5.0).contains(v)).then_some(white)
        });
        Self::new(white.unwrap_or(D50))
    }

    fn new(white: [f64; 3]) -> Self {
        let (from, to) = (times(&TO_CONES, white), times(&TO_CONES, D65));
        let mut adapted = TO_CONES;
        for (row, (from, to)) in adapted.iter_mut().zip(from.into_iter().zip(to)) {
            *row = row.map(|v| v * to / from);
        }
        let matrix = product(&XYZ_TO_RGB, &product(&FROM_CONES, &adapted));
        // columns by the white, as L*a*b* is relative to it
        Self { matrix: matrix.map(|row| std::array::from_fn(|i| row[i] * white[i])) }
    }

    /// Converts samples of 16 bits, or of 8 as the highest of 16.
    pub(super) fn rgb(&self, samples: [u16; 3], bits: u16, lab: Lab) -> [u8; 3] {
        let [l, a, b] = lab_values(samples, bits, lab);
        let y = (l + 16.0) / 116.0;
        let xyz = [y + a / 500.0, y, y - b / 200.0].map(|t| {
            if t > 6.0 / 29.0 {
                t * t * t
            } else {
                3.0 * (6.0 / 29.0f64).powi(2) * (t - 4.0 / 29.0)
            }
        });
        times(&self.matrix, xyz).map(|v| {
            let v = v.clamp(0.0, 1.0);
            let v = if v <= 0.003_130_8 { 12.92 * v } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 };
            (v * 255.0).round() as u8
        })
    }
}

fn lab_values([l, a, b]: [u16; 3], bits: u16, lab: Lab) -> [f64; 3] {
    let share = |v: u16| f64::from(v) / 65535.0;
    // with 8 bits both bytes are the same
    let high = |v: u16| if bits == 8 { f64::from(v >> 8) } else { f64::from(v) / 256.0 };
    match lab {
        Lab::Cie => {
            let signed = |v: u16| if high(v) < 128.0 { high(v) } else { high(v) - 256.0 };
            [share(l) * 100.0, signed(a), signed(b)]
        }
        // of 16 bits 0xff00 is 100
        Lab::Icc => [high(l) / 2.55, high(a) - 128.0, high(b) - 128.0],
        Lab::Itu => [
            share(l) * 100.0,
            (share(a) * 255.0 - 128.0) * 170.0 / 255.0,
            (share(b) * 255.0 - 96.0) * 200.0 / 255.0,
        ],
    }
}

fn times(matrix: &Matrix, v: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    let column = |i: usize| times(a, b.map(|row| row[i]));
    let columns: [[f64; 3]; 3] = std::array::from_fn(column);
    std::array::from_fn(|row| columns.map(|column| column[row]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(samples: [u8; 3], lab: Lab, wanted: [u8; 3]) {
        let found = LabToRgb::new(D50).rgb(samples.map(|v| u16::from(v) * 257), 8, lab);
        let off = found.iter().zip(wanted).map(|(a, b)| a.abs_diff(b)).max().unwrap();
        assert!(off <= 1, "{found:?}");
    }

    #[test]
    fn white_is_white_and_colours_are_those_of_photoshop() {
        check([255, 0, 0], Lab::Cie, [255; 3]);
        check([0, 0, 0], Lab::Cie, [0; 3]);
        check([255, 128, 128], Lab::Icc, [255; 3]);
        // Lab 54, 81, 70 is the red of sRGB
        check([138, 81, 70], Lab::Cie, [255, 0, 0]);
        check([138, 209, 198], Lab::Icc, [255, 0, 0]);
        check([255, 128, 96], Lab::Itu, [255; 3]);
    }
}
