//! Checks that a reviewer has to look at, gravest first, and all other checks.

use super::groups::{Group, group};
use super::pictures::Figure;
use super::view::{Tag, Value, View};
use crate::examination::Basis;
use crate::reason::Code;
use crate::status::Status;
use crate::texts::{Audience, capital, visible};
use crate::verdict::{Check, RuleRef};

/// A confidence from here on is shown as high, and below `MEDIUM` as low.
pub(super) const HIGH: f64 = 0.9;
const MEDIUM: f64 = 0.6;

/// Most characters of the parameters of a rule, which may be long lists.
const PARAMETERS: usize = 300;
const TITLE: usize = 120;

/// One check that a reviewer has to look at.
pub(super) struct Finding {
    pub(super) number: usize,
    pub(super) tag: Tag,
    pub(super) title: String,
    pub(super) about: String,
    pub(super) required: bool,
    pub(super) for_staff: Vec<String>,
    pub(super) for_applicant: Vec<String>,
    /// Name and value: expected, read, margin, confidence, who can correct it.
    pub(super) facts: Vec<(String, Value)>,
    pub(super) retry: bool,
    /// Checks that were not run because of this one.
    pub(super) waiting: Vec<String>,
    pub(super) figures: Vec<Figure>,
    /// Rule, numbers, source and codes.
    pub(super) references: Vec<String>,
}

/// One check that nobody has to look at.
pub(super) struct OtherCheck {
    pub(super) title: String,
    pub(super) about: String,
    pub(super) tag: Tag,
    pub(super) expected: Option<Value>,
    pub(super) actual: Option<Value>,
    pub(super) notes: Vec<String>,
}

/// Returns the findings in order, and all other checks as the verdict lists them.
pub(super) fn list_findings(view: &View<'_>) -> (Vec<Finding>, Vec<OtherCheck>) {
    let (groups, other_checks) = group(view.body);
    let findings = groups.iter().enumerate().map(|(i, group)| view.finding(i + 1, group)).collect();
    let other_checks = other_checks.into_iter().filter(|check| !view.is_measure(check));
    (findings, other_checks.map(|check| view.other_check(check)).collect())
}

