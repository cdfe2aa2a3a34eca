//! Every service of one process, connected.

use jiff::Timestamp;
use pipeline::examination::EvidencePicture;
use tokio::sync::watch;

use super::dependency::Dependency;
use super::health::Health;
use crate::broker::{BrokerState, Publisher};
use crate::object_keys::{self, ExaminationKey};
use crate::objects::{Objects, StoreError};
use crate::registry::Registry;
use crate::runtime::{clock, failpoint};
use crate::verdicts::attach::{Attacher, PublishLocks};
use crate::verdicts::evidence::{EvidenceCache, store_evidence};
use crate::verdicts::judging::JudgeContext;
use crate::verdicts::later::Later;
use crate::verdicts::programmes::Programmes;

/// Every service of one process, connected.
pub(crate) struct Services {
    pub(crate) registry: Registry,
    pub(crate) objects: Objects,
    pub(crate) publisher: Publisher,
    pub(crate) programmes: Programmes,
    /// Name and version of this process, for envelopes.
    pub(crate) worker: String,
    pub(crate) health: Health,
    pub(crate) broker: watch::Receiver<BrokerState>,
    pub(crate) publish_locks: PublishLocks,
    pub(crate) evidence: EvidenceCache,
    /// How long revisions of incomplete applications wait.
    pub(crate) later: Later,
}

impl Services {
    /// Returns the context for judging applications at this moment.
    pub(crate) fn judge_context(&self) -> JudgeContext<'_> {
        self.judge_context_at(clock::now())
    }

    /// Returns the context for judging applications at an instant.
    pub(crate) fn judge_context_at(&self, now: Timestamp) -> JudgeContext<'_> {
        JudgeContext {
            programmes: &self.programmes,
            now,
            on: failpoint::today().unwrap_or_else(|| self.programmes.day_of(now)),
            worker: &self.worker,
            buckets: self.objects.buckets(),
            incomplete_interval: self.later.interval(),
        }
    }

    /// Returns the attacher, which stores verdicts and publishes events.
    pub(crate) fn attacher(&self) -> Attacher<'_> {
        Attacher {
            registry: &self.registry,
            objects: &self.objects,
            publisher: &self.publisher,
            evidence: &self.evidence,
            publish_locks: &self.publish_locks,
        }
    }

    /// Stores the pictures of an examination, before anything refers to them.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn store_evidence(
        &self,
        key: &ExaminationKey,
        pictures: &[EvidencePicture],
    ) -> Result<(), StoreError> {
        store_evidence(&self.objects, key, pictures).await?;
        for picture in pictures {
            self.evidence.put(&object_keys::evidence(key, &picture.evidence), &picture.bytes);
        }
        Ok(())
    }

    /// Whether a dependency answers, and this program can use it.
    pub(crate) async fn is_up(&self, dependency: Dependency) -> bool {
        match dependency {
            Dependency::Database => self.registry.require_usable_schema().await.is_ok(),
            Dependency::Store => self.objects.check_ready().await.is_ok(),
            Dependency::Broker => {
                let state = self.broker.borrow();
                state.publishing && !state.blocked
            }
        }
    }
}
