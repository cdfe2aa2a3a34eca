//! Runs jobs on several threads and restores the order of their results.

use std::num::NonZero;
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

/// Returns how many examining processes run in parallel by default.
pub(crate) fn default_parallelism() -> NonZero<usize> {
    thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN)
}

/// Calls `run` for every item on at most `threads` threads, and `done` with each result
/// on the calling thread, in order of completion.
pub(crate) fn for_each_parallel<T: Send, R: Send>(
    items: Vec<T>,
    threads: NonZero<usize>,
    run: impl Fn(T) -> R + Sync,
    mut done: impl FnMut(R),
) {
    let threads = threads.get().min(items.len());
    let items = Mutex::new(items.into_iter());
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads {
            let sender = sender.clone();
            scope.spawn(|| {
                let sender = sender;
                loop {
                    let next = items.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some(item) = next else { break };
                    if sender.send(run(item)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        receiver.iter().for_each(&mut done);
    });
}

/// Reorders results that arrive in any order.
pub(crate) struct InOrder<R> {
    waiting: Vec<Option<R>>,
    next: usize,
}

impl<R> InOrder<R> {
    /// Returns a buffer for `count` results.
    pub(crate) fn new(count: usize) -> Self {
        Self { waiting: (0..count).map(|_| None).collect(), next: 0 }
    }

    /// Stores the result with a number, counted from 0.
    pub(crate) fn insert(&mut self, number: usize, result: R) {
        self.waiting[number] = Some(result);
    }

    /// Returns the next result and its number, once it is stored.
    pub(crate) fn next(&mut self) -> Option<(usize, R)> {
        let result = self.waiting.get_mut(self.next)?.take()?;
        self.next += 1;
        Some((self.next - 1, result))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_runs_once() {
        for threads in [1, 3, 64] {
            let threads = NonZero::new(threads).unwrap();
            let mut done = Vec::new();
            for_each_parallel((0..20).collect(), threads, |i| i * 2, |result| done.push(result));
            done.sort_unstable();
            assert_eq!(done, (0..20).map(|i| i * 2).collect::<Vec<_>>());
        }
        for_each_parallel(
            Vec::<u8>::new(),
            default_parallelism(),
            |i| i,
            |_| panic!("nothing to do"),
        );
    }

    #[test]
    fn results_are_returned_in_order() {
        let mut results = InOrder::new(3);
        results.insert(1, "b");
        assert_eq!(results.next(), None);
        results.insert(0, "a");
        assert_eq!(results.next(), Some((0, "a")));
        assert_eq!(results.next(), Some((1, "b")));
        assert_eq!(results.next(), None);
        results.insert(2, "c");
        assert_eq!(results.next(), Some((2, "c")));
        assert_eq!(results.next(), None);
    }
}
