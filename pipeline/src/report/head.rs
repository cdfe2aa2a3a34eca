//! The head of the page and its last part: outcome, dates, rules, versions.

use super::view::View;
use crate::verdict::{Advice, Dates, Verdict};

/// The head of the page.
pub(super) struct Head {
    pub(super) title: String,
    pub(super) stage: String,
    pub(super) outcome: String,
    pub(super) next: String,
    pub(super) incomplete: Option<String>,
    pub(super) due: Vec<String>,
    pub(super) overdue: bool,
    pub(super) applied: Vec<String>,
    pub(super) expires: Vec<String>,
    pub(super) rules: Vec<String>,
}

impl View<'_> {
    pub(super) fn head(&self) -> Head {
        let body = self.body;
        let advice = match body.advice {
            Advice::None => "advice-none",
            Advice::Look => "advice-look",
            Advice::AskApplicant => "advice-ask-applicant",
            Advice::WaitRetry => "advice-wait-retry",
        };
        Head {
            title: self
                .with("report-title", &[("id", &self.untrusted(&body.subject.application_id))]),
            stage: self.untrusted(&body.programme.stage_title),
            outcome: self.texts.name("outcome", body.outcome.name()),
            next: self.text(advice),
            incomplete: self.incomplete(),
            due: self.due(&body.dates),
            overdue: body.dates.days_left < 0,
            applied: self.applied(&body.dates),
            expires: self.expires(&body.dates),
            rules: self.rules(),
        }
    }

    fn incomplete(&self) -> Option<String> {
        let documents = &self.body.documents;
        let waiting = documents.iter().filter(|document| document.sha256.is_none()).count();
        let all = crate::texts::number(as_number(documents.len()));
        let waiting = crate::texts::number(as_number(waiting));
        let values = [("waiting", waiting), ("all", all)];
        (!self.body.complete).then(|| self.texts.text_with("report-incomplete", &values))
    }

    fn due(&self, dates: &Dates) -> Vec<String> {
        let left = dates.days_left;
        let when = if left < 0 {
            self.counted("report-due-over", "days", left.saturating_neg())
        } else {
            self.counted("report-due-left", "days", left)
        };
        let mut lines = vec![self.date(dates.due), when];
        if dates.due_safe != dates.due {
            let safe = self.date(dates.due_safe);
            lines.push(self.with("report-due-safe", &[("date", &safe)]));
        }
        lines
    }

    fn applied(&self, dates: &Dates) -> Vec<String> {
        let mut lines = vec![self.date(dates.application_date)];
        if dates.assumed {
            lines.push(self.text("report-applied-assumed"));
        }
        lines.push(format!("{} {}", self.text("report-looked"), self.date(self.body.on)));
        lines
    }

    fn expires(&self, dates: &Dates) -> Vec<String> {
        let Some(next) = &dates.expires_next else {
            return vec![self.text("report-expires-none")];
        };
        let document = self.body.documents.iter().find(|d| d.document_id == next.document_id);
        let name = document.map_or_else(
            || self.texts.name("kind", next.kind.name()),
            |document| self.document(document),
        );
        vec![self.date(next.date), name]
    }

    fn rules(&self) -> Vec<String> {
        let programme = &self.body.programme;
        let mut lines = vec![self.own_text(&programme.id), self.own_text(&programme.title)];
        if programme.to_confirm {
            lines.push(self.text("report-rules-confirm"));
        }
        if !programme.covers {
            lines.push(self.text("report-rules-nearest"));
        }
        lines
    }

    /// Returns names and values that say how the verdict was made.
    pub(super) fn provenance(&self, verdict: &Verdict) -> Vec<(String, Vec<String>)> {
        let body = self.body;
        let envelope = &verdict.envelope;
        let versions = body.versions.iter().take(40);
        let versions = versions.map(|(name, version)| self.own_text(&format!("{name} {version}")));
        let timings = envelope.timings_ms.iter().take(80).map(|(step, ms)| {
            let ms = format!("{ms:.0}");
            self.with("report-made-ms", &[("step", &self.untrusted(step)), ("ms", &ms)])
        });
        let zone = [
            ("zone", self.own_text(&body.dates.timezone)),
            ("release", self.own_text(&body.dates.tzdb)),
        ];
        let zone: Vec<(&str, &str)> = zone.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let rows: [(&str, Vec<String>); 10] = [
            ("digest", vec![self.own_text(&verdict.digest), self.text("report-made-json")]),
            ("previous", envelope.previous_digest.iter().map(|d| self.own_text(d)).collect()),
            ("revision", vec![envelope.revision.to_string()]),
            ("produced", envelope.produced_at.iter().map(|at| self.texts.instant(*at)).collect()),
            ("worker", vec![self.untrusted(&envelope.worker)]),
            ("versions", versions.collect()),
            ("programme", vec![self.own_text(&body.programme.sha256)]),
            ("tzdb", vec![self.with("report-made-tzdb-value", &zone)]),
            ("schema", vec![self.own_text(&verdict.schema)]),
            ("timings", timings.collect()),
        ];
        let shown = rows.into_iter().filter(|(_, lines)| lines.iter().any(|line| !line.is_empty()));
        shown.map(|(name, lines)| (self.text(&format!("report-made-{name}")), lines)).collect()
    }

    /// Prepares a text of our own. A personal value in it is a coincidence and is not masked.
    fn own_text(&self, text: &str) -> String {
        crate::texts::visible(text, crate::texts::VALUE_LIMIT)
    }
}

#[expect(clippy::cast_precision_loss, reason = "documents of one application are few")]
fn as_number(count: usize) -> f64 {
    count as f64
}
