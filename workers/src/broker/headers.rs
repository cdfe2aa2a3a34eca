//! The AMQP headers of a message: counters, codes and trace context.

use jiff::Timestamp;
use lapin::types::{AMQPValue, FieldTable, ShortString};

use crate::portal::Portal;
use crate::runtime::traces::TraceContext;

/// Our headers; they hold no personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Headers {
    /// Number of this attempt, counted from 1; header `x-attempt`.
    pub(crate) attempt: u32,
    /// When the first attempt failed; header `x-first-failed-at`.
    pub(crate) first_failed_at: Option<Timestamp>,
    /// Code of the last failure; header `x-last-error`.
    pub(crate) last_error: Option<String>,
    /// The trace that the message belongs to; headers `traceparent` and `tracestate`.
    pub(crate) trace: Option<TraceContext>,
    /// How often it was delayed because a dependency was unavailable, which
    /// counts no attempt; header `x-dependency-waits`.
    pub(crate) dependency_waits: u32,
    /// How often it was delayed for a worker of a later version; header
    /// `x-later-version-waits`.
    pub(crate) later_version_waits: u32,
    /// How often the examination of its file ended without an answer; header `x-unanswered`.
    pub(crate) unanswered: u32,
    /// The queue from which a worker dead-lettered it; header `x-dead-lettered-from`.
    pub(crate) dead_lettered_from: Option<String>,
    /// The portal that the message is of or about, verified when it was received; header
    /// `x-portal`.
    pub(crate) portal: Option<Portal>,
    /// Whether this program made the message, not a portal; header `x-own`.
    pub(crate) is_own: bool,
    /// Whether a portal named another one in the header `x-portal`. Never sent.
    pub(crate) names_other: bool,
}

impl Default for Headers {
    fn default() -> Self {
        Self {
            attempt: 1,
            first_failed_at: None,
            last_error: None,
            trace: None,
            dependency_waits: 0,
            later_version_waits: 0,
            unanswered: 0,
            dead_lettered_from: None,
            portal: None,
            is_own: false,
            names_other: false,
        }
    }
}

const ATTEMPT: &str = "x-attempt";
const FIRST_FAILED_AT: &str = "x-first-failed-at";
const LAST_ERROR: &str = "x-last-error";
const DEPENDENCY_WAITS: &str = "x-dependency-waits";
const LATER_VERSION_WAITS: &str = "x-later-version-waits";
const UNANSWERED: &str = "x-unanswered";
const DEAD_LETTERED_FROM: &str = "x-dead-lettered-from";
const PORTAL: &str = "x-portal";
const OWN: &str = "x-own";
const TRACEPARENT: &str = "traceparent";
const TRACESTATE: &str = "tracestate";
/// The broker's count of unsuccessful deliveries before this one.
const DELIVERY_COUNT: &str = "x-delivery-count";
/// The broker's record of dead-lettering, last event first.
const DEATHS: &str = "x-death";

/// Longest code that is accepted.
const MAX_CODE: usize = 64;

impl Headers {
    /// Reads our headers as they are; `sender.rs` says which of them count. A value of wrong
    /// type or form counts as absent.
    pub(super) fn from_table(table: &FieldTable) -> Self {
        let code = |name| text(table, name).filter(|code| is_code(code)).map(str::to_owned);
        Self {
            attempt: count(table, ATTEMPT).map_or(1, |n| n.clamp(1, u32::MAX.into()) as u32),
            first_failed_at: text(table, FIRST_FAILED_AT).and_then(|text| text.parse().ok()),
            last_error: code(LAST_ERROR),
            trace: TraceContext::parse(text(table, TRACEPARENT), text(table, TRACESTATE)),
            dependency_waits: small_count(table, DEPENDENCY_WAITS),
            later_version_waits: small_count(table, LATER_VERSION_WAITS),
            unanswered: small_count(table, UNANSWERED),
            dead_lettered_from: code(DEAD_LETTERED_FROM),
            portal: text(table, PORTAL).and_then(|name| name.parse().ok()),
            is_own: count(table, OWN) == Some(1),
            names_other: false,
        }
    }

