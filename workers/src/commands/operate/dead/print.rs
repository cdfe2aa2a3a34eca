//! Prints dead letters.

use serde_json::{Value, json};

use super::super::age::age;
use crate::cli::text::{escaped, padded};
use crate::cli::{Exit, Failure, Terminal};
use crate::portal::Portal;
use crate::registry::{DeadLetter, ListedLetter};

/// Prints one line per dead letter of a page.
///
/// # Errors
/// When stdout cannot be written.
pub(super) fn print_list(
    letters: &[ListedLetter],
    json: bool,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    for letter in letters {
        if json {
            terminal.print_json(&as_json(letter).to_string())?;
        } else {
            terminal.print(&line(letter))?;
        }
    }
    Ok(())
}

/// Prints only the message of a dead letter.
///
/// # Errors
/// When stdout cannot be written.
pub(super) fn print_body(letter: &DeadLetter, terminal: &mut Terminal) -> Result<Exit, Failure> {
    terminal.print(&escaped(&String::from_utf8_lossy(&letter.body)))?;
    Ok(Exit::Success)
}

/// Prints the properties of a dead letter.
///
/// # Errors
/// When stdout cannot be written.
pub(super) fn print_letter(
    letter: &ListedLetter,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    for (name, value) in as_json(letter).as_object().into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        terminal.print(&format!("{}  {}", padded(name, 16), escaped(&value)))?;
    }
    Ok(Exit::Success)
}

/// Prints the dead letters that an action was applied to, and their number.
///
/// # Errors
/// When stdout cannot be written.
pub(super) fn print_count(
    action: &str,
    letters: &[ListedLetter],
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    for letter in letters {
        terminal.print(&line(letter))?;
    }
    terminal.print(&format!("{action} {}", letters.len()))?;
    Ok(Exit::Success)
}

fn line(letter: &ListedLetter) -> String {
    let application = letter.application.as_deref().unwrap_or("-");
    let document = letter.document_id.as_deref().unwrap_or("-");
    format!(
        "{}  {}  {}  {}  {}  attempt {}  {} ago",
        &letter.id[..letter.id.len().min(12)],
        padded(&escaped(&letter.code), 20),
        padded(&escaped(&letter.queue), 16),
        escaped(application),
        escaped(document),
        letter.attempt,
        age(letter.dead_lettered_at),
    )
}

fn as_json(letter: &ListedLetter) -> Value {
    json!({
        "id": letter.id, "code": letter.code, "queue": letter.queue,
        "routing_key": letter.routing_key, "message_type": letter.message_type,
        "message_id": letter.message_id, "portal": letter.portal.as_ref().map(Portal::as_str),
        "application": letter.application.as_deref(),
        "document_id": letter.document_id, "attempt": letter.attempt,
        "bytes": letter.bytes, "dead_lettered_at": letter.dead_lettered_at,
        "state": letter.state.name(),
        "resolved_at": letter.resolved_at, "resolved_by": letter.resolved_by,
    })
}
