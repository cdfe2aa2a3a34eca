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

/// Two selections of tokens to compare: all of them, or all but a patronymic of one side.
pub(super) struct Selection {
    pub(super) left: Vec<usize>,
    pub(super) right: Vec<usize>,
    order: Order,
}

impl Selection {
    pub(super) fn is_without_patronymic(&self) -> bool {
        self.order != Order::Whole
    }
}

/// In which order a selection is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    /// Any, and nothing was left out.
    Whole,
    /// Any.
    Any,
    /// Surname, given names, patronymic.
    Kept,
    /// Given names, patronymic, surname.
    Exchanged,
}

/// Returns all tokens, and all but a patronymic of one side; `least` tokens remain.
pub(super) fn selections(
    left: &[Token],
    right: &[Token],
    issuer: Option<&str>,
    least: usize,
) -> Vec<Selection> {
    let all = |tokens: &[Token]| -> Vec<usize> { (0..tokens.len()).collect() };
    let rest_of = |tokens: &[Token], found: &[usize]| -> Option<Vec<usize>> {
        let rest: Vec<usize> = (0..tokens.len()).filter(|i| !found.contains(i)).collect();
        (rest.len() >= least).then_some(rest)
    };
    let selection = |left, right, order| Selection { left, right, order };
    let mut selections = vec![selection(all(left), all(right), Order::Whole)];
    for found in patronymic::find(left, issuer) {
        let order = order_without(left, &found, right);
        selections.extend(rest_of(left, &found).map(|rest| selection(rest, all(right), order)));
    }
    for found in patronymic::find(right, issuer) {
        let order = order_without(right, &found, left);
        selections.extend(rest_of(right, &found).map(|rest| selection(all(left), rest, order)));
    }
    selections
}

/// Returns the order of a name in one field without what may be a patronymic by its ending:
/// a last word in -ich after given name and surname is another surname.
fn order_without(tokens: &[Token], patronymic: &[usize], other: &[Token]) -> Order {
    let is_divided = other.iter().any(|token| token.is_surname != other[0].is_surname);
    let is_guessed = patronymic.iter().all(|i| !tokens[*i].is_patronymic);
    let is_undivided = tokens.iter().all(|token| !token.is_surname);
    if !(is_undivided && is_guessed && is_divided) {
        return Order::Any;
    }
    let is_last = patronymic.contains(&(tokens.len() - 1));
    if is_last { Order::Kept } else { Order::Exchanged }
}

/// Whether words of the left row, by their places, are those of the right row in order.
type Agrees<'a> = dyn Fn(&[usize], &[usize]) -> bool + 'a;

/// Arranges selections in order.
pub(super) fn arrange_in_order(
    selections: &[Selection],
    agrees: &Agrees<'_>,
) -> Option<Arrangement> {
    let mut all = selections.iter().filter(|chosen| chosen.order != Order::Exchanged);
    let chosen = all.find(|chosen| agrees(&chosen.left, &chosen.right))?;
    Some(Arrangement { patronymic: chosen.is_without_patronymic(), ..Arrangement::default() })
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
    let mut all = selections.iter().filter(|chosen| chosen.order != Order::Kept);
    all.find_map(|chosen| {
        let of_right = borders(right, &chosen.right, scope);
        let found = borders(left, &chosen.left, scope).into_iter().any(|at| {
            let (first, last) = chosen.left.split_at(at);
            of_right.iter().any(|to| {
                let (before, after) = chosen.right.split_at(*to);
                agrees(last, before) && agrees(first, after)
            })
        });
        found.then_some(Arrangement {
            order: true,
            patronymic: chosen.is_without_patronymic(),
            more: false,
        })
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
        Some(Arrangement { order: !in_order, patronymic: chosen.is_without_patronymic(), more })
    })
}
