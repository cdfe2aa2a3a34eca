//! Checks that a PDF is complete.

use crate::open::detect::{contains, find};

/// Whether the PDF is complete: each revision of a PDF ends in `startxref`, a number and `%%EOF`. The last
/// such mark must have no object after it, and a linearized file,
/// which has one near its beginning too, must have its stated length.
pub(super) fn is_complete(untrusted: &[u8]) -> bool {
    let end = rfind(untrusted, b"%%EOF").or_else(|| rfind(untrusted, b"startxref"));
    end.is_some_and(|end| !contains(&untrusted[end..], b" obj"))
        && linearized_length(untrusted).is_none_or(|length| length <= untrusted.len() as u64)
}

/// Returns `/L` of the first object, if it is a linearization dictionary.
fn linearized_length(untrusted: &[u8]) -> Option<u64> {
    let head = &untrusted[..untrusted.len().min(1024)];
    let dictionary = &head[find(head, b"/Linearized")?..];
    let dictionary = &dictionary[..find(dictionary, b">>")?];
    let after = dictionary.windows(2).enumerate().filter(|(_, pair)| *pair == b"/L").find_map(
        |(at, _)| {
            let value = dictionary.get(at + 2..)?;
            (!value.first()?.is_ascii_alphabetic()).then_some(value)
        },
    )?;
    let digits = after.trim_ascii_start();
    let digits = &digits[..digits.iter().take_while(|byte| byte.is_ascii_digit()).count()];
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn rfind(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).rposition(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_revision_must_be_closed() {
        let whole = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nxref\ntrailer\nstartxref\n9\n%%EOF\n";
        assert!(is_complete(whole));
        assert!(is_complete(&whole[..whole.len() - 7]));
        assert!(!is_complete(&whole[..30]));
        assert!(!is_complete(&[whole.as_slice(), b"2 0 obj\n<<"].concat()));
        assert!(is_complete(&[whole.as_slice(), b"trailing bytes of a mail gateway"].concat()));
    }

    #[test]
    fn a_linearized_file_has_its_stated_length() {
        let file = |length| {
            format!(
                "%PDF-1.4\n1 0 obj\n<</Linearized 1/L {length}/H [1 2]>>\nendobj\nstartxref\n0\n%%EOF\n"
            )
        };
        assert!(is_complete(file(20).as_bytes()));
        assert!(!is_complete(file(2000).as_bytes()));
    }
}
