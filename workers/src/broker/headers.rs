//! What travels beside a body: counters, codes and trace context.

use jiff::Timestamp;
use lapin::types::{AMQPValue, FieldTable, ShortString};

use crate::runtime::traces::TraceContext;

/// Our headers. No personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Headers {
    /// Counts from 1.
    pub(crate) attempt: u32,
    /// When its first attempt ended.
    pub(crate) first_seen: Option<Timestamp>,
    /// Code of what the last attempt ended with.
    pub(crate) last_error: Option<String>,
    /// The trace that it belongs to.
    pub(crate) trace: Option<TraceContext>,
    /// How often it was put off without an attempt being counted.
    pub(crate) holds: u32,
    /// The queue that it was given up in.
    pub(crate) died_in: Option<String>,
}

impl Default for Headers {
    fn default() -> Self {
        Self {
            attempt: 1,
            first_seen: None,
            last_error: None,
            trace: None,
            holds: 0,
            died_in: None,
        }
    }
}

const ATTEMPT: &str = "x-attempt";
const FIRST_SEEN: &str = "x-first-seen";
const LAST_ERROR: &str = "x-last-error";
const HOLDS: &str = "x-holds";
const DIED_IN: &str = "x-died-in";
const TRACEPARENT: &str = "traceparent";
const TRACESTATE: &str = "tracestate";
/// The broker's count of deliveries before this one.
const DELIVERIES: &str = "x-delivery-count";
/// What the broker wrote when it moved a message, last move first.
const DEATHS: &str = "x-death";

/// Longest code that is believed.
const MAX_CODE: usize = 64;

impl Headers {
    pub(super) fn read(table: &FieldTable) -> Self {
        let code = |name| text(table, name).filter(|code| is_code(code)).map(str::to_owned);
        Self {
            attempt: count(table, ATTEMPT).map_or(1, |n| n.clamp(1, u32::MAX.into()) as u32),
            first_seen: text(table, FIRST_SEEN).and_then(|said| said.parse().ok()),
            last_error: code(LAST_ERROR),
            trace: TraceContext::read(text(table, TRACEPARENT), text(table, TRACESTATE)),
            holds: count(table, HOLDS).map_or(0, |n| n.min(u32::MAX.into()) as u32),
            died_in: code(DIED_IN),
        }
    }

    pub(super) fn table(&self) -> FieldTable {
        let mut table = FieldTable::default();
        let mut put = |name: &str, value| {
            table.insert(ShortString::from(name), value);
        };
        put(ATTEMPT, AMQPValue::LongLongInt(self.attempt.into()));
        if self.holds > 0 {
            put(HOLDS, AMQPValue::LongLongInt(self.holds.into()));
        }
        let first_seen = self.first_seen.map(|at| at.to_string());
        let trace = self.trace.as_ref();
        for (name, said) in [
            (FIRST_SEEN, first_seen.as_deref()),
            (LAST_ERROR, self.last_error.as_deref()),
            (DIED_IN, self.died_in.as_deref()),
            (TRACEPARENT, trace.map(TraceContext::parent)),
            (TRACESTATE, trace.and_then(TraceContext::state)),
        ] {
            if let Some(said) = said {
                put(name, AMQPValue::LongString(said.into()));
            }
        }
        table
    }
}

/// How often the broker gave the message out before; absent at first.
pub(super) fn deliveries(table: &FieldTable) -> u64 {
    count(table, DELIVERIES).unwrap_or(0)
}

/// The queue that the broker moved a message from last, and why.
pub(super) fn last_death(table: &FieldTable) -> Option<(String, String)> {
    let AMQPValue::FieldArray(deaths) = table.inner().get(DEATHS)? else { return None };
    let AMQPValue::FieldTable(death) = deaths.as_slice().first()? else { return None };
    Some((text(death, "queue")?.to_owned(), text(death, "reason")?.to_owned()))
}

fn is_code(said: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
    (1..=MAX_CODE).contains(&said.len()) && said.bytes().all(allowed)
}

fn text<'a>(table: &'a FieldTable, name: &str) -> Option<&'a str> {
    match table.inner().get(name)? {
        AMQPValue::LongString(said) => std::str::from_utf8(said.as_bytes()).ok(),
        AMQPValue::ShortString(said) => Some(said.as_str()),
        _ => None,
    }
}

/// Clients write whole numbers in whatever width they like.
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
    fn headers_are_read_as_they_are_written() {
        let headers = Headers {
            attempt: 3,
            first_seen: Some("2026-11-25T04:00:00Z".parse().unwrap()),
            last_error: Some("object-missing".to_owned()),
            trace: TraceContext::read(
                Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
                Some("a=b"),
            ),
            holds: 2,
            died_in: Some("work.paper".to_owned()),
        };
        assert_eq!(Headers::read(&headers.table()), headers);
        assert_eq!(Headers::read(&FieldTable::default()), Headers::default());
    }

    #[test]
    fn what_is_not_in_form_is_not_believed() {
        let mut table = FieldTable::default();
        for (name, value) in [
            (ATTEMPT, AMQPValue::LongLongInt(-4)),
            (LAST_ERROR, AMQPValue::LongString("a person's name".into())),
            (FIRST_SEEN, AMQPValue::LongString("yesterday".into())),
            (HOLDS, AMQPValue::LongString("7".into())),
            (TRACEPARENT, AMQPValue::LongString("00-ERIKSSON-ANNA-01".into())),
        ] {
            table.insert(name.into(), value);
        }
        assert_eq!(Headers::read(&table), Headers::default());
        table.insert(ATTEMPT.into(), AMQPValue::ShortShortUInt(0));
        assert_eq!(Headers::read(&table).attempt, 1);
    }
}
