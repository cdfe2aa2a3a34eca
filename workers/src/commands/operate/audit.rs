//! `tekseru audit`: what operators and roles did, and the proof that nobody changed it.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::registry_access::open_registry;
use crate::cli::text::escaped;
use crate::cli::{Exit, Failure, Terminal};
use crate::objects::{Objects, StoreError};
use crate::registry::{AuditRow, Registry};
use crate::runtime::process;
use crate::services::audit_anchor::{self, AuditAnchor, SigningKey, VerifyingKey};
use crate::services::config::{RegistryArguments, StoreArguments};

/// Rows in one query.
const PAGE: u32 = 1000;
/// Oldest that the newest anchor may be.
const OLDEST: SignedDuration = SignedDuration::from_hours(48);

/// Show what operators and roles did, and verify that nobody changed it.
///
/// Each row holds the hash of the row before it. `tekseru maintain` stores the last one daily
/// in the bucket for results, signed where it has a key: keep a copy of these anchors where
/// nobody who may write to the database can change them.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru audit list --after 120                       rows from 121 on
  tekseru audit head                                   the last row, to be kept elsewhere
  tekseru audit verify                                 the chain alone
  tekseru audit verify --anchors --public-key PUB.pem  and every stored anchor

",
    exit_help!()
))]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// List rows in their order
    List {
        /// Begin after this row
        #[arg(long, value_name = "ROW", default_value_t = 0)]
        after: u64,
        /// Format of the output: human or json
        #[arg(long, value_name = "FORMAT", value_parser = ["human", "json"], default_value = "human")]
        format: String,
        #[command(flatten)]
        registry: RegistryArguments,
    },
    /// Print number and hash of the last row, as JSON
    Head {
        /// Sign it with this private key of Ed25519 (PEM)
        #[arg(long, env = "TEKSERU_AUDIT_KEY_FILE", value_name = "FILE")]
        key_file: Option<PathBuf>,
        #[command(flatten)]
        registry: RegistryArguments,
    },
    /// Verify every row; exit status 1 where the chain or an anchor does not hold
    Verify {
        /// Compare with the anchors in the store
        #[arg(long)]
        anchors: bool,
        /// Demand that each is signed by one of these public keys of Ed25519 (PEM); may be
        /// repeated, for keys of earlier times
        #[arg(long, value_name = "FILE", requires = "anchors")]
        public_key: Vec<PathBuf>,
        #[command(flatten)]
        store: Box<StoreArguments>,
        #[command(flatten)]
        registry: RegistryArguments,
    },
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    process::tokio_runtime()?.block_on(async {
        match &arguments.action {
            Action::List { after, format, registry } => {
                list(&open_registry(registry).await?, *after, format == "json", terminal).await
            }
            Action::Head { key_file, registry } => {
                let key = key_file.as_deref().map(SigningKey::read).transpose();
                let key = key.map_err(Failure::Usage)?;
                let registry = open_registry(registry).await?;
                let (rows, head) = registry.audit_head().await.map_err(Failure::internal)?;
                let anchor = AuditAnchor::new(Timestamp::now(), rows, head, key.as_ref());
                let anchor = serde_json::to_string(&anchor).map_err(Failure::internal)?;
                terminal.print_json(&anchor)?;
                Ok(Exit::Success)
            }
            Action::Verify { anchors, public_key, store, registry } => {
                let keys = public_key.iter().map(|file| VerifyingKey::read(file));
                let keys = keys.collect::<Result<Vec<_>, _>>().map_err(Failure::Usage)?;
                let store = anchors.then(|| store.require()).transpose()?;
                let registry = open_registry(registry).await?;
                verify(&registry, store.as_ref(), &keys, terminal).await
            }
        }
    })
}

async fn list(
    registry: &Registry,
    mut after: u64,
    json: bool,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    loop {
        let rows = registry.audit_rows(after, PAGE).await.map_err(Failure::internal)?;
        let Some(last) = rows.last() else { return Ok(Exit::Success) };
        after = last.number;
        for row in &rows {
            if json {
                terminal.print_json(&as_json(row))?;
            } else {
                terminal.print(&line(row))?;
            }
        }
    }
}

