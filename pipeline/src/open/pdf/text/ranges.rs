//! Values for ranges of codes.

/// Earlier ranges that are compared where ranges overlap, which no sound file has.
const OVERLAPPING: usize = 32;

/// Values for ranges of codes; of overlapping ranges the last one counts.
pub(super) struct Ranges<T> {
    /// Sorted by their first code.
    ranges: Vec<(u32, u32, T)>,
}

impl<T> Ranges<T> {
    pub(super) fn new(mut ranges: Vec<(u32, u32, T)>) -> Self {
        ranges.sort_by_key(|(first, ..)| *first);
        Self { ranges }
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &T> {
        self.ranges.iter().map(|(_, _, value)| value)
    }

    /// Returns the value for a code, and its distance from the first code of the range.
    pub(super) fn get(&self, code: u32) -> Option<(&T, u32)> {
        let end = self.ranges.partition_point(|(first, ..)| *first <= code);
        let near = self.ranges[..end].iter().rev().take(OVERLAPPING);
        let (first, _, value) = near.into_iter().find(|(_, last, _)| code <= *last)?;
        Some((value, code - first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_overlapping_ranges_counts() {
        let ranges = Ranges::new(vec![(5, 9, 'a'), (0, 20, 'b'), (5, 6, 'c')]);
        assert_eq!(ranges.get(6), Some((&'c', 1)));
        assert_eq!(ranges.get(9), Some((&'a', 4)));
        assert_eq!(ranges.get(10), Some((&'b', 10)));
        assert_eq!(ranges.get(21), None);
    }
}
