//! Stores where the audit ends, once a day, outside the database.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tracing::info;

use crate::objects::StoreError;
use crate::services::audit_anchor::{self, AuditAnchor, SigningKey};
use crate::services::{ServiceError, Services};

/// The anchors of this process.
pub(super) struct DailyAnchor {
    /// Signs them; without it they are not signed.
    pub(super) key: Option<SigningKey>,
    stored: Option<Date>,
}

impl DailyAnchor {
    pub(super) fn new(key: Option<SigningKey>) -> Self {
        Self { key, stored: None }
    }

    /// Stores the anchor of today, unless a process has done so.
    ///
    /// # Errors
    /// When store or database fail; the next round tries again.
    pub(super) async fn store(&mut self, services: &Services) -> Result<(), ServiceError> {
        let now = Timestamp::now();
        let today = now.to_zoned(TimeZone::UTC).date();
        if self.stored == Some(today) {
            return Ok(());
        }
        let (rows, head) = services.registry.audit_head().await?;
        if rows == 0 {
            return Ok(());
        }
        let anchor = AuditAnchor::new(now, rows, head, self.key.as_ref());
        let key = anchor.object_key();
        let stored = match services.objects.get(&key, audit_anchor::MOST_BYTES).await {
            Ok(stored) => stored.and_then(|text| serde_json::from_slice::<AuditAnchor>(&text).ok()),
            Err(StoreError::TooLarge { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        // another user with write access to the store could have put something else there
        if !stored
            .is_some_and(|stored| stored.object_key() == key && stored.is_of(self.key.as_ref()))
        {
            let text = serde_json::to_vec(&anchor)
                .map_err(|error| ServiceError::Internal(error.to_string()))?;
            services.objects.put(&key, text.into(), "application/json").await?;
            info!(rows, head = %anchor.head, "The audit is anchored");
        }
        self.stored = Some(today);
        Ok(())
    }
}
