//! `tekseru check`: checks folders of applications, without services.
//!
//! Every document of every application is one task. After the last document of an
//! application, the application is judged, its results are written and printed. An
//! application that cannot be read or written does not stop the others.

mod arguments;
mod document_outcome;
mod examine_document;
mod judge;
mod state_folder;

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::application_folder::{
    Submission, find_applications, read_submission, refuse_output_within,
};
use super::{results, verdict_table};
use crate::cli::text::escaped;
use crate::cli::{Exit, Failure, Terminal};
use crate::examiner::Examiner;
use crate::runtime::jobs::{self, InOrder};
use crate::verdicts::programmes::Programmes;

pub(crate) use arguments::Arguments;
use arguments::Format;
use document_outcome::DocumentOutcome;
use examine_document::examine_document;
use judge::{ApplicationJudge, JudgedApplication};
use state_folder::StateFolder;

pub(crate) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let programmes = Programmes::load(&arguments.programme)?;
    let now = Timestamp::now();
    let judge = ApplicationJudge {
        on: arguments.on.unwrap_or_else(|| programmes.day_of(now)),
        received_at: arguments.received.unwrap_or(now),
        programmes,
        unmask: arguments.unmask,
        sandbox: arguments.examiner.sandbox(),
        state: arguments.state.as_deref().map(StateFolder::open).transpose()?,
    };
    let (submissions, unusable) = gather(&arguments, &judge, terminal)?;
    let examiner = arguments.examiner.start_examiner(&[])?;
    let checked = check_all(&arguments, &submissions, &examiner, &judge, terminal)?;
    Ok(unusable.max(checked))
}

/// Finds all applications, and reports those that cannot be used.
fn gather(
    arguments: &Arguments,
    judge: &ApplicationJudge,
    terminal: &mut Terminal,
) -> Result<(Vec<Submission>, Exit), Failure> {
    if let Some(out) = &arguments.out {
        refuse_output_within(&arguments.paths, out)?;
    }
    let mut submissions: Vec<Submission> = Vec::new();
    let mut result_folders = BTreeSet::new();
    let mut exit = Exit::Success;
    for path in &arguments.paths {
        let found = find_applications(path).map_or_else(
            |failure| vec![Err(failure)],
            |folders| {
                let out = arguments.out.as_deref();
                folders.iter().map(|f| read_submission(f, &arguments.stage, out)).collect()
            },
        );
        for one in found {
            let one = one.and_then(|submission| {
                judge.require_known_stage(&submission)?;
                let is_new = result_folders.insert(submission.out.clone());
                if is_new { Ok(submission) } else { Err(submission.duplicate()) }
            });
            match one {
                Ok(submission) => submissions.push(submission),
                Err(failure) => exit = exit.max(terminal.report(&failure)),
            }
        }
    }
    Ok((submissions, exit))
}

/// Examines every document, and prints the applications in the order of the command line.
fn check_all(
    arguments: &Arguments,
    submissions: &[Submission],
    examiner: &Examiner,
    judge: &ApplicationJudge,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let mut outcomes: Vec<Vec<Option<DocumentOutcome>>> = Vec::new();
    let mut tasks = Vec::new();
    let mut results = InOrder::new(submissions.len());
    for (i, submission) in submissions.iter().enumerate() {
        let documents = submission.application.documents.len();
        tasks.extend((0..documents).map(|document| (i, document)));
        outcomes.push((0..documents).map(|_| None).collect());
        if documents == 0 {
            results.insert(i, judge.judge_and_write(submission, Vec::new()));
        }
    }

    let mut exit = Exit::Success;
    let mut ended = Ok(());
    let mut print_ready = |results: &mut InOrder<_>, terminal: &mut Terminal| {
        while let Some((i, result)) = results.next() {
            let printed = print(arguments, &submissions[i], result, terminal);
            exit = exit.max(printed.unwrap_or_else(|failure| {
                ended = Err(failure);
                Exit::Internal
            }));
        }
    };
    terminal.start_progress(tasks.len());
    let state = judge.state.as_ref();
    let examine =
        |(i, document)| (i, document, examine_document(examiner, state, &submissions[i], document));
    jobs::for_each_parallel(tasks, arguments.examiner.jobs(), examine, |(i, document, outcome)| {
        terminal.advance();
        outcomes[i][document] = Some(outcome);
        if outcomes[i].iter().all(Option::is_some) {
            let all = std::mem::take(&mut outcomes[i]).into_iter().flatten().collect();
            results.insert(i, judge.judge_and_write(&submissions[i], all));
        }
        print_ready(&mut results, terminal);
    });
    print_ready(&mut results, terminal);
    terminal.end_progress();
    ended.map(|()| exit)
}

fn print(
    arguments: &Arguments,
    submission: &Submission,
    result: Result<JudgedApplication, Failure>,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let judged = match result {
        Ok(judged) => judged,
        Err(failure) => return Ok(terminal.report(&failure)),
    };
    for remark in submission.remarks.iter().chain(&judged.remarks) {
        terminal.warn(&escaped(remark));
    }
    match arguments.format {
        Format::Json => {
            let line = serde_json::to_string(&judged.verdict);
            terminal.print_json(&line.map_err(Failure::internal)?)?;
        }
        Format::Human => {
            let view = verdict_table::View {
                columns: terminal.columns(),
                unmask: arguments.unmask,
                applicant: Some(&submission.application.applicant),
                report: &submission.out.join(results::REPORT),
                save_command: None,
            };
            terminal.print(&verdict_table::table(&judged.verdict, &view))?;
        }
    }
    Ok(judged.exit.max(arguments.fail_on.exit(judged.verdict.body.outcome)))
}
