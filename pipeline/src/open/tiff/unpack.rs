//! Stored samples as whole numbers of 16 bits.

/// Appends the samples of a row, as stored. Of more than 16 bits the highest are kept.
///
/// Numbers of 16, 24, 32 and 64 bits are in the byte order of this machine, as libtiff
/// returns them; all others follow one another from the highest bit on.
pub(super) fn whole(bits: u16, row: &[u8], count: usize, samples: &mut Vec<u16>) {
    match bits {
        8 => samples.extend(row.iter().take(count).map(|v| u16::from(*v))),
        16 => samples.extend(numbers(row, count).map(u16::from_ne_bytes)),
        24 => samples.extend(numbers(row, count).map(|[a, b, c]: [u8; 3]| {
            if cfg!(target_endian = "little") {
                u16::from_le_bytes([b, c])
            } else {
                u16::from_be_bytes([a, b])
            }
        })),
        32 => samples.extend(numbers(row, count).map(|v| (u32::from_ne_bytes(v) >> 16) as u16)),
        64 => samples.extend(numbers(row, count).map(|v| (u64::from_ne_bytes(v) >> 48) as u16)),
        _ => packed(usize::from(bits), row, count, samples),
    }
}

fn packed(bits: usize, row: &[u8], count: usize, samples: &mut Vec<u16>) {
    let mut bytes = row.iter();
    let (mut held, mut value) = (0, 0u64);
    for _ in 0..count {
        while held < bits {
            let Some(byte) = bytes.next() else { return };
            value = value << 8 | u64::from(*byte);
            held += 8;
        }
        held -= bits;
        let sample = value >> held & ((1 << bits) - 1);
        samples.push((sample >> bits.saturating_sub(16)) as u16);
    }
}

/// Spreads samples that [`whole`] appended over the range of 16 bits: the highest value
/// becomes 65535, or keeps its bits where it has more than 8.
pub(super) fn scale(bits: u16, sample: u16) -> u16 {
    match bits {
        8 => sample * 257,
        1..8 => (u32::from(sample) * 65535 / ((1 << bits) - 1)) as u16,
        9..16 => sample << (16 - bits),
        _ => sample,
    }
}

/// Appends the floating-point samples of a row.
pub(super) fn floats(bits: u16, row: &[u8], count: usize, samples: &mut Vec<f32>) {
    match bits {
        16 => samples.extend(numbers(row, count).map(|v| half(u16::from_ne_bytes(v)))),
        32 => samples.extend(numbers(row, count).map(f32::from_ne_bytes)),
        _ => samples.extend(numbers(row, count).map(|v| f64::from_ne_bytes(v) as f32)),
    }
}

fn numbers<const N: usize>(row: &[u8], count: usize) -> impl Iterator<Item = [u8; N]> {
    row.as_chunks::<N>().0.iter().take(count).copied()
}

/// IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction.
fn half(bits: u16) -> f32 {
    let fraction = f32::from(bits & 0x3ff) / 1024.0;
    let size = match bits >> 10 & 0x1f {
        0 => fraction * 2f32.powi(-14),
        31 if bits & 0x3ff == 0 => f32::INFINITY,
        31 => f32::NAN,
        exponent => (1.0 + fraction) * 2f32.powi(i32::from(exponent) - 15),
    };
    if bits >> 15 == 1 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bits: u16, row: &[u8], eight_bits: &[u8]) {
        let mut samples = Vec::new();
        whole(bits, row, eight_bits.len(), &mut samples);
        let found: Vec<u8> = samples.iter().map(|v| (scale(bits, *v) >> 8) as u8).collect();
        assert_eq!(found, eight_bits, "{bits} bits");
    }

    #[test]
    fn every_depth_spreads_over_the_whole_range() {
        check(1, &[0b1010_0000], &[255, 0, 255, 0]);
        check(2, &[0b0001_1011], &[0, 85, 170, 255]);
        check(3, &[0b0001_1101, 0b1000_0000], &[0, 255, 109]);
        check(4, &[0x0f, 0x70], &[0, 255, 119]);
        check(8, &[0, 1, 254, 255], &[0, 1, 254, 255]);
        check(10, &[0xff, 0xc0, 0x1f, 0x00], &[255, 0, 240]);
        check(12, &[0xff, 0xf0, 0x12], &[255, 1]);
        check(16, &[0xabcd_u16.to_ne_bytes(), [0; 2]].concat(), &[0xab, 0]);
        check(20, &[0xff, 0xff, 0xf1, 0x23, 0x45], &[255, 0x12]);
        check(32, &0x8765_4321_u32.to_ne_bytes(), &[0x87]);
        check(64, &0x8765_4321_0000_0000_u64.to_ne_bytes(), &[0x87]);
    }

    #[test]
    fn a_short_row_has_fewer_samples() {
        let mut samples = Vec::new();
        whole(12, &[0xff, 0xf0], 2, &mut samples);
        whole(16, &[1], 2, &mut samples);
        assert_eq!(samples, [0xfff]);
    }

    #[test]
    fn half_precision_is_read() {
        let cases = [(0x3c00, 1.0), (0x3800, 0.5), (0xc000, -2.0), (0x0001, 5.960_464_5e-8)];
        for (bits, value) in cases {
            assert_eq!(half(bits), value, "{bits:x}");
        }
        assert!(half(0x7e00).is_nan() && half(0xfc00) == f32::NEG_INFINITY);
    }
}
