//! Removing rows that are past their retention period, some at a time: a statement that
//! removes all could take longer than its limit, and would then never succeed.

use jiff::Timestamp;

use super::connection::Registry;
use super::error::RegistryError;
use super::statement::sql;

/// Most rows that one call removes.
pub(crate) const PRUNED: u64 = 1000;
/// Most mentions that one statement removes.
const MENTIONS: i64 = 1000;

impl Registry {
    /// Deletes dead letters from before an instant, at most 1,000, and returns how many.
    /// Those that wait for a person stay while their application does.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn prune_dead_letters(&self, before: Timestamp) -> Result<u64, RegistryError> {
        let text = "SELECT l.id, l.application_id FROM dead_letters l
            WHERE l.dead_lettered_at < $1 AND (l.state <> 'waiting'
                OR NOT EXISTS (SELECT 1 FROM applications a
                    WHERE a.application_id = l.application_id AND a.state <> 'withdrawn'))
            ORDER BY l.dead_lettered_at, l.id LIMIT $2";
        let find = sql("find old dead letters", text).instant(before).number(PRUNED as i64);
        let rows = find.fetch_all("dead_letters", &mut self.read().await?).await?;
        for row in &rows {
            let id = row.text("id")?;
            // only a letter that could not be parsed has mentions, perhaps 100,000
            if row.optional_text("application_id")?.is_none() {
                self.prune_mentions(&id).await?;
            }
            let delete = sql("prune dead letters", "DELETE FROM dead_letters WHERE id = $1");
            delete.text(&id).execute(&mut self.write().await?).await?;
        }
        Ok(rows.len() as u64)
    }

    /// Empties a letter, so that no mention of it is needed any more, and deletes its mentions.
    async fn prune_mentions(&self, letter_id: &str) -> Result<(), RegistryError> {
        const ACTION: &str = "prune the mentions of a dead letter";
        let text = "UPDATE dead_letters SET body = $2, headers = '{}', message_id = NULL,
            routing_key = '', state = 'discarded' WHERE id = $1";
        let empty = sql(ACTION, text).text(letter_id).bytes(b"");
        empty.execute(&mut self.write().await?).await?;
        let text = "DELETE FROM dead_letter_mentions WHERE letter_id = $1 AND digest IN
            (SELECT digest FROM dead_letter_mentions WHERE letter_id = $1 LIMIT $2)";
        let some = || sql(ACTION, text).text(letter_id).number(MENTIONS);
        while some().execute(&mut self.write().await?).await? > 0 {}
        Ok(())
    }

    /// Deletes commands received before an instant, at most 1,000, and returns how many. A
    /// repeated delivery of one of them then counts as new.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn prune_commands(&self, before: Timestamp) -> Result<u64, RegistryError> {
        let text = "DELETE FROM commands WHERE (portal, source, id) IN (
            SELECT portal, source, id FROM commands WHERE received_at < $1 ORDER BY received_at LIMIT $2)";
        let prune = sql("prune commands", text).instant(before).number(PRUNED as i64);
        prune.execute(&mut self.write().await?).await
    }

    /// Deletes workers without a heartbeat since an instant and returns how many.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn prune_workers(&self, before: Timestamp) -> Result<u64, RegistryError> {
        let text = "DELETE FROM workers WHERE last_heartbeat_at < $1";
        let prune = sql("prune workers", text).instant(before);
        prune.execute(&mut self.write().await?).await
    }
}
