//! Arguments of `tekseru dead`.

use clap::{Args, Subcommand};
use jiff::Timestamp;

use crate::application_key::ApplicationKey;
use crate::registry::{DeadLetterFilter, DeadLetterState};
use crate::services::config::{BrokerArguments, RegistryArguments};

/// List, show, replay or discard dead letters: messages that failed after every attempt.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(super) action: Action,
}

#[derive(Subcommand)]
pub(super) enum Action {
    /// List dead letters, oldest first
    List {
        #[command(flatten)]
        filter: Filter,
        /// Format of the output: human, or json with one dead letter per line
        #[arg(long, value_name = "FORMAT", value_parser = ["human", "json"], default_value = "human")]
        format: String,
        #[command(flatten)]
        registry: RegistryArguments,
    },
    /// Show one dead letter, without its personal content
    Show {
        /// Its id, or the beginning of its id
        id: String,
        /// Print only the message, with personal data; the audit log records this
        #[arg(long)]
        body: bool,
        #[command(flatten)]
        registry: RegistryArguments,
    },
    /// Send dead letters to the workers again, with all attempts
    Replay {
        /// Their ids, or the beginnings of their ids
        ids: Vec<String>,
        #[command(flatten)]
        filter: Filter,
        /// Show what would be sent, and send nothing
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        broker: BrokerArguments,
        #[command(flatten)]
        registry: RegistryArguments,
    },
    /// Discard dead letters: they are not sent again, and stay in the registry
    Discard {
        /// Their ids, or the beginnings of their ids
        ids: Vec<String>,
        #[command(flatten)]
        filter: Filter,
        /// Show what would be discarded, and discard nothing
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        registry: RegistryArguments,
    },
}

/// Selects dead letters by their properties.
#[derive(Args)]
pub(super) struct Filter {
    /// Only this state: waiting, replayed, discarded or all [default: waiting]
    #[arg(long, value_name = "STATE", value_parser = ["waiting", "replayed", "discarded", "all"], default_value = "waiting", hide_default_value = true)]
    state: String,
    /// Only with this reason, such as STORE_UNAVAILABLE
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
    /// Only from this queue, such as work.passport
    #[arg(long, value_name = "QUEUE")]
    queue: Option<String>,
    /// Only of this application: PORTAL/ID, or the ID of the portal `portal`
    #[arg(long, value_name = "APPLICATION")]
    application: Option<ApplicationKey>,
    /// Only those that failed at or after this time
    #[arg(long, value_name = "INSTANT")]
    since: Option<Timestamp>,
    /// Only those that failed before this time
    #[arg(long, value_name = "INSTANT")]
    until: Option<Timestamp>,
    /// All waiting dead letters; replay and discard need this if no other option selects
    #[arg(long)]
    all: bool,
}

impl Filter {
    pub(super) fn to_registry(&self) -> DeadLetterFilter {
        DeadLetterFilter {
            state: DeadLetterState::from_name(&self.state),
            code: self.code.clone(),
            queue: self.queue.clone(),
            application: self.application.clone(),
            since: self.since,
            until: self.until,
        }
    }

    /// Returns whether the caller has chosen something, if only `--all`.
    pub(super) fn is_explicit(&self) -> bool {
        self.all
            || self.code.is_some()
            || self.queue.is_some()
            || self.application.is_some()
            || self.since.is_some()
            || self.until.is_some()
    }
}
