//! How a process is told to end.

use tokio::sync::watch;

/// How far the end has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// Work.
    Run,
    /// Take nothing more, finish what runs.
    Drain,
    /// Leave at once; what runs is given to another.
    Stop,
}

/// Says how far the end has come.
#[derive(Clone)]
pub(crate) struct Shutter(watch::Sender<Phase>);

/// Hears how far the end has come.
#[derive(Clone)]
pub(crate) struct Shutdown(watch::Receiver<Phase>);

impl Shutdown {
    /// Both ends. When every [`Shutter`] is gone, the last phase stays.
    pub(crate) fn new() -> (Shutter, Self) {
        let (say, hear) = watch::channel(Phase::Run);
        (Shutter(say), Self(hear))
    }

    /// Where it stands.
    pub(crate) fn phase(&self) -> Phase {
        *self.0.borrow()
    }

    /// Returns when it is time to drain, or to stop.
    pub(crate) async fn draining(&self) {
        self.reached(Phase::Drain).await;
    }

    /// Returns when it is time to stop.
    pub(crate) async fn stopped(&self) {
        self.reached(Phase::Stop).await;
    }

    async fn reached(&self, phase: Phase) {
        let mut hear = self.0.clone();
        if hear.wait_for(|now| *now >= phase).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Shutter {
    /// Goes on to a phase; never back.
    pub(crate) fn advance(&self, phase: Phase) {
        self.0.send_if_modified(|now| {
            let later = phase > *now;
            *now = phase.max(*now);
            later
        });
    }

    /// SIGTERM or SIGINT drains, a second one stops.
    ///
    /// # Errors
    /// When the signals cannot be listened for.
    pub(crate) fn on_signals(&self) -> std::io::Result<()> {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let shutter = self.clone();
        tokio::spawn(async move {
            for phase in [Phase::Drain, Phase::Stop] {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
                shutter.advance(phase);
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
        let (shutter, shutdown) = Shutdown::new();
        shutter.advance(Phase::Stop);
        shutter.advance(Phase::Drain);
        assert_eq!(shutdown.phase(), Phase::Stop);
        shutdown.draining().await;
        shutdown.stopped().await;
    }
}
