//! One way to spell both names, with the spellings of each token.

use std::cell::OnceCell;

use super::automaton::{Automaton, Fit, Spelling};
use super::matrix::Matrix;
use super::text::Token;

/// Most words of one side that the other may write as one.
const MOST_JOINED: usize = 4;

/// A spelling by its id, and every token spelled by it.
pub(super) struct Way<'a> {
    pub(super) id: &'static str,
    pub(super) spelling: Spelling<'a>,
    tokens: [&'a [Token]; 2],
    left: Vec<Automaton>,
    right: Vec<Automaton>,
    /// Asked for at several steps of the ladder.
    whole: OnceCell<Matrix>,
}

impl<'a> Way<'a> {
    pub(super) fn new(
        id: &'static str,
        spelling: Spelling<'a>,
        left: &'a [Token],
        right: &'a [Token],
    ) -> Self {
        let spelled = |tokens: &[Token]| -> Vec<Automaton> {
            tokens.iter().map(|token| Automaton::new([token], spelling)).collect()
        };
        let (tokens, whole) = ([left, right], OnceCell::new());
        Self { id, spelling, tokens, left: spelled(left), right: spelled(right), whole }
    }

    /// Whether another way has the same spellings: of two schemes that do, the first
    /// is named.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.left == other.left && self.right == other.right
    }

    /// Which tokens agree as a whole.
    pub(super) fn whole(&self) -> &Matrix {
        self.whole.get_or_init(|| self.matrix(Fit::Whole))
    }

    /// Whether words agree in order, where one word of a side may be several of the other:
    /// `YUNA` is `Yu Na`, and `YUN A` is not.
    pub(super) fn agrees(&self, rows: &[usize], columns: &[usize]) -> bool {
        let mut seen = vec![false; (rows.len() + 1) * (columns.len() + 1)];
        let mut open = vec![(0, 0)];
        while let Some((i, j)) = open.pop() {
            if (i, j) == (rows.len(), columns.len()) {
                return true;
            }
            if std::mem::replace(&mut seen[i * (columns.len() + 1) + j], true) {
                continue;
            }
            let (Some(l), Some(r)) = (rows.get(i), columns.get(j)) else { continue };
            if self.whole().has(*l, *r) {
                open.push((i + 1, j + 1));
            }
            for several in 2..=MOST_JOINED {
                let of_right = columns.get(j..j + several).and_then(|all| self.joined(1, all));
                if of_right.is_some_and(|word| self.left[*l].agrees(&word, Fit::Whole)) {
                    open.push((i + 1, j + several));
                }
                let of_left = rows.get(i..i + several).and_then(|all| self.joined(0, all));
                if of_left.is_some_and(|word| word.agrees(&self.right[*r], Fit::Whole)) {
                    open.push((i + several, j + 1));
                }
            }
        }
        false
    }

    /// Joins words into one; `None` for words of the surname and of the given names, which
    /// nobody writes as one.
    fn joined(&self, side: usize, all: &[usize]) -> Option<Automaton> {
        let tokens = all.iter().map(|i| &self.tokens[side][*i]);
        let of_one_part = tokens.clone().map(|t| t.is_surname).is_sorted_by(|a, b| a == b);
        of_one_part.then(|| Automaton::new(tokens, self.spelling))
    }

    pub(super) fn matrix(&self, fit: Fit) -> Matrix {
        Matrix::of(&self.left, &self.right, |l, r| l.agrees(r, fit))
    }
}
