//! What happens to the sums of a convolution before they are written.

/// What happens to a value after its sum.
pub(super) enum Bend {
    Nothing,
    /// Negative values become zero.
    Rectify,
    /// Negative values are multiplied by the slope of their channel.
    RectifyBy(Vec<f32>),
}

impl Bend {
    /// Writes finished sums of a channel: all, or as many as there is room for.
    #[inline(always)]
    pub(super) fn finish<const COLUMNS: usize>(
        &self,
        channel: usize,
        sums: [f32; COLUMNS],
        added: Option<&[f32]>,
        to: &mut [f32],
    ) {
        let Some(all) = to.first_chunk_mut() else {
            let mut all = [0.0; COLUMNS];
            let mut rest = [0.0; COLUMNS];
            let added = added.map(|added| {
                rest.iter_mut().zip(added).for_each(|(to, from)| *to = *from);
                &rest[..]
            });
            self.finish_all(channel, sums, added, &mut all);
            return to.iter_mut().zip(all).for_each(|(to, value)| *to = value);
        };
        self.finish_all(channel, sums, added, all);
    }

    #[inline(always)]
    fn finish_all<const COLUMNS: usize>(
        &self,
        channel: usize,
        mut sums: [f32; COLUMNS],
        added: Option<&[f32]>,
        all: &mut [f32; COLUMNS],
    ) {
        if let Some(added) = added.and_then(|added| added.first_chunk::<COLUMNS>()) {
            sums.iter_mut().zip(added).for_each(|(sum, value)| *sum += value);
        }
        match self {
            Self::Nothing => *all = sums,
            Self::Rectify => {
                let pairs = all.iter_mut().zip(sums);
                pairs.for_each(|(to, sum)| *to = if sum > 0.0 { sum } else { 0.0 });
            }
            Self::RectifyBy(slopes) => {
                let slope = slopes[channel];
                let pairs = all.iter_mut().zip(sums);
                pairs.for_each(|(to, sum)| *to = if sum > 0.0 { sum } else { sum * slope });
            }
        }
    }
}
