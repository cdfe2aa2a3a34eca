//! One way to spell both names, with the spellings of each token.

use std::cell::OnceCell;

use super::arrange::Matrix;
use super::automaton::{Automaton, Fit, Spelling};
use super::text::Token;

/// A spelling by its id, and every token spelled by it.
pub(super) struct Way<'a> {
    pub(super) id: &'static str,
    pub(super) spelling: Spelling<'a>,
    left: Vec<Automaton>,
    right: Vec<Automaton>,
    /// Asked for at several steps of the ladder.
    whole: OnceCell<Matrix>,
}

impl<'a> Way<'a> {
    pub(super) fn new(
        id: &'static str,
        spelling: Spelling<'a>,
        left: &[Token],
        right: &[Token],
    ) -> Self {
        let spelled = |tokens: &[Token]| -> Vec<Automaton> {
            tokens.iter().map(|token| Automaton::new([token], spelling)).collect()
        };
        Self { id, spelling, left: spelled(left), right: spelled(right), whole: OnceCell::new() }
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

    pub(super) fn matrix(&self, fit: Fit) -> Matrix {
        Matrix::of(&self.left, &self.right, |l, r| l.agrees(r, fit))
    }
}
