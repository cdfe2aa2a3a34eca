//! The head of the page and its last part: outcome, dates, rules, versions.

use super::view::View;
use crate::kind::Kind;
use crate::texts::{VALUE_LIMIT, capital, visible};
use crate::verdict::{Advice, Clock, Dates, Note, Verdict};

/// The head of the page.
pub(super) struct Head {
    pub(super) title: String,
    pub(super) stage: String,
    pub(super) outcome: String,
    pub(super) next: String,
    pub(super) incomplete: Option<String>,
    pub(super) not_read: Option<String>,
    pub(super) due_title: String,
    pub(super) due: Vec<String>,
    pub(super) overdue: bool,
    pub(super) applied: Vec<String>,
    pub(super) expires: Vec<String>,
    pub(super) rules: Vec<String>,
    pub(super) notes: Vec<String>,
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
            not_read: self.not_read(),
            due_title: body.dates.clock.as_ref().map_or_else(
                || self.text("report-due"),
                |clock| self.texts.name("step", clock.step.name()),
            ),
            due: self.due(&body.dates),
            overdue: body.dates.days_left.is_some_and(|days| days < 0),
            applied: self.applied(&body.dates),
            expires: self.expires(&body.dates),
            rules: self.rules(),
            notes: body.programme.notes.iter().map(|note| self.note(note)).collect(),
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

    /// Counts the documents that were not read by machine, and names their kinds.
    fn not_read(&self) -> Option<String> {
        let unread = &self.body.not_read;
        let named = |kind: Kind| {
            let name = self.texts.name("kind", kind.name());
            match unread.iter().filter(|document| document.kind == kind).count() {
                1 => name,
                several => format!("{name} ({several})"),
            }
        };
        let kinds: Vec<String> = self.body.kinds_not_read().into_iter().map(named).collect();
        let count = crate::texts::number(as_number(unread.len()));
        let values = [("count", count), ("list", kinds.join(", ").into())];
        (!unread.is_empty()).then(|| self.texts.text_with("report-not-read", &values))
    }

    /// Returns the last day, how far it is, and how it was counted.
    fn due(&self, dates: &Dates) -> Vec<String> {
        let Some(clock) = &dates.clock else { return vec![self.text("report-due-none")] };
        let mut lines = Vec::new();
        match (dates.due, dates.days_left, &clock.holidays) {
            (Some(due), Some(left), _) => {
                let over = left < 0;
                let id = match (over, clock.start_known) {
                    (false, _) => "report-due-left",
                    (true, true) => "report-due-over",
                    (true, false) => "report-due-over-earliest",
                };
                lines.extend([self.date(due), self.counted(id, "days", left.saturating_abs())]);
            }
            (_, _, Some(table)) => {
                let last = self.date(table.last);
                lines.push(self.with("report-due-unknown", &[("date", &last)]));
            }
            _ => lines.push(self.text("report-due-none")),
        }
        if let Some(safe) = dates.due_safe.filter(|safe| dates.due != Some(*safe)) {
            lines.push(self.with("report-due-safe", &[("date", &self.date(safe))]));
        }
        if !clock.start_known {
            lines.push(self.text("report-due-earliest"));
        }
        lines.extend(self.working_days(clock));
        if clock.rule.to_confirm {
            lines.push(capital(&self.text("report-to-confirm")));
        }
        lines
    }

    fn working_days(&self, clock: &Clock) -> Vec<String> {
        let Some(table) = &clock.holidays else { return Vec::new() };
        let days = clock.rule.parameters.get("days").and_then(serde_json::Value::as_i64);
        let mut lines: Vec<String> =
            days.map(|days| self.counted("report-due-working", "days", days)).into_iter().collect();
        if table.to_confirm {
            lines.push(self.text("report-due-holidays"));
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

    /// Returns the sentence of a note, with the mark of one that is not confirmed.
    fn note(&self, note: &Note) -> String {
        let sentence = self.texts.note(&note.id, &note.parameters);
        let sentence = visible(&sentence, VALUE_LIMIT);
        if note.to_confirm {
            format!("{sentence} ({})", self.text("report-to-confirm"))
        } else {
            sentence
        }
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
        visible(text, VALUE_LIMIT)
    }
}

#[expect(clippy::cast_precision_loss, reason = "documents of one application are few")]
fn as_number(count: usize) -> f64 {
    count as f64
}
