//! One application: its documents looked at, judged, and the results written.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use pipeline::digest::sha256;
use pipeline::examination::EvidencePicture;
use pipeline::examine::Examined;
use pipeline::kind::Kind;
use pipeline::reason::{Code, Reason};
use pipeline::verdict::{Envelope, Sandbox, Verdict};
use pipeline::{Case, Seen as CaseSeen};

use super::memory::Memory;
use super::submission::Submission;
use super::write::{self, Results};
use crate::cli::exit::{Exit, Failure};
use crate::cli::upload::{self, Upload, UploadError};
use crate::commands::examine::too_large;
use crate::examiner::{ExaminationResult, Examiner};
use crate::object_keys::ExaminationKey;
use crate::verdicts::programmes::Rulesets;
use crate::verdicts::report;
use crate::worker::WorkError;

/// What became of one document.
pub(super) enum Seen {
    /// It was looked at.
    Looked(Box<ExaminationResult>),
    /// It was looked at in an earlier run.
    Known(Box<Examined>),
    /// Its file cannot be had or is too large to be read.
    Missing {
        /// For the verdict.
        reason: Reason,
        /// For the caller.
        remark: Option<String>,
        /// Whether the file is there and the system does not let us read it.
        unreadable: bool,
    },
    /// It is our own failure that nobody looked.
    Failed(WorkError),
}

/// Looks at one document of an application.
fn look(
    examiner: &Examiner,
    memory: Option<&Memory>,
    submission: &Submission,
    document: usize,
) -> Seen {
    let kind = submission.application.documents[document].kind;
    let limit = examiner.file_limits(kind).bytes;
    let not_found = Reason::new(Code::FileNotFound);
    let Some(path) = &submission.files[document] else {
        return Seen::Missing { reason: not_found, remark: None, unreadable: false };
    };
    match upload::read(path, Some(&submission.folder), limit) {
        Ok(Upload::Bytes(bytes)) => {
            examined(examiner, memory, &bytes, kind).unwrap_or_else(Seen::Failed)
        }
        Ok(Upload::TooLarge { bytes }) => {
            Seen::Missing { reason: too_large(bytes, limit), remark: None, unreadable: false }
        }
        Err(error) => Seen::Missing {
            reason: not_found,
            remark: Some(format!("{}: {error}", path.display())),
            unreadable: matches!(error, UploadError::Unreadable(_)),
        },
    }
}

fn examined(
    examiner: &Examiner,
    memory: Option<&Memory>,
    untrusted: &[u8],
    kind: Kind,
) -> Result<Seen, WorkError> {
    if let Some(memory) = memory {
        let examiner = examiner.name().to_owned();
        let key = ExaminationKey { sha256: sha256(untrusted), kind, examiner };
        if let Some(known) = memory.known(&key)? {
            return Ok(Seen::Known(Box::new(known)));
        }
    }
    Ok(Seen::Looked(Box::new(examiner.examine(untrusted, kind)?)))
}

/// What every application of a run is judged by.
pub(super) struct Judge {
    pub(super) rulesets: Rulesets,
    pub(super) on: Date,
    pub(super) received_at: Timestamp,
    pub(super) unmask: bool,
    pub(super) sandbox: Sandbox,
    /// Earlier runs, where they are to be remembered.
    pub(super) memory: Option<Memory>,
}

/// A verdict that lies in its place.
pub(super) struct Judged {
    pub(super) verdict: Verdict,
    /// What the caller should know.
    pub(super) remarks: Vec<String>,
    /// `Input` when a file was there and could not be read.
    pub(super) exit: Exit,
}

impl Judge {
    /// Looks at one document of an application.
    pub(super) fn look(
        &self,
        examiner: &Examiner,
        submission: &Submission,
        document: usize,
    ) -> Seen {
        look(examiner, self.memory.as_ref(), submission, document)
    }

    /// Tells of a stage that no rule set has before anything is looked at.
    ///
    /// # Errors
    /// When no rule set has the application's stage.
    pub(super) fn knows_stage_of(&self, submission: &Submission) -> Result<(), Failure> {
        let stage = &submission.application.stage;
        let stages = || self.rulesets.all().iter().flat_map(|programme| programme.stages.keys());
        if stages().any(|known| known == stage) {
            return Ok(());
        }
        let known: BTreeSet<&str> = stages().map(String::as_str).collect();
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        let folder = submission.folder.display();
        Err(Failure::Input(format!(
            "{folder}: no rule set has the stage that application.json names; there are {known}"
        )))
    }

