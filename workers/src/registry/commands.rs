//! Deliveries that were here before: the same CloudEvents source and id.

use jiff::Timestamp;
use pipeline::contract::commands::Received;

use super::record::ApplicationState;
use super::session::Session;
use super::statement::sql;
use super::{LockedApplication, Registry, RegistryError};

/// One delivery's identity.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CommandRef<'a> {
    /// Who asks.
    pub(crate) source: &'a str,
    /// Unique within `source`.
    pub(crate) id: &'a str,
    /// Type of the message.
    pub(crate) kind: &'a str,
    /// Of what it says.
    pub(crate) sha256: &'a str,
    /// The application, where it names one.
    pub(crate) application_id: Option<&'a str>,
    /// When it was received.
    pub(crate) received_at: Timestamp,
}

impl<'a> CommandRef<'a> {
    /// Of a command that was received at an instant.
    pub(crate) fn from_received(received: &'a Received, received_at: Timestamp) -> Self {
        Self {
            source: &received.source,
            id: &received.id,
            kind: &received.kind,
            sha256: &received.sha256,
            application_id: Some(received.command.application_id()),
            received_at,
        }
    }
}

/// Whether a delivery was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CommandReceipt {
    /// No.
    New,
    /// Yes, the same.
    Repeated,
    /// Yes, saying something else.
    Conflict,
}

impl LockedApplication {
    /// Remembers a delivery, or says that it was here before.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn record_command(
        &mut self,
        command: &CommandRef<'_>,
    ) -> Result<CommandReceipt, RegistryError> {
        let command = match self.record.state {
            // an erased application's deliveries are remembered by their ids alone
            ApplicationState::Withdrawn => CommandRef { sha256: "", ..*command },
            ApplicationState::Expected | ApplicationState::Submitted => *command,
        };
        take(&mut self.session, &command).await
    }
}

impl Registry {
    /// Forgets deliveries received before an instant; how many there were.
    /// One that comes again after that is new.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn prune_commands(&self, before: Timestamp) -> Result<u64, RegistryError> {
        let text = "DELETE FROM commands WHERE received_at < $1";
        let drop = sql("forget old commands", text).instant(before);
        drop.run(&mut self.write().await?).await
    }
}

async fn take(
    session: &mut Session,
    command: &CommandRef<'_>,
) -> Result<CommandReceipt, RegistryError> {
    const WHAT: &str = "take a command";
    let insert = "INSERT INTO commands (source, id, kind, sha256, application_id, received_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (source, id) DO NOTHING";
    let new = sql(WHAT, insert)
        .text(command.source)
        .text(command.id)
        .text(command.kind)
        .text(command.sha256)
        .maybe(command.application_id)
        .instant(command.received_at)
        .run(session)
        .await?;
    if new == 1 {
        return Ok(CommandReceipt::New);
    }
    let find = "SELECT id, sha256, application_id FROM commands WHERE source = $1 AND id = $2";
    let row = sql(WHAT, find).text(command.source).text(command.id).first("commands", session);
    let row = row.await?.ok_or_else(|| RegistryError::unavailable(WHAT, "erased meanwhile"))?;
    let sha256 = row.text("sha256")?;
    // what an erased application's commands said is not known any more, but whose they were
    let same = match sha256.as_str() {
        "" => row.maybe("application_id")?.as_deref() == command.application_id,
        sha256 => sha256 == command.sha256,
    };
    Ok(if same { CommandReceipt::Repeated } else { CommandReceipt::Conflict })
}
