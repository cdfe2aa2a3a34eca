//! Checks that a PDF is complete.
//!
//! By its structure: bytes after the end, as mail gateways and servers add them, or a
//! missing line end are no loss.

use crate::open::detect::find;

/// Whether the PDF is complete: either the table of its last revision is where it is said
/// to be, or an end mark follows the last object.
pub(super) fn is_complete(untrusted: &[u8]) -> bool {
    let Some(mark) = last_mark(untrusted) else { return false };
    if has_object(&untrusted[mark..]) {
        return false;
    }
    linearized_length(untrusted).is_none_or(|length| length <= untrusted.len() as u64)
        || has_table(untrusted)
}

/// Returns where the last revision ends: at its `%%EOF` or `startxref`, or, where both are
/// lost, at its trailer with the reference to the catalogue.
fn last_mark(untrusted: &[u8]) -> Option<usize> {
    rfind(untrusted, b"%%EOF").or_else(|| rfind(untrusted, b"startxref")).or_else(|| {
        let trailer = rfind(untrusted, b"trailer")?;
        let dictionary = &untrusted[trailer..];
        (find(dictionary, b"/Root")? < rfind(dictionary, b">>")?).then_some(trailer)
    })
}

/// Whether the bytes contain the head of an object: two numbers and `obj`.
fn has_object(bytes: &[u8]) -> bool {
    let mut at = 0;
    while let Some(found) = find(&bytes[at..], b"obj") {
        let head = bytes[..at + found].trim_ascii_end();
        let before = |bytes: &[u8]| {
            let digits = bytes.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
            bytes.len() - digits
        };
        let generation = before(head);
        let number = head[..generation].trim_ascii_end();
        let spaced = number.len() < generation && generation < head.len();
        if spaced && before(number) < number.len() {
            return true;
        }
        at += found + 3;
    }
    false
}

/// Whether the last `startxref` states where a table is, and the table states where the
/// one before it is: a linearized file has its first table at its end.
fn has_table(untrusted: &[u8]) -> bool {
    let start = rfind(untrusted, b"startxref").map(|at| &untrusted[at + b"startxref".len()..]);
    let Some(table) = start.and_then(number).and_then(|at| table_at(untrusted, at)) else {
        return false;
    };
    let end = find(table, b"startxref").unwrap_or(table.len());
    match find(&table[..end], b"/Prev").map(|at| &table[at + b"/Prev".len()..]) {
        Some(previous) => number(previous).and_then(|at| table_at(untrusted, at)).is_some(),
        None => true,
    }
}

fn table_at(untrusted: &[u8], at: u64) -> Option<&[u8]> {
    let table = untrusted.get(usize::try_from(at).ok()?..)?.trim_ascii_start();
    let is_stream = || {
        let head = &table[..table.len().min(40)];
        head.first().is_some_and(u8::is_ascii_digit) && has_object(head)
    };
    (table.starts_with(b"xref") || is_stream()).then_some(table)
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
    number(after)
}

/// Returns the number with which the bytes begin, after white space.
fn number(bytes: &[u8]) -> Option<u64> {
    let digits = bytes.trim_ascii_start();
    let digits = &digits[..digits.iter().take_while(|byte| byte.is_ascii_digit()).count()];
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn rfind(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).rposition(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &[u8] =
        b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nxref\ntrailer\n<</Root 1 0 R>>\nstartxref\n29\n%%EOF\n";

    fn check(tail: &[u8], complete: bool) {
        let file = [WHOLE, tail].concat();
        assert_eq!(is_complete(&file), complete, "{}", String::from_utf8_lossy(tail));
    }

    #[test]
    fn the_last_revision_must_be_closed() {
        for end in [1, 6, 7, 11, 19] {
            assert!(is_complete(&WHOLE[..WHOLE.len() - end]), "{end}");
        }
        assert!(!is_complete(&WHOLE[..30]));
        check(b"2 0 obj\n<<", false);
        check(b"2\n0\nobj<<", false);
    }

    #[test]
    fn words_after_the_end_are_no_object() {
        check(b"trailing bytes of a mail gateway", true);
        check(b"-- \nthis object was sent by 2 objectors\n", true);
        check(b"<script>var obj = {}</script>", true);
    }

    #[test]
    fn a_linearized_file_is_whole_by_its_length_or_its_tables() {
        // returns the file, and where its table is
        let file = |length: u64, previous: Option<usize>| {
            let head =
                format!("%PDF-1.4\n1 0 obj\n<</Linearized 1/L {length:03}/H [1 2]>>\nendobj\n");
            let (start, previous) = (head.len(), previous.unwrap_or(head.len()));
            format!("{head}xref\ntrailer<</Prev {previous}>>startxref\n{start}\n%%EOF")
        };
        assert!(is_complete(file(20, Some(999)).as_bytes()));
        // the line end after the last mark is lost
        let length = file(0, None).len() as u64;
        assert!(is_complete(file(length + 1, None).as_bytes()));
        assert!(!is_complete(file(999, Some(998)).as_bytes()));
    }
}
