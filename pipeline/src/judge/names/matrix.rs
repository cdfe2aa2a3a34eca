//! Which tokens of two names agree, and partners among them.

/// Which left tokens agree with which right ones.
#[derive(Clone, Default)]
pub(super) struct Matrix(Vec<Vec<bool>>);

impl Matrix {
    /// Compares what was made of the tokens beforehand.
    pub(super) fn of<T>(left: &[T], right: &[T], agree: impl Fn(&T, &T) -> bool) -> Self {
        Self(left.iter().map(|l| right.iter().map(|r| agree(l, r)).collect()).collect())
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        let rows = self.0.iter().zip(&other.0);
        Self(rows.map(|(a, b)| a.iter().zip(b).map(|(a, b)| *a && *b).collect()).collect())
    }

    pub(super) fn or(&self, other: &Self) -> Self {
        let rows = self.0.iter().zip(&other.0);
        Self(rows.map(|(a, b)| a.iter().zip(b).map(|(a, b)| *a || *b).collect()).collect())
    }

    /// Whether no two tokens agree.
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().flatten().all(|agree| !agree)
    }

    pub(super) fn has(&self, left: usize, right: usize) -> bool {
        self.0.get(left).and_then(|row| row.get(right)).copied().unwrap_or(false)
    }

    /// Whether two rows of tokens agree one by one.
    pub(super) fn agrees(&self, rows: &[usize], columns: &[usize]) -> bool {
        rows.len() == columns.len() && rows.iter().zip(columns).all(|(l, r)| self.has(*l, *r))
    }

    /// Returns whether every token of the shorter row has a partner of its own, and
    /// whether the partners are in order.
    pub(super) fn pairs(&self, rows: &[usize], columns: &[usize]) -> Option<bool> {
        let agree = |l: usize, r: usize| self.has(rows[l], columns[r]);
        if rows.len() <= columns.len() {
            pair_up(rows.len(), columns.len(), &agree)
        } else {
            pair_up(columns.len(), rows.len(), &|r, l| agree(l, r))
        }
    }
}

/// Finds a partner for each of the few among the many; returns whether one way to do
/// so keeps their order.
fn pair_up(few: usize, many: usize, agree: &dyn Fn(usize, usize) -> bool) -> Option<bool> {
    let mut next = 0;
    let in_order = (0..few).all(|i| {
        let found = (next..many).find(|j| agree(i, *j));
        found.is_some_and(|j| {
            next = j + 1;
            true
        })
    });
    if in_order {
        return Some(true);
    }
    let mut partner: Vec<Option<usize>> = vec![None; many];
    let all = (0..few).all(|i| seek(i, agree, &mut partner, &mut vec![false; many]));
    all.then_some(false)
}

/// Finds a partner for one, moving others where they have another choice.
fn seek(
    one: usize,
    agree: &dyn Fn(usize, usize) -> bool,
    partner: &mut [Option<usize>],
    seen: &mut [bool],
) -> bool {
    for j in 0..partner.len() {
        if agree(one, j) && !std::mem::replace(&mut seen[j], true) {
            let free = partner[j].is_none_or(|other| seek(other, agree, partner, seen));
            if free {
                partner[j] = Some(one);
                return true;
            }
        }
    }
    false
}
