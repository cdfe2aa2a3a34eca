//! The plan of every statement that a test runs on PostgreSQL: none reads a growing table
//! without an index. A whole index that is read in its order is not found here.
//!
//! [`check`] is called where statements are run, so a new one cannot be forgotten. It asks for
//! the plan with unknown values, while whole reads are made as dear as possible: one that is
//! left has no index.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use sqlx::{AnyConnection, AssertSqlSafe, Executor as _, Row as _};

use super::*;

/// Tables that stay small.
const SMALL: [&str; 6] =
    ["audit_head", "leases", "paused_lanes", "tekseru_schema", "workers", "json_each"];

/// Statements that read a growing table as a whole, and why.
const ON_PURPOSE: [(&str, &str); 2] = [
    ("SELECT state AS name, COUNT(*) AS count FROM applications", "`tekseru status`, when asked"),
    ("SELECT examination_state AS name, COUNT(*) AS count", "`tekseru status`, when asked"),
];

static CHECKED: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

/// Panics where the plan of a statement reads a growing table as a whole.
pub(in crate::registry) async fn check(connection: &mut AnyConnection, text: &'static str) {
    let is_new = CHECKED.lock().unwrap_or_else(PoisonError::into_inner).insert(text);
    let verb = text.split_whitespace().next().unwrap_or_default();
    let is_planned = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(&verb);
    let is_on_purpose = ON_PURPOSE.iter().any(|(begin, _)| text.trim_start().starts_with(begin));
    if !is_new || !is_planned || is_on_purpose || connection.backend_name() != "PostgreSQL" {
        return;
    }
    let plan = plan(connection, text).await;
    let whole: Vec<&str> = plan.iter().filter_map(|line| scanned(line)).collect();
    if let Some(table) = whole.iter().find(|table| !SMALL.contains(*table)) {
        panic!("{table} is read as a whole by\n{text}\n{}", plan.join("\n"));
    }
}

/// Leaves out a statement of a test itself.
pub(super) fn leave_out(text: &'static str) {
    CHECKED.lock().unwrap_or_else(PoisonError::into_inner).insert(text);
}

/// Returns the lines of a plan for unknown values.
async fn plan(connection: &mut AnyConnection, text: &str) -> Vec<String> {
    let numbers = (1..=20).filter(|n| text.contains(&format!("${n}")));
    // the driver sends the type of each value; here only those matter that are used untyped
    let is_text = |n: usize| text.contains(&format!("${n} IS NULL"));
    let types = numbers.map(|n| if is_text(n) { "text" } else { "unknown" }).collect::<Vec<_>>();
    let in_brackets = |all: Vec<&str>| match all.len() {
        0 => String::new(),
        _ => format!("({})", all.join(", ")),
    };
    let values = in_brackets(vec!["NULL"; types.len()]);
    let types = in_brackets(types);
    for statement in [
        "SET enable_seqscan = off".to_owned(),
        "SET plan_cache_mode = force_generic_plan".to_owned(),
        format!("PREPARE asked {types} AS {text}"),
    ] {
        connection.execute(AssertSqlSafe(statement)).await.unwrap();
    }
    let asked = AssertSqlSafe(format!("EXPLAIN EXECUTE asked {values}"));
    let rows = connection.fetch_all(asked).await.unwrap();
    for statement in ["DEALLOCATE asked", "RESET plan_cache_mode", "RESET enable_seqscan"] {
        connection.execute(AssertSqlSafe(statement)).await.unwrap();
    }
    rows.iter().map(|row| row.get::<String, _>(0)).collect()
}

/// Returns the table that a line of a plan reads as a whole.
fn scanned(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("Seq Scan on ")?;
    rest.split_whitespace().next()
}

#[tokio::test]
#[should_panic(expected = "applications is read as a whole")]
async fn a_statement_without_an_index_is_found() {
    let database = TestDatabase::postgres().await;
    let text = "SELECT COUNT(*) AS n FROM applications WHERE body = 'plans'";
    let counted = statement::sql("count", text);
    drop(counted.fetch_first("t", &mut database.read().await.unwrap()).await);
}
