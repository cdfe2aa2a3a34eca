//! The shutdown signal of a process and its phases.

use tokio::sync::watch;

/// The phase of a shutdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// Run normally.
    Run,
    /// Start no jobs, finish the running ones.
    Drain,
    /// Exit at once; the broker requeues what is unacknowledged.
    Stop,
}

/// Sends the shutdown signal.
#[derive(Clone)]
pub(crate) struct ShutdownTrigger(watch::Sender<Phase>);

/// Receives the shutdown signal.
#[derive(Clone)]
pub(crate) struct Shutdown(watch::Receiver<Phase>);

impl Shutdown {
    /// Returns both ends. When every [`ShutdownTrigger`] is dropped, the last phase stays.
    pub(crate) fn new() -> (ShutdownTrigger, Self) {
        let (sender, receiver) = watch::channel(Phase::Run);
        (ShutdownTrigger(sender), Self(receiver))
    }

    /// Returns the current phase.
    pub(crate) fn phase(&self) -> Phase {
        *self.0.borrow()
    }

    /// Waits for [`Phase::Drain`] or later.
    pub(crate) async fn draining(&self) {
        self.reached(Phase::Drain).await;
    }

    /// Waits for [`Phase::Stop`].
    pub(crate) async fn stopped(&self) {
        self.reached(Phase::Stop).await;
    }

    async fn reached(&self, phase: Phase) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|now| *now >= phase).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl ShutdownTrigger {
    /// Advances to a phase; never goes back.
    pub(crate) fn advance(&self, phase: Phase) {
        self.0.send_if_modified(|now| {
            let is_later = phase > *now;
            *now = phase.max(*now);
            is_later
        });
    }

    /// Drains at the first SIGTERM or SIGINT, stops at the second.
    ///
    /// # Errors
    /// When the signal handlers cannot be installed.
    pub(crate) fn on_signals(&self) -> std::io::Result<()> {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let trigger = self.clone();
        tokio::spawn(async move {
            for phase in [Phase::Drain, Phase::Stop] {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
                trigger.advance(phase);
            }
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn phases_never_go_back() {
        let (trigger, shutdown) = Shutdown::new();
        trigger.advance(Phase::Stop);
        trigger.advance(Phase::Drain);
        assert_eq!(shutdown.phase(), Phase::Stop);
        shutdown.draining().await;
        shutdown.stopped().await;
    }
}
