//! The ladder: the first rule by which two names agree wins and is named.

use std::collections::BTreeSet;

use super::arrange::{
    Arrangement, Selection, arrange_exchanged, arrange_in_order, arrange_pairs, is_cut, selections,
};
use super::automaton::{Fit, Spelling};
use super::close::{Sound, is_initial};
use super::marks::Marks;
use super::matrix::Matrix;
use super::national::Forms;
use super::schemes::{Scheme, other_schemes, schemes_for};
use super::script::Script;
use super::text::{NameText, Token};
use super::way::Way;
use super::{Class, Scope};

/// Two names on the ladder.
pub(super) struct Ladder<'a> {
    left: &'a [Token],
    right: &'a [Token],
    selections: Vec<Selection>,
    schemes: Vec<&'static Scheme>,
    /// Whether only the letters themselves can be compared: two names in one script
    /// that is not Latin.
    letters_only: bool,
    /// Whether the right side may end before the name does.
    truncated: bool,
    scope: Scope,
    marks: Marks,
}

type Step = (Class, String);

impl<'a> Ladder<'a> {
    pub(super) fn new(
        left: &'a NameText,
        right: &'a NameText,
        issuer: Option<&str>,
        scope: Scope,
        truncated: bool,
    ) -> Self {
        let (left, right) = (&left.tokens[..], &right.tokens[..]);
        let letters: BTreeSet<char> =
            left.iter().chain(right).flat_map(|t| t.letters.iter().map(|l| l.c)).collect();
        let is_latin = |tokens: &[Token]| tokens.iter().all(|t| is_latin(t.script()));
        let any_latin = [left, right].iter().any(|tokens| is_latin(tokens));
        Self {
            left,
            right,
            selections: selections(left, right, issuer, scope.least_tokens()),
            schemes: schemes_for(issuer, &letters),
            letters_only: !any_latin,
            truncated,
            scope,
            marks: Marks::of(issuer),
        }
    }

