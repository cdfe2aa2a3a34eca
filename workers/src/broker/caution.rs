//! How careful a lane is: one delivery at a time after a lost connection.
//!
//! The client library closes its connection over a message whose properties are not UTF-8,
//! and nobody learns which message it was. The broker counts a delivery of every message
//! that was not acknowledged then. Of deliveries that come one at a time, only the culprit
//! is counted again, until the broker moves it to `dead`.

use tokio::sync::watch;

/// The caution of one lane.
pub(super) struct Caution {
    pub(super) slots: u16,
    /// Acknowledgements until the lane trusts its messages again.
    left: watch::Sender<u16>,
}

impl Caution {
    /// Returns the caution of a lane that has lost no connection yet.
    pub(super) fn none(slots: u16) -> Self {
        Self { slots, left: watch::Sender::new(0) }
    }

    /// Returns how many deliveries may be unacknowledged.
    pub(super) fn prefetch(&self) -> u16 {
        if *self.left.borrow() > 0 { 1 } else { self.slots }
    }

    /// Whether something was acknowledged since the connection was lost last.
    pub(super) fn has_progressed(&self) -> bool {
        *self.left.borrow() < self.slots
    }

    /// Starts the count again. The broker gives out first what was unacknowledged: as many messages
    /// as there are slots, so as many acknowledgements have to follow.
    pub(super) fn connection_lost(&self) {
        self.left.send_replace(self.slots);
    }

    pub(super) fn acknowledged(&self) {
        self.left.send_modify(|left| *left = left.saturating_sub(1));
    }

    /// Waits until the lane trusts its messages.
    pub(super) async fn ends(&self) {
        // the sender is this value, so the wait cannot fail
        let _ = self.left.subscribe().wait_for(|left| *left == 0).await;
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn a_lane_is_careful_until_each_slot_has_acknowledged() {
        let caution = Caution::none(3);
        assert!(caution.prefetch() == 3 && caution.ends().now_or_never().is_some());
        for _ in 0..2 {
            caution.connection_lost();
            assert!(!caution.has_progressed());
            caution.acknowledged();
            caution.acknowledged();
            assert!(caution.has_progressed() && caution.prefetch() == 1);
            assert!(caution.ends().now_or_never().is_none());
        }
        caution.acknowledged();
        assert!(caution.prefetch() == 3 && caution.ends().now_or_never().is_some());
        caution.acknowledged();
        assert_eq!(caution.prefetch(), 3);
    }
}
