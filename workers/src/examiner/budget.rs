//! How many children run at the same time, and which waiting file is next.
//!
//! Files wait in order of arrival, each in its share: the lane that it came by. A share
//! that has a child leaves room for one child of each share that has none, so that slow
//! files of one kind never keep another kind waiting.

use std::collections::{BTreeMap, VecDeque};
use std::num::NonZero;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The children that may run at the same time.
pub(super) struct ChildBudget {
    most: usize,
    shares: Vec<&'static str>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    running: BTreeMap<&'static str, usize>,
    /// Whether a child runs that tolerates no other.
    is_exclusive: bool,
    waiting: VecDeque<Waiting>,
    /// Numbers of those that may start and have not noticed yet.
    admitted: Vec<u64>,
    next_number: u64,
}

#[derive(Clone, Copy)]
struct Waiting {
    number: u64,
    claim: Claim,
}

/// What a child takes of the budget.
#[derive(Clone, Copy)]
enum Claim {
    /// The room of one child in this share.
    One(&'static str),
    /// All of it.
    All,
}

/// The room of one child, given back on drop.
pub(super) struct Room<'a> {
    budget: &'a ChildBudget,
    claim: Claim,
}

impl ChildBudget {
    /// Returns a budget for as many children as there are processors and memory for, and
    /// for one more of each share but the first, so that every share always has one.
    /// Memory may allow fewer, never less than one.
    pub(super) fn new(
        processors: NonZero<usize>,
        memory: Option<NonZero<usize>>,
        shares: &[&'static str],
    ) -> Self {
        let wanted = processors.get() + shares.len().saturating_sub(1);
        let most = memory.map_or(wanted, |memory| memory.get().min(wanted));
        let (state, changed) = (Mutex::default(), Condvar::new());
        Self { most, shares: shares.to_vec(), state, changed }
    }

    /// Waits for the room of one child.
    pub(super) fn one(&self, share: &'static str) -> Room<'_> {
        self.wait(Claim::One(share))
    }

    /// Waits until no other child runs, and keeps others from starting.
    pub(super) fn all(&self) -> Room<'_> {
        self.wait(Claim::All)
    }

    fn wait(&self, claim: Claim) -> Room<'_> {
        let mut state = self.state();
        let number = state.next_number;
        state.next_number += 1;
        state.waiting.push_back(Waiting { number, claim });
        self.admit(&mut state);
        while !state.admitted.contains(&number) {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.admitted.retain(|admitted| *admitted != number);
        Room { budget: self, claim }
    }

    /// Admits, in order of arrival, all for whom there is room.
    fn admit(&self, state: &mut State) {
        let mut kept = VecDeque::new();
        while let Some(next) = state.waiting.pop_front() {
            match (self.has_room(state, next.claim), next.claim) {
                (true, Claim::One(share)) => *state.running.entry(share).or_default() += 1,
                (true, Claim::All) => state.is_exclusive = true,
                (false, Claim::One(_)) => {
                    kept.push_back(next);
                    continue;
                }
                (false, Claim::All) => {
                    // who came later waits, or it would never start
                    kept.push_back(next);
                    break;
                }
            }
            state.admitted.push(next.number);
        }
        kept.append(&mut state.waiting);
        state.waiting = kept;
        self.changed.notify_all();
    }

    fn has_room(&self, state: &State, claim: Claim) -> bool {
        let total: usize = state.running.values().sum();
        let of = |share| state.running.get(share).copied().unwrap_or_default();
        match claim {
            _ if state.is_exclusive => false,
            Claim::All => total == 0,
            Claim::One(share) if of(share) == 0 => total < self.most,
            Claim::One(_) => {
                let idle = self.shares.iter().filter(|share| of(share) == 0).count();
                total + idle < self.most
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        let mut state = self.budget.state();
        match self.claim {
            Claim::All => state.is_exclusive = false,
            Claim::One(share) => {
                if let Some(running) = state.running.get_mut(share) {
                    *running = running.saturating_sub(1);
                }
            }
        }
        self.budget.admit(&mut state);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    const SHARES: [&str; 3] = ["paper", "passport", "portrait"];

    fn budget(processors: usize, memory: Option<usize>) -> ChildBudget {
        let memory = memory.map(|memory| NonZero::new(memory).unwrap());
        ChildBudget::new(NonZero::new(processors).unwrap(), memory, &SHARES)
    }

    /// Takes room where there is some, as a share that never ends would.
    fn take<'a>(budget: &'a ChildBudget, share: &'static str, up_to: usize) -> Vec<Room<'a>> {
        let has_room = || budget.has_room(&budget.state(), Claim::One(share));
        (0..up_to).map_while(|_| has_room().then(|| budget.one(share))).collect()
    }

    #[track_caller]
    fn check(processors: usize, memory: Option<usize>, expected: [usize; 3]) {
        let budget = budget(processors, memory);
        let rooms = SHARES.map(|share| take(&budget, share, 100));
        assert_eq!(rooms.map(|rooms| rooms.len()), expected, "{processors} {memory:?}");
    }

    #[test]
    fn a_greedy_share_has_the_processors_and_leaves_room_for_each_other() {
        check(1, None, [1, 1, 1]);
        check(2, None, [2, 1, 1]);
        check(8, None, [8, 1, 1]);
    }

    #[test]
    fn memory_may_allow_fewer() {
        check(8, Some(100), [8, 1, 1]);
        check(8, Some(4), [2, 1, 1]);
        check(8, Some(3), [1, 1, 1]);
        check(8, Some(2), [1, 1, 0]);
        check(8, Some(1), [1, 0, 0]);
    }

    #[test]
    fn a_budget_without_shares_is_that_of_the_processors() {
        let budget = ChildBudget::new(NonZero::new(3).unwrap(), None, &[]);
        assert_eq!(take(&budget, "", 100).len(), 3);
    }

    #[test]
    fn room_that_is_given_back_goes_to_the_first_who_waits() {
        let budget = budget(8, Some(1));
        let order = Mutex::new(Vec::new());
        let held = budget.one("paper");
        thread::scope(|scope| {
            for (i, share) in ["passport", "paper", "portrait"].into_iter().enumerate() {
                let (budget, order) = (&budget, &order);
                scope.spawn(move || {
                    let _room = budget.one(share);
                    order.lock().unwrap().push(share);
                });
                while budget.state().waiting.len() <= i {
                    thread::yield_now();
                }
            }
            drop(held);
        });
        assert_eq!(*order.lock().unwrap(), ["passport", "paper", "portrait"]);
    }

    #[test]
    fn one_that_tolerates_no_other_runs_alone_and_is_not_passed() {
        let budget = budget(4, None);
        let (running, alone) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for i in 0..40 {
                let (budget, running, alone) = (&budget, &running, &alone);
                scope.spawn(move || {
                    let is_alone = i % 4 == 0;
                    let _room = if is_alone { budget.all() } else { budget.one(SHARES[i % 3]) };
                    let others = running.fetch_add(1, Ordering::SeqCst);
                    assert!(!is_alone || others == 0, "{others} others run");
                    thread::yield_now();
                    assert!(!is_alone || running.load(Ordering::SeqCst) == 1);
                    alone.fetch_add(is_alone.into(), Ordering::SeqCst);
                    running.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        assert_eq!(alone.load(Ordering::SeqCst), 10);
    }
}