    /// Returns the headers as an AMQP table.
    pub(super) fn to_table(&self) -> FieldTable {
        let mut table = FieldTable::default();
        let mut put = |name: &str, value| {
            table.insert(ShortString::from(name), value);
        };
        put(ATTEMPT, AMQPValue::LongLongInt(self.attempt.into()));
        for (name, count) in [
            (DEPENDENCY_WAITS, self.dependency_waits),
            (LATER_VERSION_WAITS, self.later_version_waits),
            (UNANSWERED, self.unanswered),
            (OWN, self.is_own.into()),
        ] {
            if count > 0 {
                put(name, AMQPValue::LongLongInt(count.into()));
            }
        }
        let first_failed_at = self.first_failed_at.map(|at| at.to_string());
        let trace = self.trace.as_ref();
        for (name, value) in [
            (FIRST_FAILED_AT, first_failed_at.as_deref()),
            (LAST_ERROR, self.last_error.as_deref()),
            (DEAD_LETTERED_FROM, self.dead_lettered_from.as_deref()),
            (PORTAL, self.portal.as_ref().map(Portal::as_str)),
            (TRACEPARENT, trace.map(TraceContext::traceparent)),
            (TRACESTATE, trace.and_then(TraceContext::tracestate)),
        ] {
            if let Some(value) = value {
                put(name, AMQPValue::LongString(value.into()));
            }
        }
        table
    }
}

/// Returns how many unsuccessful deliveries the broker counted; the header is absent at first.
pub(super) fn delivery_count(table: &FieldTable) -> u64 {
    count(table, DELIVERY_COUNT).unwrap_or(0)
}

/// Returns the queue that the broker dead-lettered the message from last, and the reason.
pub(super) fn last_death(table: &FieldTable) -> Option<(String, String)> {
    let AMQPValue::FieldArray(deaths) = table.inner().get(DEATHS)? else { return None };
    let AMQPValue::FieldTable(death) = deaths.as_slice().first()? else { return None };
    Some((text(death, "queue")?.to_owned(), text(death, "reason")?.to_owned()))
}

fn is_code(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
    (1..=MAX_CODE).contains(&text.len()) && text.bytes().all(allowed)
}

fn text<'a>(table: &'a FieldTable, name: &str) -> Option<&'a str> {
    match table.inner().get(name)? {
        AMQPValue::LongString(value) => std::str::from_utf8(value.as_bytes()).ok(),
        AMQPValue::ShortString(value) => Some(value.as_str()),
        _ => None,
    }
}

fn small_count(table: &FieldTable, name: &str) -> u32 {
    count(table, name).map_or(0, |n| u32::try_from(n).unwrap_or(u32::MAX))
}

/// Client libraries write integers in different widths.
fn count(table: &FieldTable, name: &str) -> Option<u64> {
    let value: i64 = match *table.inner().get(name)? {
        AMQPValue::ShortShortInt(n) => n.into(),
        AMQPValue::ShortShortUInt(n) => n.into(),
        AMQPValue::ShortInt(n) => n.into(),
        AMQPValue::ShortUInt(n) => n.into(),
        AMQPValue::LongInt(n) => n.into(),
        AMQPValue::LongUInt(n) => n.into(),
        AMQPValue::LongLongInt(n) => n,
        _ => return None,
    };
    u64::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_round_trip_through_a_table() {
        let headers = Headers {
            attempt: 3,
            first_failed_at: Some("2026-11-25T04:00:00Z".parse().unwrap()),
            last_error: Some("object-missing".to_owned()),
            trace: TraceContext::parse(
                Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
                Some("a=b"),
            ),
            dependency_waits: 2,
            later_version_waits: 3,
            unanswered: 1,
            dead_lettered_from: Some("work.paper".to_owned()),
            portal: "kz".parse().ok(),
            is_own: true,
            names_other: false,
        };
        assert_eq!(Headers::from_table(&headers.to_table()), headers);
        assert_eq!(Headers::from_table(&FieldTable::default()), Headers::default());
    }

    #[test]
    fn values_of_wrong_form_are_ignored() {
        let mut table = FieldTable::default();
        for (name, value) in [
            (ATTEMPT, AMQPValue::LongLongInt(-4)),
            (LAST_ERROR, AMQPValue::LongString("a person's name".into())),
            (FIRST_FAILED_AT, AMQPValue::LongString("yesterday".into())),
            (DEPENDENCY_WAITS, AMQPValue::LongString("7".into())),
            (TRACEPARENT, AMQPValue::LongString("00-ERIKSSON-ANNA-01".into())),
        ] {
            table.insert(name.into(), value);
        }
        assert_eq!(Headers::from_table(&table), Headers::default());
        table.insert(ATTEMPT.into(), AMQPValue::ShortShortUInt(0));
        assert_eq!(Headers::from_table(&table).attempt, 1);
    }
}
