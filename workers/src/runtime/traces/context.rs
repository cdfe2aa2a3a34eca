//! The trace that a message belongs to, as W3C Trace Context has it.

use std::fmt;
use std::str::FromStr;

use pipeline::contract::message::CloudEvent;
use pipeline::digest::is_hex;

/// Longest trace state that is passed on: what every system has to take.
const MAX_STATE: usize = 512;

/// `traceparent` and `tracestate`, in form: they are logged and passed on, so
/// they hold nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TraceContext {
    parent: String,
    state: Option<String>,
}

impl TraceContext {
    /// What is said where it is in form; a state that is not is left out.
    pub(crate) fn read(parent: Option<&str>, state: Option<&str>) -> Option<Self> {
        let parent = parent.filter(|said| is_parent(said))?.to_owned();
        let state = state.filter(|said| is_state(said)).map(str::to_owned);
        Some(Self { parent, state })
    }

    /// Version, trace, span and flags.
    pub(crate) fn parent(&self) -> &str {
        &self.parent
    }

    /// What each system on the way adds.
    pub(crate) fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }

    /// Makes an event part of the trace.
    pub(crate) fn carry<D>(trace: Option<&Self>, event: &mut CloudEvent<D>) {
        event.traceparent = trace.map(|trace| trace.parent.clone());
        event.tracestate = trace.and_then(|trace| trace.state.clone());
    }
}

/// As the registry keeps it: the parent, and the state behind a space.
impl fmt::Display for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.parent)?;
        self.state.iter().try_for_each(|state| write!(f, " {state}"))
    }
}

/// It is not in form.
#[derive(Debug)]
pub(crate) struct NoTrace;

impl FromStr for TraceContext {
    type Err = NoTrace;

    fn from_str(kept: &str) -> Result<Self, NoTrace> {
        let (parent, state) =
            kept.split_once(' ').map_or((kept, None), |(parent, state)| (parent, Some(state)));
        Self::read(Some(parent), state).ok_or(NoTrace)
    }
}

/// Version 00.
fn is_parent(said: &str) -> bool {
    let parts: Vec<&str> = said.split('-').collect();
    matches!(parts[..], ["00", trace, parent, flags]
        if is_hex(trace, 32) && is_hex(parent, 16) && is_hex(flags, 2))
}

fn is_state(said: &str) -> bool {
    let printable = |c: char| c.is_ascii_graphic() || c == ' ';
    (1..=MAX_STATE).contains(&said.len()) && said.chars().all(printable)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn it_is_kept_as_it_is_read() {
        for state in [None, Some("a=b"), Some("a=b, c=d")] {
            let trace = TraceContext::read(Some(PARENT), state).unwrap();
            assert_eq!(trace.state(), state);
            assert_eq!(trace.to_string().parse::<TraceContext>().unwrap(), trace);
        }
    }

    #[test]
    fn what_is_not_in_form_is_not_passed_on() {
        for parent in ["", "00-ERIKSSON-ANNA-01", &PARENT[..54], &PARENT.replace("00-", "01-")] {
            assert_eq!(TraceContext::read(Some(parent), None), None, "{parent}");
        }
        for state in ["", "ü", "a\nb", &"s".repeat(513)] {
            let read = TraceContext::read(Some(PARENT), Some(state)).unwrap();
            assert_eq!(read.state(), None, "{state:?}");
        }
        assert_eq!(TraceContext::read(None, Some("a=b")), None);
    }
}
