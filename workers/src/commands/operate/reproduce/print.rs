//! Prints whether a verdict is equal, or what differs.

use serde_json::{Value, json};

use super::Comparison;
use super::arguments::Arguments;
use super::difference::Difference;
use super::examine_again::OtherExaminer;
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
    other_examiners: Vec<OtherExaminer>,
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
            .map(|Comparison { title, differences, is_compared }| {
                let shown: Vec<Difference> =
                    differences.iter().take(arguments.limit).map(shown).collect();
                json!({
                    "title": title, "compared": is_compared,
                    "count": differences.len(), "differences": shown,
                })
            })
            .collect();
        let revision = &stored.revision;
        let line = json!({
            "application": &*revision.application, "document_id": revision.scope,
            "revision": revision.revision, "equal": is_equal, "comparisons": comparisons,
            "other_examiners": other_examiners,
        });
        return terminal.print_json(&line.to_string()).map(|()| exit);
    }
    for Comparison { title, differences, is_compared } in comparisons {
        let result = match (is_compared, differences.is_empty()) {
            (false, _) => "skipped",
            (true, true) => "equal  ",
            (true, false) => "differs",
        };
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
