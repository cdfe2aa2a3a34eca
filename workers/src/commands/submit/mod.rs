//! `tekseru submit`: the reference client, as a portal would be.
//!
//! Uploads first, then the message, with `mandatory` and a confirm: until the
//! broker has confirmed it, nobody but the portal has the application.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bytes::Bytes;
use clap::Args;
use jiff::Timestamp;
use pipeline::application::{Application, Object};
use pipeline::contract::commands::APPLICATION_SUBMITTED;
use pipeline::contract::message::CloudEvent;
use pipeline::digest::sha256;
use pipeline::status::Status;
use pipeline::verdict::Verdict;
use tokio::sync::watch;

use crate::broker::{BrokerState, Exchange, Message, Publisher};
use crate::cli::exit::{Exit, Failure};
use crate::cli::terminal::Terminal;
use crate::cli::text::escaped;
use crate::cli::upload::{self, Upload};
use crate::commands::check::submission::{self, Submission};
use crate::commands::check::{find, table};
use crate::object_keys;
use crate::objects::Objects;
use crate::runtime::traces::TraceContext;
use crate::services;
use crate::services::config::{BrokerArguments, Problems, StoreArguments};

/// Longest document that is uploaded; what is examined has limits of its own.
const MAX_UPLOAD: u64 = 256 << 20;
/// Longest verdict that is read back.
const MAX_VERDICT: u64 = 16 << 20;

/// Uploads applications and enqueues them, as a portal would.
///
/// A folder is what `tekseru check` takes: an application.json with its files,
/// plain files whose kinds are guessed, or a folder of such folders. Documents
/// go to UPLOADS/APPLICATION_ID/DOCUMENT_ID-HASH, then one message goes to the
/// broker, which confirms it. Sent again, it has the same id and is taken once.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru submit A-104                 upload, enqueue, end
  tekseru submit --wait inbox          follow each to its verdict and print it
  tekseru submit --wait --format json inbox | jq .body.outcome
  tekseru submit --upload-only A-104   the message that a portal would send

",
    exit_help!()
))]
pub(crate) struct Arguments {
    /// Folders: an application, or one application in each sub-folder
    #[arg(required = true, value_name = "FOLDER")]
    paths: Vec<PathBuf>,
    /// Follows each application until all of it was looked at, and prints its verdict
    #[arg(long)]
    wait: bool,
    /// Uploads, and prints each message instead of enqueueing it
    #[arg(long, conflicts_with = "wait")]
    upload_only: bool,
    /// Seconds to wait for a verdict
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    patience: u64,
    /// What --wait writes to stdout: a table, or a verdict a line
    #[arg(long, value_name = "FORMAT", value_parser = ["human", "json"], default_value = "human")]
    format: String,
    /// Who submits, as a URI; part of every message's identity
    #[arg(long, value_name = "URI", default_value = "urn:tekseru:submit")]
    source: String,
    /// Stage of an application without application.json
    #[arg(long, value_name = "STAGE", default_value = "residence-permit")]
    stage: String,
    /// Shows names and numbers of persons in tables
    #[arg(long)]
    unmask: bool,
    #[command(flatten)]
    broker: BrokerArguments,
    #[command(flatten)]
    store: StoreArguments,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut problems = Problems::default();
    let needs_broker = !arguments.upload_only;
    let broker =
        needs_broker.then(|| arguments.broker.config("tekseru submit", &mut problems)).flatten();
    let objects = arguments.store.open(&mut problems);
    problems.finish()?;
    let objects = objects.ok_or_else(|| Failure::Usage("no store".to_owned()))?;
    let submissions = gather(arguments)?;
    services::runtime()?.block_on(async {
        let broker = broker.map(|broker| {
            let (say, state) = watch::channel(BrokerState::default());
            Broker { publisher: Publisher::start(&broker, say), state }
        });
        Client { arguments, objects, broker }.all(&submissions, terminal).await
    })
}

fn gather(arguments: &Arguments) -> Result<Vec<Submission>, Failure> {
    let mut submissions = Vec::new();
    for path in &arguments.paths {
        for folder in find::applications(path)? {
            submissions.push(submission::read(&folder, &arguments.stage, None)?);
        }
    }
    Ok(submissions)
}

struct Client<'a> {
    arguments: &'a Arguments,
    objects: Objects,
    /// None where messages are printed instead.
    broker: Option<Broker>,
}

struct Broker {
    publisher: Publisher,
    state: watch::Receiver<BrokerState>,
}

/// An application that the broker has.
struct Sent {
    application: Application,
    at: Instant,
}

