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

/// Letters of which states write either the first replacement or the last.
const BY_STATE: &str = "ÄÖÜÅØǾ";

/// Which of the replacements of `ÄÖÜÅØ` a state writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marks {
    /// Any.
    All,
    /// Two letters: in a passport of Germany MULLER is Muller.
    TwoLetters,
    /// The letter without its mark: in a passport of Türkiye OEZ is Oez.
    OneLetter,
}

impl Marks {
    /// Returns those of the issuing state: a rule for the zone in Germany and Austria, seen in
    /// passports of the others (to be confirmed).
    pub(super) fn of(issuer: Option<&str>) -> Self {
        match issuer {
            Some("D" | "AUT" | "CHE" | "DNK" | "FIN" | "NOR" | "SWE") => Self::TwoLetters,
            Some("AZE" | "TUR") => Self::OneLetter,
            _ => Self::All,
        }
    }
}

/// Returns what may stand for a capital letter with a mark; `None` for a plain letter.
pub(super) fn replacements(c: char, marks: Marks) -> Option<Vec<String>> {
    if c.is_ascii() {
        return None;
    }
    if let Some((_, all)) = TABLE.iter().find(|(letter, _)| *letter == c) {
        let chosen = match (marks, *all) {
            (Marks::TwoLetters, [first, ..]) if BY_STATE.contains(c) => &[*first][..],
            (Marks::OneLetter, [.., last]) if BY_STATE.contains(c) => &[*last],
            (_, all) => all,
        };
        return Some(chosen.iter().map(|one| (*one).to_owned()).collect());
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
            assert_eq!(
                replacements(letter, Marks::All).unwrap_or_default().join(" "),
                all,
                "{letter}"
            );
        }
        assert_eq!(replacements('A', Marks::All), None);
        assert_eq!(replacements('Я', Marks::All), None);
    }

    #[test]
    fn the_issuing_state_chooses() {
        for (issuer, letter, all) in [
            ("D", 'Ü', "UE"),
            ("NOR", 'Å', "AA"),
            ("TUR", 'Ö', "O"),
            ("D", 'Ñ', "N NXX"),
            ("TUR", 'Ş', "S"),
        ] {
            let found = replacements(letter, Marks::of(Some(issuer)));
            assert_eq!(found.unwrap_or_default().join(" "), all, "{issuer}: {letter}");
        }
    }
}