fn as_json(row: &AuditRow) -> String {
    let entry = &row.entry;
    json!({
        "number": row.number,
        "at": row.occurred_at,
        "actor": entry.actor,
        "action": entry.action,
        "application_id": entry.application_id,
        "details": entry.details,
    })
    .to_string()
}

fn line(row: &AuditRow) -> String {
    let entry = &row.entry;
    let rest = entry.application_id.iter().chain(&entry.details);
    let rest: Vec<&str> = rest.map(String::as_str).collect();
    let text = format!("{}  {}  {}", entry.action, entry.actor, rest.join(" "));
    format!("{}  {}  {}", row.number, row.occurred_at, escaped(text.trim_end()))
}

/// Verifies the chain, then that each anchor names a row of it and that the newest is at most
/// [`OLDEST`]. An older anchor that was deleted is not missed.
async fn verify(
    registry: &Registry,
    store: Option<&Objects>,
    keys: &[VerifyingKey],
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let chain = registry.verify_audit().await.map_err(Failure::internal)?;
    let mut problems = Vec::new();
    match chain.broken_at {
        Some(row) => problems.push(format!("the chain is broken at row {row}")),
        None => terminal.print(&format!("intact    {} rows, head {}", chain.rows, chain.head))?,
    }
    if let Some(store) = store {
        let mut newest = AuditAnchor::none();
        for object in store.list(audit_anchor::FOLDER).await.map_err(Failure::internal)? {
            let bytes = match store.get(&object, audit_anchor::MOST_BYTES).await {
                Ok(bytes) => bytes.unwrap_or_default(),
                Err(StoreError::TooLarge { .. }) => Vec::new(),
                Err(error) => return Err(Failure::internal(error)),
            };
            match check_anchor(registry, &object, &bytes, (&newest, keys)).await? {
                Ok(anchor) => {
                    let shown = escaped(&object);
                    terminal.print(&format!("anchored  {} rows, {shown}", anchor.rows))?;
                    newest = anchor;
                }
                Err(problem) => problems.push(format!("{}: {problem}", escaped(&object))),
            }
        }
        if Timestamp::now().duration_since(newest.at) > OLDEST {
            problems.push(format!(
                "no anchor of the last {} hours: `tekseru maintain` writes one daily",
                OLDEST.as_hours()
            ));
        }
    }
    for problem in &problems {
        terminal.print(&format!("BROKEN    {problem}"))?;
    }
    Ok(if problems.is_empty() { Exit::Success } else { Exit::Findings })
}

/// Compares one stored anchor with its name, the anchor before it and its row; returns it, or
/// what is wrong.
async fn check_anchor(
    registry: &Registry,
    object: &str,
    bytes: &[u8],
    (before, keys): (&AuditAnchor, &[VerifyingKey]),
) -> Result<Result<AuditAnchor, String>, Failure> {
    let Ok(anchor) = serde_json::from_slice::<AuditAnchor>(bytes) else {
        return Ok(Err("is no anchor".to_owned()));
    };
    if !keys.is_empty() && !keys.iter().any(|key| anchor.is_signed_by(key)) {
        return Ok(Err("is signed by none of the keys".to_owned()));
    }
    if anchor.object_key() != object {
        return Ok(Err("is the anchor of another day".to_owned()));
    }
    if anchor.rows < before.rows {
        return Ok(Err("has fewer rows than the anchor before it".to_owned()));
    }
    let hash = registry.audit_hash(anchor.rows).await.map_err(Failure::internal)?;
    Ok(match hash {
        Some(hash) if hash == anchor.head => Ok(anchor),
        Some(_) => Err(format!("row {} has another hash now", anchor.rows)),
        None => Err(format!("row {} does not exist any more", anchor.rows)),
    })
}
