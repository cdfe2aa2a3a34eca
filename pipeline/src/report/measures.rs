//! The measures of portraits: each with its value, the required range and the
//! source of that range.

use super::view::{Tag, View};
use crate::examination::{Measure, round};
use crate::status::Status;
use crate::texts::capital;
use crate::verdict::{Check, DocumentVerdict};

/// Most rows of one table, more than the examination measures.
const ROWS: usize = 120;

/// Measures that are judged by a check with another name.
const JUDGED_BY: [(&str, &str); 8] = [
    ("aspect_ratio", "portrait.ratio"),
    ("width_px", "portrait.size"),
    ("height_px", "portrait.size"),
    ("faces", "portrait.face"),
    ("second_opinion", "portrait.face"),
    ("head_height_hair_mm", "portrait.head_height"),
    ("head_height_skull_mm", "portrait.head_height"),
    ("eye_line_mm", "portrait.eye_line"),
];

/// The measures of one portrait.
pub(super) struct MeasureTable {
    pub(super) caption: String,
    pub(super) rows: Vec<MeasureRow>,
}

/// One measure. A measure without a rule has no range, result and source.
pub(super) struct MeasureRow {
    pub(super) name: String,
    pub(super) value: String,
    /// The quality component of ISO/IEC 29794-5.
    pub(super) quality: String,
    pub(super) expected: String,
    pub(super) tag: Option<Tag>,
    pub(super) source: String,
}

impl View<'_> {
    pub(super) fn measure_tables(&self) -> Vec<MeasureTable> {
        let measured = self.body.documents.iter().filter(|document| {
            document.portrait.as_ref().is_some_and(|portrait| !portrait.measures.is_empty())
        });
        measured.map(|document| self.measure_table(document)).collect()
    }

    /// Returns whether a passed check is shown in a table of measures.
    pub(super) fn is_measure(&self, check: &Check) -> bool {
        let name = check.id.strip_prefix("portrait.");
        let of =
            |document: &&DocumentVerdict| check.document_id.as_ref() == Some(&document.document_id);
        let portrait = self.body.documents.iter().find(of).and_then(|d| d.portrait.as_ref());
        check.status == Status::Pass
            && name.zip(portrait).is_some_and(|(name, portrait)| {
                portrait.measures.keys().take(ROWS).any(|known| known == name)
            })
    }

    fn measure_table(&self, document: &DocumentVerdict) -> MeasureTable {
        let measures = document.portrait.iter().flat_map(|portrait| &portrait.measures);
        let mut rows: Vec<(bool, MeasureRow)> = measures
            .take(ROWS)
            .map(|(name, measure)| {
                let check = self.check_of_measure(document, name);
                (check.is_none(), self.measure_row(name, measure, check))
            })
            .collect();
        // measures with a rule first
        rows.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.name.cmp(&b.1.name)));
        MeasureTable {
            caption: self
                .with("report-measures-caption", &[("document", &self.document(document))]),
            rows: rows.into_iter().map(|(_, row)| row).collect(),
        }
    }

    fn check_of_measure(&self, document: &DocumentVerdict, name: &str) -> Option<&Check> {
        let known = JUDGED_BY.iter().find(|(measure, _)| *measure == name);
        let id = known.map_or_else(|| format!("portrait.{name}"), |(_, id)| (*id).to_owned());
        self.body.checks.iter().find(|check| {
            check.id == id && check.document_id.as_ref() == Some(&document.document_id)
        })
    }

    fn measure_row(&self, name: &str, measure: &Measure, check: Option<&Check>) -> MeasureRow {
        let unit = match measure.unit.as_str() {
            "deg" => "°".to_owned(),
            "share" | "ratio" | "count" => String::new(),
            other => format!(" {}", self.untrusted(other)),
        };
        let value = match measure.interval {
            Some([low, high]) => self.with(
                "report-measure-interval",
                &[
                    ("value", &format!("{}{unit}", round(measure.value, 4))),
                    ("low", &round(low, 4).to_string()),
                    ("high", &round(high, 4).to_string()),
                ],
            ),
            None => format!("{}{unit}", round(measure.value, 4)),
        };
        let shown =
            |text: Option<&String>| text.map_or_else(String::new, |text| self.untrusted(text));
        MeasureRow {
            name: capital(&self.untrusted(&self.texts.name("measure", name))),
            value,
            quality: measure.quality.map_or_else(String::new, |quality| quality.to_string()),
            expected: shown(check.and_then(|check| check.expected.as_ref())),
            tag: check.map(|check| self.tag(check.status)),
            source: check.and_then(|check| check.rule.as_ref()).map_or_else(String::new, |rule| {
                let source = self.untrusted(&rule.source);
                if rule.to_confirm {
                    format!("{source} ({})", self.text("report-to-confirm"))
                } else {
                    source
                }
            }),
        }
    }
}
