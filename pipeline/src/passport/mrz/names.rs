//! Names: primary and secondary identifier (part 3, 4.6).

use crate::hidden::hidden_debug;

/// The two identifiers with fillers as spaces.
#[derive(Clone, PartialEq, Eq)]
pub struct Names {
    /// Surname; empty on documents that print none.
    pub primary: String,
    /// Given names; empty where the document has one name only.
    pub secondary: String,
    /// A character stands in the last position, so the name may be cut.
    pub truncated: bool,
    /// Characters of the field that belong to the primary identifier; the
    /// secondary begins after the fillers that follow.
    pub primary_cells: usize,
}

hidden_debug!(Names);

impl Names {
    /// Reads a whole name field. Two fillers part the identifiers, one parts
    /// words; a field that begins with two has no primary identifier.
    #[must_use]
    pub fn parse(field: &str) -> Self {
        let (primary, secondary) = field.split_once("<<").unwrap_or((field, ""));
        Self {
            primary: spaced(primary),
            secondary: spaced(secondary),
            truncated: !field.is_empty() && !field.ends_with('<'),
            primary_cells: primary.len(),
        }
    }
}

/// Fillers as single spaces, none at the ends.
#[must_use]
pub fn spaced(text: &str) -> String {
    text.split('<').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(field: &str, primary: &str, secondary: &str, truncated: bool) {
        let names = Names::parse(field);
        assert_eq!((names.primary.as_str(), names.secondary.as_str()), (primary, secondary));
        assert_eq!(names.truncated, truncated);
    }

    #[test]
    fn identifiers_are_parted_by_two_fillers() {
        check("ERIKSSON<<ANNA<MARIA<<<", "ERIKSSON", "ANNA MARIA", false);
        check("UNITED<KINGDOM<FIVE<<JODIE<PIPPA<", "UNITED KINGDOM FIVE", "JODIE PIPPA", false);
        check("OSULLIVAN<<NIAMH<<", "OSULLIVAN", "NIAMH", false);
    }

    #[test]
    fn either_identifier_may_be_empty() {
        check("ARKFREITH<<<<<<", "ARKFREITH", "", false);
        check("<<GIVEN<NAMES<<<", "", "GIVEN NAMES", false);
        check("<<<<", "", "", false);
        check("", "", "", false);
    }

    #[test]
    fn three_fillers_part_no_more_than_two() {
        check("MUSTERMANN<<<ERIKA<<", "MUSTERMANN", "ERIKA", false);
    }

    #[test]
    fn a_letter_in_the_last_place_may_be_a_cut() {
        check(
            "NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K",
            "NILAVADHANANANDA",
            "CHAYAPA DEJTHAMRONG K",
            true,
        );
    }
}
