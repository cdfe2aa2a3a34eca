//! The fields of a document, with one column for each source.

use super::field_pictures::Line;
use super::findings::HIGH;
use super::mask;
use super::pictures::Figure;
use super::view::{Value, View};
use crate::application::Applicant;
use crate::examination::{Basis, FieldName, Source};
use crate::judge::Iin;
use crate::kind::Kind;
use crate::texts::capital;
use crate::verdict::{Agreement, Comparison, DocumentVerdict, VerdictField};

/// The fields of one document, with a column for each source that has values.
pub(super) struct FieldTable {
    /// The zone that the fields were read from.
    pub(super) zones: Vec<Figure>,
    pub(super) caption: String,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<FieldRow>,
}

pub(super) struct Column {
    pub(super) name: String,
    /// The confidence, if it is the same for all cells.
    pub(super) note: Option<String>,
}

pub(super) struct FieldRow {
    pub(super) name: String,
    pub(super) cells: Vec<Cell>,
    pub(super) agreement: Vec<String>,
    pub(super) differs: bool,
}

#[derive(Default)]
pub(super) struct Cell {
    pub(super) values: Vec<Value>,
    pub(super) line: Option<Line>,
    pub(super) notes: Vec<String>,
}

impl View<'_> {
    /// Returns a table for each document with fields, or a table of the form alone.
    pub(super) fn field_tables(&self) -> Vec<FieldTable> {
        let read = self.body.documents.iter().filter(|document| !document.fields.is_empty());
        let mut tables: Vec<FieldTable> =
            read.map(|document| self.document_fields(document)).collect();
        if tables.is_empty() {
            tables
                .extend(self.applicant.map(|_| self.table(self.text("report-fields-form"), None)));
        }
        tables
    }

    fn document_fields(&self, document: &DocumentVerdict) -> FieldTable {
        let name = self.document(document);
        let caption = self.with("report-fields-caption", &[("document", &name)]);
        self.table(caption, Some(document))
    }

    fn table(&self, caption: String, document: Option<&DocumentVerdict>) -> FieldTable {
        let fields = document.map_or(&[][..], |document| &document.fields);
        let with_form = document.is_none_or(|document| document.kind == Kind::Passport);
        let mut sources: Vec<Source> = fields.iter().map(|field| field.source).collect();
        sources.sort_unstable();
        sources.dedup();
        let applicant = self.applicant.filter(|_| with_form);
        let iin = applicant.and_then(|a| a.iin.as_ref()).and_then(|iin| Iin::parse(iin).ok());
        let mut columns: Vec<Column> =
            sources.iter().map(|source| self.column(fields, *source)).collect();
        let more = [(applicant.is_some(), Source::Form), (iin.is_some(), Source::Iin)];
        let more = more.iter().filter(|(has, _)| *has);
        columns.extend(more.map(|(_, source)| self.column(&[], *source)));

        let zones = document.map_or_else(Vec::new, |document| self.zones(document));
        let mut rows = Vec::new();
        for name in FieldName::ALL {
            let cell = |source: &Source| {
                document.map_or_else(Cell::default, |d| self.document_cell(d, name, *source))
            };
            let mut cells: Vec<Cell> = sources.iter().map(cell).collect();
            cells.extend(applicant.map(|applicant| self.form_cell(applicant, name)));
            cells.extend(iin.map(|iin| self.iin_cell(iin, name)));
            if cells.iter().any(|cell| !cell.values.is_empty()) {
                let (agreement, differs) = self.agreement(name, with_form);
                let title = capital(&self.texts.name("field", name.name()));
                rows.push(FieldRow { name: title, cells, agreement, differs });
            }
        }
        rows.extend(
            applicant.and_then(|applicant| self.iin_row(applicant, &sources, columns.len())),
        );
        FieldTable { zones, caption, columns, rows }
    }

    pub(super) fn source(&self, source: Source) -> String {
        let name = serde_json::to_value(source).unwrap_or_default();
        self.texts.name("source", name.as_str().unwrap_or_default())
    }

    fn column(&self, fields: &[VerdictField], source: Source) -> Column {
        let note =
            common_confidence(fields, source).map(|(least, basis)| self.confidence(least, basis));
        Column { name: capital(&self.source(source)), note }
    }

    fn document_cell(&self, document: &DocumentVerdict, name: FieldName, source: Source) -> Cell {
        let fields = &document.fields;
        let own = |field: &&VerdictField| field.name == name && field.source == source;
        let Some(field) = fields.iter().find(own) else { return Cell::default() };
        let mut notes = Vec::new();
        if common_confidence(fields, source).is_none() {
            let basis = field.basis.filter(|_| field.sure);
            let confidence = self.confidence(field.confidence, basis);
            notes.push(if field.sure {
                confidence
            } else {
                self.with("report-not-sure", &[("confidence", &confidence)])
            });
        }
        if field.changed > 0 {
            notes.push(self.counted("report-changed", "changed", field.changed.into()));
        }
        if !field.alternatives.is_empty() {
            let count = i64::try_from(field.alternatives.len()).unwrap_or(i64::MAX);
            notes.push(self.counted("report-alternatives", "count", count));
        }
        if self.unmask && field.raw != field.value {
            notes.push(self.with("report-raw", &[("raw", &self.untrusted(&field.raw))]));
        }
        let values = vec![self.date_or_value(name, &field.value)];
        Cell { values, line: self.line(document, field), notes }
    }

    /// Shows a date in words, if it is one and is not masked.
    pub(super) fn date_or_value(&self, name: FieldName, value: &str) -> Value {
        let shown = self.value(name, value);
        match value.parse() {
            Ok(date) if shown.spoken.is_none() && value.len() == 10 => self.plain(&self.date(date)),
            _ => shown,
        }
    }

    pub(super) fn form_cell(&self, applicant: &Applicant, name: FieldName) -> Cell {
        let names = || applicant.names.iter().take(4);
        let values: Vec<String> = match name {
            FieldName::Surname => names().map(|name| name.surname.clone()).collect(),
            FieldName::GivenNames => names()
                .flat_map(|name| [Some(name.given_names.clone()), name.patronymic.clone()])
                .flatten()
                .collect(),
            FieldName::DateOfBirth => {
                applicant.birth_date.iter().map(ToString::to_string).collect()
            }
            FieldName::Sex => applicant.sex.iter().map(|sex| sex.letter().to_owned()).collect(),
            FieldName::Nationality => applicant.citizenships.iter().take(8).cloned().collect(),
            _ => Vec::new(),
        };
        let values = values.iter().filter(|value| !value.is_empty());
        Cell {
            values: values.map(|value| self.date_or_value(name, value)).collect(),
            ..Cell::default()
        }
    }

    fn iin_cell(&self, iin: Iin, name: FieldName) -> Cell {
        let values = match name {
            FieldName::DateOfBirth => vec![self.date_or_value(name, &iin.birth.to_string())],
            FieldName::Sex => vec![self.plain(iin.sex.letter())],
            _ => Vec::new(),
        };
        Cell { values, ..Cell::default() }
    }

    /// Returns the row of the number itself, which no passport has as a field.
    fn iin_row(&self, applicant: &Applicant, sources: &[Source], width: usize) -> Option<FieldRow> {
        let iin = applicant.iin.as_ref()?;
        let value = if self.unmask { self.plain(iin) } else { self.masked(mask::mask_whole(iin)) };
        let mut cells: Vec<Cell> = (0..width).map(|_| Cell::default()).collect();
        cells.get_mut(sources.len())?.values.push(value);
        let name = capital(&self.texts.name("field", "iin"));
        Some(FieldRow { name, cells, agreement: vec![], differs: false })
    }

    /// Returns the results of the comparisons of a field, and whether one of them differs.
    fn agreement(&self, name: FieldName, with_form: bool) -> (Vec<String>, bool) {
        let compared = self.body.comparisons.iter().filter(|c| with_form && c.field == name);
        let mut words = Vec::new();
        let mut differs = false;
        for comparison in compared {
            differs |= matches!(comparison.result, Agreement::Different | Agreement::Close);
            words.push(self.pair(comparison));
        }
        (words, differs)
    }

    fn pair(&self, comparison: &Comparison) -> String {
        let result = match (comparison.result, comparison.method.as_deref()) {
            (Agreement::Equal, _) => self.text("agreement-equal"),
            (Agreement::Equivalent, Some("separators") | None) => self.text("agreement-equivalent"),
            (Agreement::Equivalent, Some(rule)) => self.by_rule("agreement-equivalent-rule", rule),
            (Agreement::Close, Some(rule)) => self.by_rule("agreement-close-rule", rule),
            (Agreement::Close, None) => self.text("agreement-close"),
            (Agreement::Different, _) => self.text("agreement-different"),
            (Agreement::Unreadable, _) => self.text("agreement-unreadable"),
            (Agreement::NotComparable, _) => self.text("agreement-not-comparable"),
        };
        let values = [
            ("left", self.source(comparison.left)),
            ("right", self.source(comparison.right)),
            ("result", result),
        ];
        let values: Vec<(&str, &str)> =
            values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        capital(&self.with("report-agreement-pair", &values))
    }

    fn by_rule(&self, id: &str, rule: &str) -> String {
        self.with(id, &[("rule", &self.texts.name_rule(rule))])
    }
}

/// Returns the lowest confidence and the basis of a source if all its fields are
/// sure, of high confidence and of the same basis. It is then shown once, in the
/// head of the column.
fn common_confidence(fields: &[VerdictField], source: Source) -> Option<(f64, Option<Basis>)> {
    let own = || fields.iter().filter(|field| field.source == source);
    let first = own().next()?;
    let same = own().all(|f| f.sure && f.confidence >= HIGH && f.basis == first.basis);
    same.then(|| (own().map(|f| f.confidence).fold(1.0, f64::min), first.basis))
}
