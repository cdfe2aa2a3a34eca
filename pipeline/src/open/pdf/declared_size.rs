//! The sizes that an embedded picture declares in its dictionary and its data.

use hayro::hayro_syntax::object::Stream;

use crate::open::detect::find;

/// Returns width and height of the picture, of its masks, and of an embedded JPEG
/// 2000: that decoder uses its own header. The others use the dictionary.
pub(super) fn declared_sizes(picture: &Stream<'_>, width: u32, height: u32) -> Vec<(u32, u32)> {
    let mut sizes = vec![(width, height)];
    for mask in ["SMask", "Mask"].iter().filter_map(|key| picture.dict().get::<Stream<'_>>(key)) {
        sizes.extend(dictionary_size(&mask));
        sizes.extend(jpeg_2000_size(&mask));
    }
    sizes.extend(jpeg_2000_size(picture));
    sizes
}

fn dictionary_size(stream: &Stream<'_>) -> Option<(u32, u32)> {
    Some((stream.dict().get("Width")?, stream.dict().get("Height")?))
}

fn jpeg_2000_size(stream: &Stream<'_>) -> Option<(u32, u32)> {
    let data = stream.raw_data();
    let is_jpeg_2000 = data.starts_with(b"\xff\x4f\xff\x51") || data.starts_with(b"\0\0\0\x0cjP  ");
    is_jpeg_2000.then(|| reference_grid(&data)).flatten()
}

/// ITU-T T.800 A.5.1: `SIZ` follows the start of the codestream; after its
/// length and capabilities come the extent of the grid and its offset.
fn reference_grid(codestream: &[u8]) -> Option<(u32, u32)> {
    let segment = &codestream[find(codestream, b"\xff\x4f\xff\x51")? + 4..];
    let (values, _) = segment.get(4..20)?.as_chunks::<4>();
    let [x, y, x0, y0] = [0, 1, 2, 3].map(|i| u32::from_be_bytes(values[i]));
    Some((x.saturating_sub(x0), y.saturating_sub(y0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_of_a_codestream_is_its_size() {
        let mut codestream = b"boxes before\xff\x4f\xff\x51\0\x2f\0\0".to_vec();
        codestream.extend([60_000u32, 50_000, 0, 10].iter().flat_map(|v| v.to_be_bytes()));
        assert_eq!(reference_grid(&codestream), Some((60_000, 49_990)));
        assert_eq!(reference_grid(b"\xff\x4f\xff\x51\0\x2f"), None);
    }
}
