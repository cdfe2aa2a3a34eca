//! Compares the names of a person from two sources: a form and a zone, a paper and a
//! zone. Names are equal or not under a named rule.
//!
//! Rules are tried from strict to loose (see [`compare`]); the schemes of the issuing
//! state come first. A name is hostile input: its length is bounded before any work,
//! and alternatives for a letter are edges of a graph, never a list of spellings.

mod arrange;
mod automaton;
mod close;
mod differ;
mod ladder;
mod marks;
mod matrix;
mod national;
mod patronymic;
mod schemes;
mod script;
#[cfg(test)]
mod tests;
mod text;
mod way;

use ladder::Ladder;
use text::{NameText, NoName};

/// Why names may not be compared.
pub const REASONS_NOT_COMPARED: [&str; 6] = [
    "empty",
    "too-long",
    "too-many",
    "script-without-scheme",
    "form-has-no-name",
    "zone-has-no-name",
];

/// Returns the ids of all rules and steps.
#[must_use]
pub fn rule_ids() -> Vec<&'static str> {
    let mut ids = schemes::ids();
    ids.extend([
        "exact",
        "case-and-marks",
        "diacritics-icao",
        "mixed-schemes",
        "mrz-truncated",
        "homoglyph",
        "national-form",
        "sounds-alike",
        "one-letter",
        "initials",
        "different",
        "order",
        "patronymic-one-side",
        "more-names-on-one-side",
    ]);
    ids
}

/// Whether the passports of a state show names that are also written in Cyrillic, by a rule
/// that is known.
#[must_use]
pub fn has_cyrillic(state: &str) -> bool {
    schemes::has_cyrillic(state)
}

/// How far two names agree, from equal to different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// The same letters, but for case, apostrophes, hyphens, spaces, and the order of surname
    /// and given names.
    Equal,
    /// The same under a named rule.
    Equivalent,
    /// Not the same, but so near that one person may have both.
    Close,
    /// Two names.
    Different,
    /// There is no name, or no rule to compare the scripts by.
    NotComparable,
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole name, of which one side does not keep the parts apart.
    Whole,
    /// The whole name, of which neither side keeps the parts apart: its order counts.
    Undivided,
    /// The whole name, of which both sides keep surname and given names apart: a word may
    /// stand in the other part, and no border between words moves.
    Fields,
    /// The surname alone, which has no patronymic.
    Surname,
    /// Given names, with a patronymic or without.
    GivenNames,
}

impl Scope {
    /// Fewest tokens that remain when a patronymic is left out.
    fn least_tokens(self) -> usize {
        match self {
            Self::Whole | Self::Undivided | Self::Fields => 2,
            Self::GivenNames => 1,
            Self::Surname => usize::MAX,
        }
    }
}

/// One of two names.
#[derive(Clone, Copy)]
pub struct NameSide<'a> {
    /// The name.
    pub text: &'a str,
    /// How many characters at the start are a surname that the source states as such.
    pub surname_to: usize,
    /// Where a patronymic begins that the source states as such, in characters.
    pub patronymic_from: Option<usize>,
    /// Whether the zone had no space for all of it.
    pub truncated: bool,
}

impl<'a> NameSide<'a> {
    /// Takes a name as it is.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self { text, surname_to: 0, patronymic_from: None, truncated: false }
    }
}

/// The result of comparing two names.
#[derive(Clone, PartialEq, Eq)]
pub struct NameComparison {
    /// How far they agree.
    pub class: Class,
    /// Id of the rule, with each step: `rus-icao-2013+patronymic-one-side`.
    pub rule: String,
    /// Places of letters without a counterpart in the left name, in characters; only of
    /// names that are close or different, or mix scripts.
    pub left_differs: Vec<usize>,
    /// The same in the right name.
    pub right_differs: Vec<usize>,
    /// Whether a word has letters of two scripts that look alike.
    pub script_mixed: bool,
}

crate::hidden::hidden_debug!(NameComparison);

impl NameComparison {
    /// Returns the result for a name that one side does not have, or that no rule compares.
    #[must_use]
    pub fn not_comparable(rule: &str) -> Self {
        Self {
            class: Class::NotComparable,
            rule: rule.to_owned(),
            left_differs: Vec::new(),
            right_differs: Vec::new(),
            script_mixed: false,
        }
    }
}

/// Compares two names: `exact`, `case-and-marks` (equal); `diacritics-icao`, a scheme by
/// its id, `mixed-schemes` (equivalent); words in another order, `mrz-truncated`,
/// `national-form`, `sounds-alike`, `one-letter`, `initials` and whatever else leaves names
/// over (close); else different. The steps `+order`, `+patronymic-one-side` and
/// `+more-names-on-one-side` may follow. The issuing state is a code of Doc 9303.
#[must_use]
pub fn compare(
    left: NameSide<'_>,
    right: NameSide<'_>,
    issuer: Option<&str>,
    scope: Scope,
) -> NameComparison {
    let result = |class, rule: &str| NameComparison {
        class,
        rule: rule.to_owned(),
        left_differs: Vec::new(),
        right_differs: Vec::new(),
        script_mixed: false,
    };
    let names =
        [left, right].map(|side| NameText::read(side.text, side.surname_to, side.patronymic_from));
    let (a, b) = match &names {
        [Ok(a), Ok(b)] => (a, b),
        [Err(NoName::TooLong), _] | [_, Err(NoName::TooLong)] => {
            return result(Class::NotComparable, "too-long");
        }
        _ => return result(Class::NotComparable, "empty"),
    };
    let foreign = (a.foreign().collect::<Vec<_>>(), b.foreign().collect::<Vec<_>>());
    let script_mixed = !foreign.0.is_empty() || !foreign.1.is_empty();
    if left.text == right.text && !script_mixed {
        return result(Class::Equal, "exact");
    }
    // one direction on the ladder: a truncated name is on the right
    let ladder = if left.truncated && !right.truncated {
        Ladder::new(b, a, issuer, scope, true)
    } else {
        Ladder::new(a, b, issuer, scope, right.truncated)
    };
    let (mut class, mut rule) = ladder.climb();
    if script_mixed && class < Class::Close {
        (class, rule) = (Class::Close, "homoglyph".to_owned());
    }
    let (left_differs, right_differs) = match class {
        Class::Close if script_mixed => foreign,
        Class::Close | Class::Different => {
            differ::differing(&a.tokens, &b.tokens, ladder.shown_in())
        }
        _ => (Vec::new(), Vec::new()),
    };
    NameComparison { class, rule, left_differs, right_differs, script_mixed }
}
