//! Received commands, so that a repeated delivery is known: the same portal, CloudEvents source
//! and id.

use jiff::Timestamp;
use pipeline::contract::commands::ReceivedCommand;

use super::error::RegistryError;
use super::lock::LockedApplication;
use super::record::ApplicationState;
use super::statement::sql;
use crate::application_key::ApplicationKey;

/// The identity of one command.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CommandRef<'a> {
    /// Its CloudEvents source.
    pub(crate) source: &'a str,
    /// Its CloudEvents id, unique within `source` of its portal.
    pub(crate) id: &'a str,
    /// Its CloudEvents type.
    pub(crate) kind: &'a str,
    /// Hash of its content.
    pub(crate) sha256: &'a str,
    /// The application.
    pub(crate) application: &'a ApplicationKey,
    /// When it was received.
    pub(crate) received_at: Timestamp,
}

impl<'a> CommandRef<'a> {
    /// Returns the identity of a command received at an instant.
    pub(crate) fn from_command(
        received: &'a ReceivedCommand,
        application: &'a ApplicationKey,
        received_at: Timestamp,
    ) -> Self {
        Self {
            source: &received.source,
            id: &received.id,
            kind: &received.kind,
            sha256: &received.sha256,
            application,
            received_at,
        }
    }
}

/// Whether a command was received before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CommandReceipt {
    /// It was not.
    New,
    /// It was, with the same content.
    Repeated,
    /// It was, with other content.
    Conflict,
}

impl LockedApplication {
    /// Records a command, unless it was received before.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn record_command(
        &mut self,
        command: &CommandRef<'_>,
    ) -> Result<CommandReceipt, RegistryError> {
        const ACTION: &str = "record a command";
        // of a withdrawn application's commands only the ids are stored
        let sha256 = match self.record.state {
            ApplicationState::Withdrawn => "",
            ApplicationState::Expected | ApplicationState::Submitted => command.sha256,
        };
        let insert = "INSERT INTO commands
            (portal, source, id, kind, sha256, application_id, received_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (portal, source, id) DO NOTHING";
        let portal = command.application.portal().as_str();
        let inserted = sql(ACTION, insert)
            .text(portal)
            .text(command.source)
            .text(command.id)
            .text(command.kind)
            .text(sha256)
            .text(command.application)
            .instant(command.received_at)
            .execute(&mut self.session)
            .await?;
        if inserted == 1 {
            return Ok(CommandReceipt::New);
        }
        let find = "SELECT id, sha256, application_id FROM commands
            WHERE portal = $1 AND source = $2 AND id = $3";
        let row = sql(ACTION, find).text(portal).text(command.source).text(command.id);
        let row = row.fetch_first("commands", &mut self.session).await?;
        let row = row.ok_or_else(|| RegistryError::unavailable(ACTION, "deleted meanwhile"))?;
        let known_sha256 = row.text("sha256")?;
        // without the content's hash, the application decides
        let is_same = match known_sha256.as_str() {
            "" => row.optional_text("application_id")?.as_deref() == Some(&**command.application),
            known => known == sha256,
        };
        Ok(if is_same { CommandReceipt::Repeated } else { CommandReceipt::Conflict })
    }
}
