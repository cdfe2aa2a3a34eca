//! Marks the letters of two names that have no counterpart on the other side.

use super::automaton::{Spelling, first_spelling};
use super::text::Token;

type Spelled = Vec<(char, usize)>;

/// Returns the places of the letters that differ, left and right, in order; names of
/// one script are compared as they are, others in the letters of the zone.
pub(super) fn differing(
    left: &[Token],
    right: &[Token],
    spelling: Spelling<'_>,
) -> (Vec<usize>, Vec<usize>) {
    let spelled = |tokens: &[Token]| -> Vec<Spelled> {
        tokens
            .iter()
            .map(|token| match spelling {
                Spelling::Letters => token.letters.iter().map(|l| (l.c, l.at)).collect(),
                Spelling::Zone(scheme, _) => first_spelling(token, scheme),
            })
            .collect()
    };
    let (left, right) = (spelled(left), spelled(right));
    let mut pairs = Vec::new();
    for (i, a) in left.iter().enumerate() {
        for (j, b) in right.iter().enumerate() {
            let common = lengths(a, b)[0][0];
            let longer = a.len().max(b.len());
            // words that share less than a third are marked whole
            if common * 3 > longer {
                pairs.push((longer - common, i, j));
            }
        }
    }
    pairs.sort_unstable();
    let (mut of_left, mut of_right) = (vec![None; left.len()], vec![None; right.len()]);
    for (_, i, j) in pairs {
        if of_left[i].is_none() && of_right[j].is_none() {
            of_left[i] = Some(j);
            of_right[j] = Some(i);
        }
    }
    let (mut marks_left, mut marks_right) = (Vec::new(), Vec::new());
    for (i, a) in left.iter().enumerate() {
        if let Some(j) = of_left[i] {
            let (here, there) = unmatched(a, &right[j]);
            marks_left.extend(here);
            marks_right.extend(there);
        } else {
            marks_left.extend(a.iter().map(|(_, at)| *at));
        }
    }
    let alone = right.iter().zip(&of_right).filter(|(_, partner)| partner.is_none());
    marks_right.extend(alone.flat_map(|(b, _)| b.iter().map(|(_, at)| *at)));
    for marks in [&mut marks_left, &mut marks_right] {
        marks.sort_unstable();
        marks.dedup();
    }
    (marks_left, marks_right)
}

/// Lengths of the longest common subsequence from each pair of places on.
fn lengths(a: &Spelled, b: &Spelled) -> Vec<Vec<usize>> {
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            table[i][j] = if a[i].0 == b[j].0 {
                table[i + 1][j + 1] + 1
            } else {
                table[i + 1][j].max(table[i][j + 1])
            };
        }
    }
    table
}

fn unmatched(a: &Spelled, b: &Spelled) -> (Vec<usize>, Vec<usize>) {
    let table = lengths(a, b);
    let (mut i, mut j) = (0, 0);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    while i < a.len() && j < b.len() {
        if a[i].0 == b[j].0 {
            i += 1;
            j += 1;
        } else if table[i + 1][j] >= table[i][j + 1] {
            left.push(a[i].1);
            i += 1;
        } else {
            right.push(b[j].1);
            j += 1;
        }
    }
    left.extend(a[i..].iter().map(|(_, at)| *at));
    right.extend(b[j..].iter().map(|(_, at)| *at));
    (left, right)
}
