//! Latin letters with marks: ICAO Doc 9303-3 (8th edition, 2021), section 6, table A,
//! with the spellings that states use beside it.

use unicode_normalization::UnicodeNormalization;

/// Capital letters and what stands for each. All others of the table drop the mark.
const TABLE: &[(char, &[&str])] = &[
    ('Ä', &["AE", "A"]),
    ('Ö', &["OE", "O"]),
    ('Ü', &["UE", "UXX", "U"]),
    ('Å', &["AA", "A"]),
    ('Ñ', &["N", "NXX"]),
    // O: states whose forms have no Ø
    ('Ø', &["OE", "O"]),
    ('Ǿ', &["OE", "O"]),
    ('Æ', &["AE"]),
    ('Ǽ', &["AE"]),
    ('Œ', &["OE"]),
    ('Ð', &["D"]),
    ('Þ', &["TH"]),
    ('ẞ', &["SS"]),
    ('Ĳ', &["IJ"]),
    ('Ł', &["L"]),
    ('Đ', &["D"]),
    ('Ħ', &["H"]),
    ('Ŧ', &["T"]),
    ('Ŋ', &["N"]),
    ('İ', &["I"]),
    // Azerbaijan: A today, E before; not in the table
    ('Ə', &["A", "E"]),
];

/// Returns what may stand for a capital letter with a mark; `None` for a plain letter.
pub(super) fn replacements(c: char) -> Option<Vec<String>> {
    if c.is_ascii() {
        return None;
    }
    if let Some((_, all)) = TABLE.iter().find(|(letter, _)| *letter == c) {
        return Some(all.iter().map(|one| (*one).to_owned()).collect());
    }
    let base = [c].into_iter().nfd().next()?;
    base.is_ascii_alphabetic().then(|| vec![base.to_string()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_doc_9303_holds() {
        for (letter, all) in [
            ('Ü', "UE UXX U"),
            ('Ö', "OE O"),
            ('Ä', "AE A"),
            ('Å', "AA A"),
            ('Ñ', "N NXX"),
            ('ẞ', "SS"),
            ('Þ', "TH"),
            ('Ł', "L"),
            ('Ő', "O"),
            ('Ž', "Z"),
            ('Ș', "S"),
            ('Ế', "E"),
        ] {
            assert_eq!(replacements(letter).unwrap_or_default().join(" "), all, "{letter}");
        }
        assert_eq!(replacements('A'), None);
        assert_eq!(replacements('Я'), None);
    }
}
