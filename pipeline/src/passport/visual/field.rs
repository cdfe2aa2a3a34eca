//! Fields of the visual zone.

use crate::engines::tesseract::{Missing, Symbol};
use crate::examination::{FieldName, Polygon};

/// The fields read from the visual zone.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct VisualZone {
    /// At most one entry per field; absent fields were not read.
    pub(crate) fields: Vec<VisualField>,
    /// The missing component without which this machine cannot recognise text.
    pub(crate) missing: Option<Missing>,
}

/// One field of the visual zone.
#[derive(Clone, PartialEq)]
pub(crate) struct VisualField {
    pub(crate) name: FieldName,
    /// In plain form: a date as `YYYY-MM-DD`, or `YY-MM-DD` where the page
    /// prints two digits.
    pub(crate) value: String,
    /// As recognised.
    pub(crate) raw: String,
    /// Outline of its line.
    pub(crate) polygon: Polygon,
    /// The least confidence of its characters, as the recogniser reports it.
    pub(crate) confidence: f32,
    pub(crate) agreement: Agreement,
}

crate::hidden::hidden_debug!(VisualField);

/// How a field of the visual zone relates to the machine readable zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Agreement {
    Agrees,
    Differs,
    /// The machine readable zone does not have this field.
    VisualOnly,
}

impl VisualField {
    pub(super) fn new(
        name: FieldName,
        value: String,
        symbols: &[Symbol],
        polygon: Polygon,
        confidence: f32,
        agreement: Agreement,
    ) -> Self {
        let mut raw = String::new();
        for symbol in symbols {
            if symbol.starts_word && !raw.is_empty() {
                raw.push(' ');
            }
            raw.push(symbol.letter);
        }
        Self { name, value, raw, polygon, confidence, agreement }
    }
}