impl View<'_> {
    fn finding(&self, number: usize, group: &Group<'_>) -> Finding {
        let check = group.lead;
        let grave =
            || group.all().flat_map(|c| &c.reasons).filter(|r| r.code.status() >= Status::Warn);
        let sentences = |audience| grave().map(|reason| self.sentence(reason, audience)).collect();
        let mut for_staff: Vec<String> = sentences(Audience::Staff);
        if for_staff.is_empty() {
            for_staff.push(self.without_reason(check));
        }
        Finding {
            number,
            tag: self.tag(check.status),
            title: self.titles(group),
            about: self.subject(group),
            required: check.required,
            for_applicant: sentences(Audience::Applicant),
            for_staff,
            facts: self.facts(check),
            retry: check.retryable,
            waiting: group.waiting.iter().map(|one| self.waiting(one, check)).collect(),
            figures: self.figures(&self.shown_pictures(&check.evidence)),
            references: self.references(group),
        }
    }

    fn title(&self, check: &Check) -> String {
        visible(&self.texts.check(&check.id), TITLE)
    }

    fn titles(&self, group: &Group<'_>) -> String {
        if group.alike.is_empty() {
            return self.title(group.lead);
        }
        let (text, affix) = match group.lead.id.strip_prefix("set.") {
            Some(_) => ("check-set", "set."),
            None => ("check-content", ".content"),
        };
        let kind = |check: &Check| self.texts.name("kind", &check.id.replace(affix, ""));
        let kinds: Vec<String> = group.all().map(kind).collect();
        visible(&self.with(text, &[("kind", &kinds.join("; "))]), 2 * TITLE)
    }

    /// Names the document of a finding, or the whole application where it is about several.
    fn subject(&self, group: &Group<'_>) -> String {
        let same = |check: &&Check| check.document_id == group.lead.document_id;
        if group.alike.iter().all(same) {
            self.about(group.lead)
        } else {
            capital(&self.text("report-whole"))
        }
    }

    /// Names the document only if it is another one.
    fn waiting(&self, check: &Check, lead: &Check) -> String {
        let title = self.title(check);
        if check.document_id == lead.document_id || check.document_id.is_none() {
            title
        } else {
            format!("{title} ({})", self.about(check))
        }
    }

    fn without_reason(&self, check: &Check) -> String {
        match check.depends_on.first() {
            _ if check.status != Status::NotRun => self.tag(check.status).word,
            Some(before) if before == "file.arrives" => self.text("report-not-arrived"),
            Some(before) => {
                let before = visible(&self.texts.check(before), TITLE);
                self.with("report-not-run", &[("check", &before)])
            }
            None => self.text("report-not-run-alone"),
        }
    }

    fn facts(&self, check: &Check) -> Vec<(String, Value)> {
        let mut facts = self.sides(check);
        if facts.is_empty() {
            let asked = check.expected.as_ref().map(|text| self.shown(check, text));
            facts.extend(asked.map(|value| (self.text("report-asked"), value)));
            let seen = check.actual.as_ref().map(|text| self.shown(check, text));
            facts.extend(seen.map(|value| (self.text("report-seen"), value)));
        }
        let mut add = |id: &str, text: Option<String>| {
            let value = text.map(|text| Value { text, spoken: None, parts: Vec::new() });
            facts.extend(value.map(|value| (self.text(id), value)));
        };
        add("report-margin", check.margin.map(|margin| self.margin(margin)));
        add("report-confidence", check.confidence.map(|c| self.confidence(c, check.basis)));
        if !check.reasons.is_empty() {
            add("report-fixable", Some(self.fixable(check)));
        }
        facts
    }

    fn fixable(&self, check: &Check) -> String {
        let name = serde_json::to_value(check.fixable_by).unwrap_or_default();
        self.texts.name("fixable", name.as_str().unwrap_or_default())
    }

    fn margin(&self, margin: f64) -> String {
        let id = if margin < 0.0 { "report-margin-short" } else { "report-margin-spare" };
        self.with(id, &[("number", &margin.abs().to_string())])
    }

    /// Returns a word, the number, and the basis.
    pub(super) fn confidence(&self, confidence: f64, basis: Option<Basis>) -> String {
        let id = match confidence {
            c if c >= HIGH => "confidence-high",
            c if c >= MEDIUM => "confidence-medium",
            _ => "confidence-low",
        };
        let mut text = self.with(id, &[("number", &format!("{confidence:.2}"))]);
        if let Some(basis) = basis {
            text = format!("{text}; {}", self.basis(basis));
        }
        text
    }

    pub(super) fn basis(&self, basis: Basis) -> String {
        self.text(match basis {
            Basis::Zone => "basis-zone",
            Basis::ZoneAndVisual => "basis-zone-visual",
        })
    }

    /// Returns rule, numbers, source and codes, for a reviewer who has to justify a decision.
    fn references(&self, group: &Group<'_>) -> Vec<String> {
        // who reads a paper needs the rules that wait for its content
        let is_unread = group.lead.reasons.iter().any(|reason| reason.code == Code::DocNotRead);
        let waiting = group.waiting.iter().copied().filter(|_| is_unread);
        let rules = std::iter::once(group.lead).chain(waiting).filter_map(|c| c.rule.as_ref());
        let mut lines: Vec<String> = rules.flat_map(|rule| self.rule(rule)).collect();
        let mut all: Vec<String> = group.all().map(|check| visible(&check.id, 80)).collect();
        let mut codes: Vec<&str> =
            group.all().flat_map(|c| &c.reasons).map(|reason| reason.code.name()).collect();
        codes.dedup();
        all.extend(codes.into_iter().map(str::to_owned));
        lines.push(self.with("report-codes", &[("list", &all.join(", "))]));
        lines
    }

    fn rule(&self, rule: &RuleRef) -> Vec<String> {
        let id = visible(&rule.id, 120);
        let from = self.date(rule.effective_from);
        let mut values = vec![("id", id.as_str()), ("from", &from)];
        let to = rule.effective_to.map(|date| self.date(date));
        let text = if let Some(to) = &to {
            values.push(("to", to));
            self.with("report-rule-until", &values)
        } else {
            self.with("report-rule", &values)
        };
        let source = visible(&rule.source, PARAMETERS);
        let id = if rule.to_confirm { "report-source-confirm" } else { "report-source" };
        let mut lines = vec![text, self.with(id, &[("source", &source)])];
        if let Some(table) = rule.parameters.as_object().filter(|table| !table.is_empty()) {
            let list: Vec<String> = table
                .iter()
                .map(|(name, value)| format!("{} {value}", name.replace('_', " ")))
                .collect();
            let list = visible(&list.join(", "), PARAMETERS);
            lines.insert(1, self.with("report-parameters", &[("list", &list)]));
        }
        lines
    }

    fn other_check(&self, check: &Check) -> OtherCheck {
        let mut notes: Vec<String> =
            check.reasons.iter().map(|reason| self.sentence(reason, Audience::Staff)).collect();
        if check.status == Status::NotRun && check.reasons.is_empty() {
            notes.push(self.without_reason(check));
        }
        OtherCheck {
            title: capital(&self.title(check)),
            about: self.about(check),
            tag: self.tag(check.status),
            expected: check.expected.as_ref().map(|text| self.shown(check, text)),
            actual: check.actual.as_ref().map(|text| self.shown(check, text)),
            notes,
        }
    }
}
