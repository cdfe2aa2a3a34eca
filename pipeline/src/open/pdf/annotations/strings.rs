//! Text strings (ISO 32000-1 7.9.2.2).

use hayro::hayro_syntax::object::Object;

/// Characters of a text that are kept; a page holds a few thousand.
const MAX_CHARACTERS: usize = 20_000;

/// Returns the text of a string, or of a stream that stands for one.
pub(super) fn text(object: &Object<'_>) -> Option<String> {
    match object {
        Object::String(string) => Some(decode(string.as_bytes())),
        Object::Stream(stream) => Some(decode(&stream.decoded_data().ok()?)),
        Object::Name(name) => Some(name.as_str().to_owned()),
        _ => None,
    }
}

fn decode(bytes: &[u8]) -> String {
    let utf_16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| -> String {
        let units = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
        char::decode_utf16(units)
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            .take(MAX_CHARACTERS)
            .collect()
    };
    match bytes {
        [0xfe, 0xff, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => {
            String::from_utf8_lossy(rest).chars().take(MAX_CHARACTERS).collect()
        }
        _ => bytes.iter().take(MAX_CHARACTERS).map(|byte| pdf_doc_encoding(*byte)).collect(),
    }
}

/// ISO 32000-1 D.3: Latin-1 except for two ranges.
fn pdf_doc_encoding(byte: u8) -> char {
    const FROM_18: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
    const FROM_80: [char; 33] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚',
        '™', 'ﬁ', 'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{fffd}', '€',
    ];
    match byte {
        0x18..=0x1f => FROM_18[usize::from(byte - 0x18)],
        0x80..=0xa0 => FROM_80[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_of_text_is_read() {
        for (bytes, text) in [
            (b"L\xf6w \x95 \xa0".as_slice(), "Löw Ł €"),
            (b"\xfe\xff\x04\x16\xd8\x35\xdc\x00", "Ж𝐀"),
            (b"\xff\xfe\x16\x04", "Ж"),
            (b"\xef\xbb\xbf\xd0\x96", "Ж"),
        ] {
            assert_eq!(decode(bytes), text);
        }
    }
}
