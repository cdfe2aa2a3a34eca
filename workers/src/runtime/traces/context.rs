//! The trace that a message belongs to, in the form of W3C Trace Context.

use std::fmt;
use std::str::FromStr;

use pipeline::contract::message::CloudEvent;
use pipeline::digest::is_hex;

/// Longest trace state that is passed on: W3C requires every system to accept this length.
const MAX_STATE: usize = 512;

/// Validated `traceparent` and `tracestate`: both are logged and passed on, so they must not
/// hold anything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TraceContext {
    parent: String,
    state: Option<String>,
}

impl TraceContext {
    /// Parses both values; `None` for an invalid parent, an invalid state is left out.
    pub(crate) fn parse(parent: Option<&str>, state: Option<&str>) -> Option<Self> {
        let parent = parent.filter(|text| is_parent(text))?.to_owned();
        let state = state.filter(|text| is_state(text)).map(str::to_owned);
        Some(Self { parent, state })
    }

    /// Returns version, trace id, span id and flags.
    pub(crate) fn traceparent(&self) -> &str {
        &self.parent
    }

    /// Returns the entries that the systems on the way added.
    pub(crate) fn tracestate(&self) -> Option<&str> {
        self.state.as_deref()
    }

    /// Writes the trace into an event.
    pub(crate) fn inject<D>(trace: Option<&Self>, event: &mut CloudEvent<D>) {
        event.traceparent = trace.map(|trace| trace.parent.clone());
        event.tracestate = trace.and_then(|trace| trace.state.clone());
    }
}

/// The form in the registry: the parent, then a space and the state.
impl fmt::Display for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.parent)?;
        self.state.iter().try_for_each(|state| write!(f, " {state}"))
    }
}

/// The text is not a valid trace context.
#[derive(Debug)]
pub(crate) struct InvalidTrace;

impl FromStr for TraceContext {
    type Err = InvalidTrace;

    fn from_str(text: &str) -> Result<Self, InvalidTrace> {
        let (parent, state) =
            text.split_once(' ').map_or((text, None), |(parent, state)| (parent, Some(state)));
        Self::parse(Some(parent), state).ok_or(InvalidTrace)
    }
}

/// Accepts version 00 only.
fn is_parent(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    matches!(parts[..], ["00", trace, parent, flags]
        if is_hex(trace, 32) && is_hex(parent, 16) && is_hex(flags, 2))
}

fn is_state(text: &str) -> bool {
    let printable = |c: char| c.is_ascii_graphic() || c == ' ';
    (1..=MAX_STATE).contains(&text.len()) && text.chars().all(printable)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn the_registry_form_round_trips() {
        for state in [None, Some("a=b"), Some("a=b, c=d")] {
            let trace = TraceContext::parse(Some(PARENT), state).unwrap();
            assert_eq!(trace.tracestate(), state);
            assert_eq!(trace.to_string().parse::<TraceContext>().unwrap(), trace);
        }
    }

    #[test]
    fn invalid_values_are_not_passed_on() {
        for parent in ["", "00-ERIKSSON-ANNA-01", &PARENT[..54], &PARENT.replace("00-", "01-")] {
            assert_eq!(TraceContext::parse(Some(parent), None), None, "{parent}");
        }
        for state in ["", "ü", "a\nb", &"s".repeat(513)] {
            let trace = TraceContext::parse(Some(PARENT), Some(state)).unwrap();
            assert_eq!(trace.tracestate(), None, "{state:?}");
        }
        assert_eq!(TraceContext::parse(None, Some("a=b")), None);
    }
}
