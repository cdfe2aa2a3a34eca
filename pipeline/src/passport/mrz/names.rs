//! Names: primary and secondary identifier (part 3, 4.6).

use crate::hidden::hidden_debug;

/// The two identifiers with fillers as spaces.
#[derive(Clone, PartialEq, Eq)]
pub struct Names {
    /// Surname; empty on documents that print none.
    pub primary: String,
    /// Given names; empty where the document has one name only.
    pub secondary: String,
    /// Whether the last position has a character, so that the name may be truncated.
    pub truncated: bool,
    /// Characters of the field that belong to the primary identifier; the
    /// secondary begins after the fillers that follow.
    pub primary_cells: usize,
}

hidden_debug!(Names);

impl Names {
    /// Parses a whole name field. Two fillers separate the identifiers, one separates
    /// words; a field that begins with two has no primary identifier.
    #[must_use]
    pub fn parse(field: &str) -> Self {
        let (primary, secondary) = field.split_once("<<").unwrap_or((field, ""));
        Self {
            primary: fillers_to_spaces(primary),
            secondary: fillers_to_spaces(secondary),
            truncated: !field.is_empty() && !field.ends_with('<'),
            primary_cells: primary.len(),
        }
    }
}

/// Replaces fillers by single spaces, without any at the ends.
#[must_use]
pub fn fillers_to_spaces(text: &str) -> String {
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
    fn two_fillers_separate_the_identifiers() {
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
    fn three_fillers_separate_like_two() {
        check("MUSTERMANN<<<ERIKA<<", "MUSTERMANN", "ERIKA", false);
    }

    #[test]
    fn a_letter_in_the_last_place_may_mean_truncation() {
        check(
            "NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K",
            "NILAVADHANANANDA",
            "CHAYAPA DEJTHAMRONG K",
            true,
        );
    }
}
