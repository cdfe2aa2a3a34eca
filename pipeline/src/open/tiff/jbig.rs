//! The header of a JBIG stream, which libtiff leaves to libjbig: that one ends the process
//! where a size is absurd, and computes for minutes where it is only far too large.

/// Bytes of the header.
const HEADER: usize = 20;

/// Whether the stream is a picture of this size in one layer and one plane (ITU-T T.82,
/// 6.2). `is_reversed`: the bits of each byte are.
pub(super) fn has_size(stream: &[u8], is_reversed: bool, size: (u32, u32)) -> bool {
    let Some(header) = stream.first_chunk::<HEADER>() else { return false };
    let header = if is_reversed { header.map(u8::reverse_bits) } else { *header };
    let [first_layer, last_layer, planes, _, size_and_more @ ..] = header;
    let numbers = size_and_more.as_chunks::<4>().0.iter().map(|bytes| u32::from_be_bytes(*bytes));
    let numbers: Vec<u32> = numbers.collect();
    (first_layer, last_layer, planes) == (0, 0, 1)
        && (numbers[0], numbers[1]) == size
        && numbers[2] > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_size_of_the_picture_is_decoded() {
        let header = [0, 0, 1, 0, 0, 0, 1, 0x51, 0, 0, 0, 0xfb, 0, 0, 0, 0xfb, 8, 0, 3, 0x5c];
        assert!(has_size(&header, false, (337, 251)));
        assert!(has_size(&header.map(u8::reverse_bits), true, (337, 251)));
        assert!(!has_size(&header, true, (337, 251)));
        assert!(!has_size(&header, false, (337, 252)));
        assert!(!has_size(&header[..19], false, (337, 251)));
        for (place, value) in [(1, 1), (2, 2), (4, 1), (15, 0)] {
            let mut other = header;
            other[place] = value;
            assert!(!has_size(&other, false, (337, 251)), "{place}");
        }
    }
}