impl Client<'_> {
    async fn all(
        &self,
        submissions: &[Submission],
        terminal: &mut Terminal,
    ) -> Result<Exit, Failure> {
        terminal.start_progress(submissions.len());
        let mut sent = Vec::new();
        for submission in submissions {
            sent.push(self.submit(submission, terminal).await?);
            terminal.advance();
        }
        terminal.end_progress();
        if self.broker.is_none() {
            return Ok(Exit::Fine);
        }
        if !self.arguments.wait {
            for one in &sent {
                let (id, documents) =
                    (&one.application.application_id, one.application.documents.len());
                terminal.say(&format!("enqueued  {}  {documents} documents", escaped(id)))?;
            }
            return Ok(Exit::Fine);
        }
        let mut exit = Exit::Fine;
        for one in &sent {
            exit = exit.max(match self.follow(one).await {
                Ok(verdict) => self.tell(one, &verdict, terminal)?,
                Err(failure) => failure.tell(terminal),
            });
        }
        Ok(exit)
    }

    async fn submit(
        &self,
        submission: &Submission,
        terminal: &mut Terminal,
    ) -> Result<Sent, Failure> {
        let mut application = submission.application.clone();
        for (document, file) in application.documents.iter_mut().zip(&submission.files) {
            if let Some(path) = file {
                let bytes = read(path, &submission.folder)?;
                document.sha256 = Some(sha256(&bytes));
                document.file = None;
                let object = self.object(&submission.application.application_id, document);
                document.object = Some(object.clone());
                let media_type =
                    document.media_type.as_deref().unwrap_or("application/octet-stream");
                let uploaded = self.objects.upload(&object, Bytes::from(bytes), media_type).await;
                uploaded.map_err(|error| Failure::Ours(error.to_string()))?;
            }
        }
        let at = Instant::now();
        let (id, event) = self.message(&application)?;
        match &self.broker {
            Some(broker) => broker.enqueue(&application, id, &event).await?,
            None => terminal.say(&event)?,
        }
        Ok(Sent { application, at })
    }

    /// A place that changes with the content: what a message names never changes.
    fn object(&self, application_id: &str, document: &pipeline::application::Document) -> Object {
        let hash = document.sha256.as_deref().unwrap_or_default();
        let short = &hash[..hash.len().min(16)];
        Object {
            bucket: self.arguments.store.uploads.first().cloned().unwrap_or_default(),
            key: format!("{application_id}/{}-{short}", document.document_id),
            version_id: None,
        }
    }

    /// The message, and its id.
    fn message(&self, application: &Application) -> Result<(String, String), Failure> {
        let data = serde_json::to_value(application).map_err(|e| Failure::Ours(e.to_string()))?;
        // what is sent again unchanged is the same message
        let id = sha256(format!("{}\n{data}", self.arguments.source).as_bytes())[..32].to_owned();
        let about = Some(application.application_id.clone());
        let mut event =
            CloudEvent::new(APPLICATION_SUBMITTED, id.clone(), about, Timestamp::now(), data);
        event.source = self.arguments.source.clone();
        Ok((id, event.to_json()))
    }

    /// Looks until the newest verdict speaks of all that was uploaded.
    async fn follow(&self, sent: &Sent) -> Result<Verdict, Failure> {
        let id = &sent.application.application_id;
        let key = object_keys::latest_verdict(id, "");
        let patience = Duration::from_secs(self.arguments.patience);
        while sent.at.elapsed() < patience {
            let found = self.objects.get(&key, MAX_VERDICT).await;
            let found = found.map_err(|error| Failure::Ours(error.to_string()))?;
            let verdict = found.and_then(|bytes| serde_json::from_slice::<Verdict>(&bytes).ok());
            match verdict {
                Some(verdict) if answers(&verdict, &sent.application) => return Ok(verdict),
                _ => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
        Err(Failure::Input(format!(
            "{id}: not all of it was looked at within {} s; see `tekseru status` and `tekseru dead list`",
            self.arguments.patience
        )))
    }

    fn tell(
        &self,
        sent: &Sent,
        verdict: &Verdict,
        terminal: &mut Terminal,
    ) -> Result<Exit, Failure> {
        if self.arguments.format == "json" {
            let line = serde_json::to_string(verdict);
            terminal.say(&line.map_err(|error| Failure::Ours(error.to_string()))?)?;
            return Ok(Exit::Fine);
        }
        let report = object_keys::latest_report(&sent.application.application_id, "");
        let report = format!("s3://{}/{report}", self.arguments.store.results);
        let view = table::View {
            columns: terminal.columns(),
            unmask: self.arguments.unmask,
            applicant: Some(&sent.application.applicant),
            report: Path::new(&report),
        };
        terminal.say(&table::show(verdict, &view))?;
        Ok(Exit::Fine)
    }
}

impl Broker {
    async fn enqueue(
        &self,
        application: &Application,
        id: String,
        event: &str,
    ) -> Result<(), Failure> {
        // its trace is found by its id
        let trace = format!("00-{id}-{}-01", &id[..16]);
        let mut message = Message::new(id, APPLICATION_SUBMITTED, event.to_owned());
        message.headers.trace = TraceContext::parse(Some(&trace), None);
        let published = self.publisher.publish(Exchange::Intake, "application.submitted", &message);
        published.await.map_err(|error| {
            let problem = self.state.borrow().problem_suffix();
            Failure::Ours(format!(
                "{}: not enqueued: {error}{problem}; it is safe to submit it again",
                escaped(&application.application_id)
            ))
        })
    }
}

/// Whether a verdict is about this form and these uploads, and nothing more is to come: each
/// was looked at, or will not be until somebody mends what it names.
fn answers(verdict: &Verdict, application: &Application) -> bool {
    let body = &verdict.body;
    let of = |id: &str| body.documents.iter().find(|d| d.document_id == id);
    let came = |id: &str| {
        body.checks.iter().any(|check| {
            check.id == "file.opens"
                && check.document_id.as_deref() == Some(id)
                && check.status != Status::NotRun
        })
    };
    body.subject.form_sha256 == Some(application.form_sha256())
        && body.documents.len() == application.documents.len()
        && application.documents.iter().all(|document| {
            let id = &document.document_id;
            came(id) && of(id).is_some_and(|judged| judged.object == document.object)
        })
}

fn read(path: &Path, folder: &Path) -> Result<Vec<u8>, Failure> {
    let unusable = |why: String| Failure::Input(format!("{}: {why}", path.display()));
    match upload::read(path, Some(folder), MAX_UPLOAD) {
        Ok(Upload::Bytes(bytes)) => Ok(bytes),
        Ok(Upload::TooLarge { bytes }) => Err(unusable(format!("{bytes} bytes are too many"))),
        Err(error) => Err(unusable(error.to_string())),
    }
}
