//! Arranges the tokens of two names: in order, with surname and given names exchanged, in
//! another order, without a patronymic that one side does not have, or with more names on
//! one side.

use super::Scope;
use super::automaton::{Automaton, Fit, Spelling};
use super::matrix::Matrix;
use super::patronymic;
use super::text::Token;

/// How the tokens had to be arranged until they agreed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Arrangement {
    pub(super) order: bool,
    pub(super) patronymic: bool,
    pub(super) more: bool,
}

impl Arrangement {
    /// Returns a rule with the names of the steps taken.
    pub(super) fn named(self, rule: &str) -> String {
        let mut name = rule.to_owned();
        for (taken, step) in [
            (self.order, "+order"),
            (self.patronymic, "+patronymic-one-side"),
            (self.more, "+more-names-on-one-side"),
        ] {
            if taken {
                name.push_str(step);
            }
        }
        name
    }
}

/// Two selections of tokens to compare, and whether a patronymic was left out.
pub(super) struct Selection {
    pub(super) left: Vec<usize>,
    pub(super) right: Vec<usize>,
    pub(super) patronymic: bool,
}

/// Returns all tokens, and all but a patronymic of one side; `least` tokens remain.
pub(super) fn selections(
    left: &[Token],
    right: &[Token],
    issuer: Option<&str>,
    least: usize,
) -> Vec<Selection> {
    let all = |tokens: &[Token]| -> Vec<usize> { (0..tokens.len()).collect() };
    let mut selections = vec![Selection { left: all(left), right: all(right), patronymic: false }];
    let without = |tokens: &[Token], found: &[usize]| -> Vec<usize> {
        (0..tokens.len()).filter(|i| !found.contains(i)).collect()
    };
    for found in patronymic::find(left, issuer) {
        let kept = without(left, &found);
        if kept.len() >= least {
            selections.push(Selection { left: kept, right: all(right), patronymic: true });
        }
    }
    for found in patronymic::find(right, issuer) {
        let kept = without(right, &found);
        if kept.len() >= least {
            selections.push(Selection { left: all(left), right: kept, patronymic: true });
        }
    }
    selections
}

/// Whether words of the left row, by their places, are those of the right row in order.
type Agrees<'a> = dyn Fn(&[usize], &[usize]) -> bool + 'a;

/// Arranges selections in order.
pub(super) fn arrange_in_order(
    selections: &[Selection],
    agrees: &Agrees<'_>,
) -> Option<Arrangement> {
    let mut all = selections.iter();
    let chosen = all.find(|chosen| agrees(&chosen.left, &chosen.right))?;
    Some(Arrangement { patronymic: chosen.patronymic, ..Arrangement::default() })
}

/// Whether the second side may end before the first, whatever the spaces.
pub(super) fn is_cut(
    left: &[Token],
    right: &[Token],
    selections: &[Selection],
    spelling: Spelling<'_>,
) -> bool {
    selections.iter().any(|chosen| {
        let row = |tokens: &[Token], all: &[usize]| {
            Automaton::new(all.iter().map(|i| &tokens[*i]), spelling)
        };
        row(left, &chosen.left).agrees(&row(right, &chosen.right), Fit::SecondEnds)
    })
}

/// Arranges selections whose surname and given names changed places; no word is divided
/// between the two parts.
pub(super) fn arrange_exchanged(
    (left, right): (&[Token], &[Token]),
    selections: &[Selection],
    scope: Scope,
    agrees: &Agrees<'_>,
) -> Option<Arrangement> {
    selections.iter().find_map(|chosen| {
        let of_right = borders(right, &chosen.right, scope);
        let found = borders(left, &chosen.left, scope).into_iter().any(|at| {
            let (first, last) = chosen.left.split_at(at);
            of_right.iter().any(|to| {
                let (before, after) = chosen.right.split_at(*to);
                agrees(last, before) && agrees(first, after)
            })
        });
        found.then_some(Arrangement { order: true, patronymic: chosen.patronymic, more: false })
    })
}

/// The places at which surname and given names of a row may meet: where the source says so,
/// else anywhere. A single field has none.
fn borders(tokens: &[Token], chosen: &[usize], scope: Scope) -> Vec<usize> {
    /// Most words of a name whose parts are sought.
    const MOST: usize = 8;
    let known = chosen.iter().take_while(|i| tokens[**i].is_surname).count();
    let inside = 1..chosen.len();
    match scope {
        Scope::Whole | Scope::Fields if inside.contains(&known) => vec![known],
        Scope::Whole if chosen.len() <= MOST => inside.collect(),
        _ => Vec::new(),
    }
}

/// Arranges selections by pairs of tokens, each with a partner, in order or not.
pub(super) fn arrange_pairs(
    matrix: &Matrix,
    selections: &[Selection],
    more: bool,
) -> Option<Arrangement> {
    selections.iter().find_map(|chosen| {
        let (rows, columns) = (&chosen.left, &chosen.right);
        if (rows.len() == columns.len()) == more {
            return None;
        }
        let in_order = matrix.pairs(rows, columns)?;
        Some(Arrangement { order: !in_order, patronymic: chosen.patronymic, more })
    })
}
