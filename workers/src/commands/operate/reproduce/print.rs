//! Prints whether a verdict is equal, or what differs.

use serde_json::{Value, json};

use super::Comparison;
use super::arguments::Arguments;
use super::difference::Difference;
use super::stored::StoredVerdict;
use crate::cli::{Exit, Failure, Terminal};

/// Prints each comparison with its differences, and returns the exit status.
///
/// # Errors
/// When the output is closed.
pub(super) fn print(
    arguments: &Arguments,
    stored: &StoredVerdict,
    comparisons: &[Comparison],
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let is_equal = comparisons.iter().all(|comparison| comparison.differences.is_empty());
    let exit = if is_equal { Exit::Success } else { Exit::Findings };
    let shown = |difference: &Difference| {
        if arguments.unmask { difference.clone() } else { difference.masked() }
    };
    if arguments.format == "json" {
        let comparisons: Vec<Value> = comparisons
            .iter()
            .map(|Comparison { title, differences }| {
                let shown: Vec<Difference> =
                    differences.iter().take(arguments.limit).map(shown).collect();
                json!({"title": title, "count": differences.len(), "differences": shown})
            })
            .collect();
        let revision = &stored.revision;
        let line = json!({
            "application_id": revision.application_id, "document_id": revision.scope,
            "revision": revision.revision, "equal": is_equal, "comparisons": comparisons,
        });
        return terminal.print(&line.to_string()).map(|()| exit);
    }
    for Comparison { title, differences } in comparisons {
        let result = if differences.is_empty() { "equal  " } else { "differs" };
        terminal.print(&format!("{result}  {}: {title}", stored.name()))?;
        for difference in differences.iter().take(arguments.limit) {
            terminal.print(&format!("  {}", shown(difference).line()))?;
        }
        let more = differences.len().saturating_sub(arguments.limit);
        if more > 0 {
            terminal.print(&format!("  and {more} more; --limit shows them"))?;
        }
    }
    Ok(exit)
}
