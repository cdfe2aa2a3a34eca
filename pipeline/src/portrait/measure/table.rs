//! The table of measures under construction.

use std::collections::BTreeMap;

use crate::examination::{Measure, round};

/// Measures by name, and the confidence of those that are inserted next.
pub(super) struct MeasureTable {
    /// Confidence, 0..1, that there is a face to measure.
    pub(super) confidence: f64,
    pub(super) rows: BTreeMap<String, Measure>,
}

impl MeasureTable {
    /// Inserts a value, rounded to `digits`; a value that is not finite becomes 0.
    pub(super) fn insert(
        &mut self,
        name: &str,
        value: f64,
        unit: &str,
        digits: i32,
    ) -> &mut Measure {
        let value = if value.is_finite() { round(value, digits) } else { 0.0 };
        let measure = Measure::without_interval(value, unit, round(self.confidence, 2));
        self.rows.entry(name.to_owned()).insert_entry(measure).into_mut()
    }

    /// Inserts a value with an interval of one standard deviation of its method
    /// to both sides.
    pub(super) fn insert_with_spread(
        &mut self,
        name: &str,
        value: f64,
        deviation: f64,
        unit: &str,
        digits: i32,
    ) {
        let interval = Some([round(value - deviation, digits), round(value + deviation, digits)]);
        self.insert(name, value, unit, digits).interval = interval;
    }
}

impl Measure {
    /// Creates a measure without interval and quality component.
    pub(in crate::portrait) fn without_interval(value: f64, unit: &str, confidence: f64) -> Self {
        Self { value, unit: unit.to_owned(), interval: None, quality: None, confidence }
    }

    /// Sets the quality component of ISO/IEC 29794-5.
    pub(super) fn set_quality(&mut self, quality: f64) {
        let quality = if quality.is_finite() { quality } else { 0.0 };
        self.quality = Some(quality.round().clamp(0.0, 100.0) as u8);
    }
}