    /// The scheme that shows one side in the letters of the other.
    fn first_scheme(&self) -> Option<&'static Scheme> {
        self.schemes.first().copied()
    }

    /// Letters as the issuing state writes them.
    fn zone(&self, scheme: Option<&'static Scheme>) -> Spelling<'a> {
        Spelling::Zone(scheme, self.marks)
    }

    /// The spelling in which letters of both sides are compared one by one.
    pub(super) fn shown_in(&self) -> Spelling<'static> {
        if self.letters_only {
            Spelling::Letters
        } else {
            Spelling::Zone(self.first_scheme(), self.marks)
        }
    }

    /// Climbs until a rule fits.
    pub(super) fn climb(&self) -> Step {
        let letters = self.way("case-and-marks", Spelling::Letters);
        if let Some(found) = self.fits(&letters) {
            let class = if found.patronymic { Class::Equivalent } else { Class::Equal };
            return (class, found.named(letters.id));
        }
        if !self.is_comparable() {
            return (Class::NotComparable, "script-without-scheme".to_owned());
        }
        let mut ways = vec![letters];
        let step = self.same_by_rule(&mut ways);
        step.or_else(|| self.close(&ways))
            .unwrap_or_else(|| (Class::Different, "different".to_owned()))
    }

    fn way(&self, id: &'static str, spelling: Spelling<'a>) -> Way<'a> {
        Way::new(id, spelling, self.left, self.right)
    }

    /// Whether the names agree when spelled in one way: in order, or with surname and given
    /// names exchanged. Within a part one word of a side may be several of the other.
    fn fits(&self, way: &Way<'_>) -> Option<Arrangement> {
        let (joined, apart) = (
            |rows: &[usize], columns: &[usize]| way.agrees(rows, columns),
            |rows: &[usize], columns: &[usize]| way.whole().agrees(rows, columns),
        );
        let in_order = if self.joins() {
            arrange_in_order(&self.selections, &joined)
        } else {
            arrange_in_order(&self.selections, &apart)
        };
        in_order.or_else(|| self.exchanged(&joined))
    }

    /// Whether the names agree with surname and given names exchanged.
    fn exchanged(&self, agrees: &dyn Fn(&[usize], &[usize]) -> bool) -> Option<Arrangement> {
        arrange_exchanged((self.left, self.right), &self.selections, self.scope, agrees)
    }

    /// Whether words may be joined across the border of surname and given names.
    fn joins(&self) -> bool {
        self.scope != Scope::Fields
    }

    /// Whether there is a table that shows one side in the letters of the other.
    fn is_comparable(&self) -> bool {
        let mut scripts = Vec::new();
        for token in self.left.iter().chain(self.right) {
            let script = token.script();
            if !matches!(script, Script::Latin | Script::None) && !scripts.contains(&script) {
                scripts.push(script);
            }
        }
        scripts.len() <= 1 && !scripts.contains(&Script::Other)
    }

    /// Marks by Doc 9303, then one scheme, then several.
    fn same_by_rule(&self, ways: &mut Vec<Way<'a>>) -> Option<Step> {
        let mut spellings: Vec<(&'static str, Spelling<'a>)> = Vec::new();
        if !self.letters_only {
            spellings.push(("diacritics-icao", self.zone(None)));
            spellings.extend(self.schemes.iter().map(|s| (s.id, self.zone(Some(*s)))));
        }
        for (id, spelling) in spellings {
            let way = self.way(id, spelling);
            if ways.iter().any(|other| other.is_same(&way)) {
                continue;
            }
            if let Some(found) = self.fits(&way) {
                return Some((Class::Equivalent, found.named(id)));
            }
            ways.push(way);
        }
        let same = any_whole(ways);
        let agrees = |rows: &[usize], columns: &[usize]| same.agrees(rows, columns);
        let in_order = arrange_in_order(&self.selections, &agrees);
        let found = in_order.or_else(|| self.exchanged(&agrees))?;
        Some((Class::Equivalent, found.named("mixed-schemes")))
    }

    /// A name that the zone may have cut: nobody knows what followed.
    fn cut(&self, ways: &[Way<'_>]) -> Option<Step> {
        // one letter is an initial, and nothing shows nothing
        let letters: usize = self.right.iter().map(|token| token.letters.len()).sum();
        let may_be_cut = self.truncated && self.joins() && letters > 1;
        let mut cut = ways.iter().filter(|_| may_be_cut);
        cut.find_map(|way| {
            let chosen = &self.selections;
            is_cut(self.left, self.right, chosen, way.spelling)
                .then(|| (Class::Close, "mrz-truncated".to_owned()))
        })
    }

    fn close(&self, ways: &[Way<'_>]) -> Option<Step> {
        let same = any_whole(ways);
        let close = |matrix: &Matrix, rule: &str, more: bool| {
            let found = arrange_pairs(matrix, &self.selections, more)?;
            Some((Class::Close, found.named(rule)))
        };
        let national = same.or(&self.national_forms());
        let sounds = same.or(&self.sounds_alike());
        let initials = same.or(&self.initials(ways));
        let in_other_order = || ways.iter().find_map(|way| close(way.whole(), way.id, false));
        in_other_order()
            .or_else(|| close(&same, "mixed-schemes", false))
            .or_else(|| self.cut(ways))
            .or_else(|| close(&national, "national-form", false))
            .or_else(|| close(&sounds, "sounds-alike", false))
            .or_else(|| self.one_letter(&same, ways))
            .or_else(|| close(&initials, "initials", false))
            .or_else(|| ways.iter().find_map(|way| close(way.whole(), way.id, true)))
            .or_else(|| close(&same, "mixed-schemes", true))
            .or_else(|| close(&initials, "initials", true))
            .or_else(|| close(&national, "national-form", true))
            .or_else(|| close(&sounds, "sounds-alike", true))
            .or_else(|| self.by_other_schemes())
    }

    /// Spellings that the issuing state does not use.
    fn by_other_schemes(&self) -> Option<Step> {
        if self.letters_only {
            return None;
        }
        let marks = (self.marks != Marks::All).then_some(("diacritics-icao", None));
        let others = other_schemes(&self.schemes).into_iter().map(|s| (s.id, Some(s)));
        marks.into_iter().chain(others).find_map(|(id, scheme)| {
            let found = self.fits(&self.way(id, Spelling::Zone(scheme, Marks::All)))?;
            Some((Class::Close, found.named(id)))
        })
    }

    fn national_forms(&self) -> Matrix {
        let forms = |tokens: &[Token]| -> Vec<Forms> { tokens.iter().map(Forms::of).collect() };
        Matrix::of(&forms(self.left), &forms(self.right), Forms::are_of_one)
    }

    fn sounds_alike(&self) -> Matrix {
        let scheme = self.first_scheme();
        let sounds = |tokens: &[Token]| -> Vec<Sound> {
            tokens.iter().map(|token| Sound::of(token, scheme)).collect()
        };
        Matrix::of(&sounds(self.left), &sounds(self.right), Sound::is_like)
    }

    fn initials(&self, ways: &[Way<'_>]) -> Matrix {
        let one = Matrix::of(self.left, self.right, |l, r| is_initial(l) || is_initial(r));
        if one.is_empty() { one } else { any_way(ways, Fit::FirstLetter).and(&one) }
    }

    /// One letter of one token, while all others agree.
    fn one_letter(&self, same: &Matrix, ways: &[Way<'_>]) -> Option<Step> {
        if self.selections.iter().all(|chosen| chosen.left.len() != chosen.right.len()) {
            return None;
        }
        let one = any_way(ways, Fit::OneLetter);
        for chosen in &self.selections {
            if chosen.left.len() != chosen.right.len() {
                continue;
            }
            for (i, l) in chosen.left.iter().enumerate() {
                for (j, r) in chosen.right.iter().enumerate() {
                    if !one.has(*l, *r) {
                        continue;
                    }
                    let rest = |all: &[usize], out: &usize| -> Vec<usize> {
                        all.iter().copied().filter(|k| k != out).collect()
                    };
                    let pairs = same.pairs(&rest(&chosen.left, l), &rest(&chosen.right, r));
                    if let Some(in_order) = pairs {
                        let found = Arrangement {
                            order: !in_order || i != j,
                            patronymic: chosen.is_without_patronymic(),
                            more: false,
                        };
                        return Some((Class::Close, found.named("one-letter")));
                    }
                }
            }
        }
        None
    }
}

fn is_latin(script: Script) -> bool {
    matches!(script, Script::Latin | Script::None)
}

fn any_way(ways: &[Way<'_>], fit: Fit) -> Matrix {
    let matrices = ways.iter().map(|way| way.matrix(fit));
    matrices.reduce(|all, matrix| all.or(&matrix)).unwrap_or_default()
}

/// Where tokens agree, each in a way of its own.
fn any_whole(ways: &[Way<'_>]) -> Matrix {
    let is_mixable = |way: &&Way<'_>| match way.spelling {
        Spelling::Zone(Some(scheme), _) => !scheme.is_of_syllables(),
        _ => true,
    };
    let matrices = ways.iter().filter(is_mixable).map(|way| way.whole().clone());
    matrices.reduce(|all, matrix| all.or(&matrix)).unwrap_or_default()
}
