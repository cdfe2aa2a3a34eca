//! Arguments of `tekseru submit`.

use std::path::PathBuf;

use clap::Args;

use crate::portal::Portal;
use crate::services::config::{BrokerArguments, StoreArguments};

/// Upload applications and send their messages, as a portal does.
///
/// The folders are those that `tekseru check` takes: an application.json with its
/// files, plain files whose kinds are guessed, or a folder of such folders. Documents
/// are uploaded to UPLOADS/APPLICATION_ID/DOCUMENT_ID-HASH. Then one message is sent,
/// and the broker confirms it. If you send an application again without a change, its
/// message has the same id and is processed once.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru submit A-104                 upload and send, then end
  tekseru submit --wait inbox          wait for each verdict and print it
  tekseru submit --wait --format json inbox | jq .body.outcome
  tekseru submit --upload-only A-104   upload, and print the message that a portal would send

",
    exit_help!()
))]
pub(crate) struct Arguments {
    /// Folders: one application, or one application in each sub-folder
    #[arg(required = true, value_name = "FOLDER")]
    pub(super) paths: Vec<PathBuf>,
    /// Wait until all documents of each application are examined, and print its verdict
    #[arg(long)]
    pub(super) wait: bool,
    /// Upload, and print each message instead of sending it
    #[arg(long, conflicts_with = "wait")]
    pub(super) upload_only: bool,
    /// Most seconds to wait for a verdict
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub(super) patience: u64,
    /// Format of the verdicts of --wait: human (a table), or json (one per line)
    #[arg(long, value_name = "FORMAT", value_parser = ["human", "json"], default_value = "human")]
    pub(super) format: String,
    /// Name of the sender, as a URI; it is part of the identity of every message
    #[arg(long, value_name = "URI", default_value = "urn:tekseru:submit")]
    pub(super) source: String,
    /// Name of the portal, whose bucket has the uploads; without --upload-only it is the
    /// user of the broker
    #[arg(long, value_name = "NAME", default_value_t)]
    pub(super) portal: Portal,
    /// Stage of an application that has no application.json
    #[arg(long, value_name = "STAGE", default_value = "residence-permit")]
    pub(super) stage: String,
    /// Show names and numbers of persons in tables
    #[arg(long)]
    pub(super) unmask: bool,
    #[command(flatten)]
    pub(super) broker: BrokerArguments,
    #[command(flatten)]
    pub(super) store: StoreArguments,
}
