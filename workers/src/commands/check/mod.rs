//! `tekseru check`: folders of applications, no services.
//!
//! Every document of every application is one piece of work; an application
//! whose last document is done is judged, written and told. One that cannot
//! be read or written stops no other.

mod arguments;
pub(crate) mod find;
mod guess;
mod judged;
mod listing;
mod memory;
pub(crate) mod submission;
pub(crate) mod table;
pub(crate) mod write;

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::cli::exit::{Exit, Failure};
use crate::cli::terminal::Terminal;
use crate::cli::text::escaped;
use crate::examiner::Examiner;
use crate::runtime::jobs::{self, InOrder};
use crate::verdicts::programmes::Rulesets;

pub(crate) use arguments::Arguments;
use arguments::Format;
use judged::{Judge, Seen};
use memory::Memory;
use submission::Submission;

pub(crate) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let rulesets = Rulesets::load(&arguments.programme)?;
    let now = Timestamp::now();
    let judge = Judge {
        on: arguments.on.unwrap_or_else(|| rulesets.day_of(now)),
        received_at: arguments.received.unwrap_or(now),
        rulesets,
        unmask: arguments.unmask,
        sandbox: arguments.cost.sandbox(),
        memory: arguments.state.as_deref().map(Memory::open).transpose()?,
    };
    let (submissions, unusable) = gather(&arguments, &judge, terminal)?;
    let examiner = arguments.cost.examiner()?;
    let told = work(&arguments, &submissions, &examiner, &judge, terminal)?;
    Ok(unusable.max(told))
}

/// Finds every application, and tells of each that cannot be used.
fn gather(
    arguments: &Arguments,
    judge: &Judge,
    terminal: &mut Terminal,
) -> Result<(Vec<Submission>, Exit), Failure> {
    if let Some(out) = &arguments.out {
        find::refuse_out_within(&arguments.paths, out)?;
    }
    let mut submissions: Vec<Submission> = Vec::new();
    let mut places = BTreeSet::new();
    let mut exit = Exit::Fine;
    for path in &arguments.paths {
        let found = find::applications(path).map_or_else(
            |failure| vec![Err(failure)],
            |folders| {
                let out = arguments.out.as_deref();
                folders.iter().map(|f| submission::read(f, &arguments.stage, out)).collect()
            },
        );
        for one in found {
            let one = one.and_then(|submission| {
                judge.knows_stage_of(&submission)?;
                let new = places.insert(submission.out.clone());
                if new { Ok(submission) } else { Err(submission.given_twice()) }
            });
            match one {
                Ok(submission) => submissions.push(submission),
                Err(failure) => exit = exit.max(failure.tell(terminal)),
            }
        }
    }
    Ok((submissions, exit))
}

/// Examines every document and tells each application in its turn.
fn work(
    arguments: &Arguments,
    submissions: &[Submission],
    examiner: &Examiner,
    judge: &Judge,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let mut seen: Vec<Vec<Option<Seen>>> = Vec::new();
    let mut tasks = Vec::new();
    let mut results = InOrder::new(submissions.len());
    for (i, submission) in submissions.iter().enumerate() {
        let documents = submission.application.documents.len();
        tasks.extend((0..documents).map(|document| (i, document)));
        seen.push((0..documents).map(|_| None).collect());
        if documents == 0 {
            results.insert(i, judge.finish(submission, Vec::new()));
        }
    }

    let mut exit = Exit::Fine;
    let mut ended = Ok(());
    let mut tell = |results: &mut InOrder<_>, terminal: &mut Terminal| {
        while let Some((i, result)) = results.next() {
            let told = tell(arguments, &submissions[i], result, terminal);
            exit = exit.max(told.unwrap_or_else(|failure| {
                ended = Err(failure);
                Exit::Failed
            }));
        }
    };
    terminal.start_progress(tasks.len());
    let look = |(i, document)| (i, document, judge.look(examiner, &submissions[i], document));
    jobs::for_each_parallel(tasks, arguments.cost.jobs(), look, |(i, document, one)| {
        terminal.advance();
        seen[i][document] = Some(one);
        if seen[i].iter().all(Option::is_some) {
            let all = std::mem::take(&mut seen[i]).into_iter().flatten().collect();
            results.insert(i, judge.finish(&submissions[i], all));
        }
        tell(&mut results, terminal);
    });
    tell(&mut results, terminal);
    terminal.end_progress();
    ended.map(|()| exit)
}

fn tell(
    arguments: &Arguments,
    submission: &Submission,
    result: Result<judged::Judged, Failure>,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let judged = match result {
        Ok(judged) => judged,
        Err(failure) => return Ok(failure.tell(terminal)),
    };
    for remark in submission.remarks.iter().chain(&judged.remarks) {
        terminal.warn(&escaped(remark));
    }
    match arguments.format {
        Format::Json => {
            let line = serde_json::to_string(&judged.verdict);
            terminal.say(&line.map_err(|error| Failure::Ours(error.to_string()))?)?;
        }
        Format::Human => {
            let view = table::View {
                columns: terminal.columns(),
                unmask: arguments.unmask,
                applicant: Some(&submission.application.applicant),
                report: &submission.out.join(write::REPORT),
            };
            terminal.say(&table::show(&judged.verdict, &view))?;
        }
    }
    Ok(judged.exit.max(arguments.fail_on.exit(judged.verdict.body.outcome)))
}