    /// Judges an application whose documents were all looked at, and writes the results.
    ///
    /// # Errors
    /// When a child could not be had, the stage is unknown, or nothing can be written.
    pub(super) fn finish(
        &self,
        submission: &Submission,
        seen: Vec<Seen>,
    ) -> Result<Judged, Failure> {
        let name = submission.folder.display();
        let documents = &submission.application.documents;
        if let Some(error) = seen.iter().find_map(Seen::failed) {
            return Err(Failure::Ours(format!("{name}: {error}; try `tekseru doctor`")));
        }
        let case = self.case(submission, &seen);
        let body =
            pipeline::judge(&case).map_err(|error| Failure::Input(format!("{name}: {error}")))?;
        let mut verdict = Verdict::new(body, envelope(submission, &seen, self.sandbox));
        if let Some(memory) = &self.memory {
            verdict = memory.remember(submission, self.received_at, &seen, verdict)?;
        }

        let shown: Vec<(&str, &[EvidencePicture])> = documents
            .iter()
            .zip(&seen)
            .map(|(document, seen)| (document.document_id.as_str(), seen.pictures()))
            .collect();
        let applicant = Some(&submission.application.applicant);
        let report = report::html(&verdict, applicant, &by_id(&shown), self.unmask)
            .map_err(|why| Failure::Ours(format!("{name}: no report: {why}")))?;
        let mut json = serde_json::to_string_pretty(&verdict)
            .map_err(|error| Failure::Ours(format!("{name}: no verdict: {error}")))?;
        json.push('\n');
        let results = Results { pictures: shown, report: &report, verdict: &json };
        write::results(&submission.out, &results)?;

        let unreadable = seen.iter().any(|s| matches!(s, Seen::Missing { unreadable: true, .. }));
        let exit = if unreadable { Exit::Input } else { Exit::Fine };
        Ok(Judged { verdict, remarks: seen.into_iter().filter_map(Seen::remark).collect(), exit })
    }

    fn case<'a>(&'a self, submission: &'a Submission, seen: &'a [Seen]) -> Case<'a> {
        let ids = submission.application.documents.iter().map(|d| d.document_id.as_str());
        Case {
            application: &submission.application,
            seen: ids.zip(seen).filter_map(|(id, seen)| Some((id, seen.for_case()?))).collect(),
            notes: submission.notes.iter().map(|(id, note)| (id.as_str(), note.clone())).collect(),
            programmes: self.rulesets.all(),
            received_at: self.received_at,
            on: self.on,
        }
    }
}

impl Seen {
    fn failed(&self) -> Option<&WorkError> {
        if let Self::Failed(error) = self { Some(error) } else { None }
    }

    fn for_case(&self) -> Option<CaseSeen<'_>> {
        match self {
            Self::Looked(look) => Some(CaseSeen::Examined(&look.examined.examination)),
            Self::Known(examined) => Some(CaseSeen::Examined(&examined.examination)),
            Self::Missing { reason, .. } => Some(CaseSeen::Missing(reason.clone())),
            Self::Failed(_) => None,
        }
    }

    fn pictures(&self) -> &[EvidencePicture] {
        match self {
            Self::Looked(look) => &look.examined.pictures,
            Self::Known(examined) => &examined.pictures,
            Self::Missing { .. } | Self::Failed(_) => &[],
        }
    }

    fn remark(self) -> Option<String> {
        if let Self::Missing { remark, .. } = self { remark } else { None }
    }
}

/// What differs between runs.
fn envelope(submission: &Submission, seen: &[Seen], sandbox: Sandbox) -> Envelope {
    let mut timings_ms = BTreeMap::new();
    for (document, seen) in submission.application.documents.iter().zip(seen) {
        if let Seen::Looked(look) = seen {
            let id = &document.document_id;
            timings_ms.insert(format!("{id}.start"), look.timings.start);
            timings_ms.insert(format!("{id}.total"), look.timings.total);
        }
    }
    Envelope {
        revision: 1,
        previous_digest: None,
        produced_at: Some(Timestamp::now()),
        worker: concat!("tekseru/", env!("CARGO_PKG_VERSION"), " check").to_owned(),
        sandbox,
        timings_ms,
    }
}

/// Pictures by the ids that the verdict has for them.
fn by_id(shown: &[(&str, &[EvidencePicture])]) -> BTreeMap<String, Vec<u8>> {
    let mut by_id = BTreeMap::new();
    for (document, pictures) in shown {
        for picture in *pictures {
            by_id.insert(format!("{document}/{}", picture.evidence.id), picture.bytes.clone());
        }
    }
    by_id
}
