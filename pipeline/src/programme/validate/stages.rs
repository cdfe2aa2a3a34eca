//! Faults in the stages: their documents, and rules that nothing in the stage applies.

use std::collections::BTreeSet;

use super::{DAYS, Faults, TEN_YEARS};
use crate::kind::Kind;
use crate::programme::model::Programme;
use crate::programme::stage::{Clock, DayUnit, Stage};

pub(super) fn check_stages(programme: &Programme, faults: &mut Faults) {
    faults.add_unless(!programme.stages.is_empty(), "stages", "at least one stage is needed");
    for (name, stage) in &programme.stages {
        let key = format!("stages.{name}");
        check_documents(stage, &key, faults);
        check_passport_validity(programme, stage, &key, faults);
        if let Some(clock) = &stage.clock {
            check_clock(programme, clock, &format!("{key}.clock"), faults);
        }
    }
    let is_asked_for = |kind| programme.stages.values().any(|stage| stage.asks_for(kind));
    for (kind, has_rules, key, problem) in [
        (
            Kind::PoliceClearance,
            programme.rules.police_clearance.is_some(),
            "rules.police_clearance",
            "applied nowhere: no stage asks for a police clearance",
        ),
        // every programme has these rules
        (
            Kind::Passport,
            true,
            "rules.expiry_window",
            "applied nowhere, as `iin`, `form_comparison` and `visual_comparison`: no stage asks \
             for a passport",
        ),
        (
            Kind::Portrait,
            true,
            "rules.portrait_ratio",
            "applied nowhere, as every `portrait_` table: no stage asks for a portrait",
        ),
    ] {
        faults.add_unless(is_asked_for(kind) || !has_rules, key, problem);
    }
}

fn check_documents(stage: &Stage, key: &str, faults: &mut Faults) {
    let twice = stage.required.iter().any(|kind| stage.optional.contains(kind));
    faults.add_unless(!twice, &format!("{key}.optional"), "contains a required kind");
    for (list, kinds) in [("required", &stage.required), ("optional", &stage.optional)] {
        let different: BTreeSet<&Kind> = kinds.iter().collect();
        faults.add_unless(
            different.len() == kinds.len(),
            &format!("{key}.{list}"),
            "contains a kind twice",
        );
    }
    faults.add_unless(!stage.required.is_empty(), &format!("{key}.required"), "is empty");
}

fn check_passport_validity(programme: &Programme, stage: &Stage, key: &str, faults: &mut Faults) {
    const NO_PASSPORT: &str = "applied nowhere: the stage does not ask for a passport";
    let has_passport = stage.asks_for(Kind::Passport);
    if let Some(rule) = &stage.passport_validity {
        let key = format!("{key}.passport_validity");
        faults.add_unless(has_passport, &key, NO_PASSPORT);
        let days = DAYS.contains(&rule.more_than_days);
        faults.add_unless(days, &format!("{key}.more_than_days"), TEN_YEARS);
        let days = DAYS.contains(&rule.close_days);
        faults.add_unless(days, &format!("{key}.close_days"), TEN_YEARS);
    }
    if let Some(early) = &stage.early_passport_validity {
        let key = format!("{key}.early_passport_validity");
        faults.add_unless(has_passport, &key, NO_PASSPORT);
        let own = stage.passport_validity.is_some();
        faults.add_unless(!own, &key, "applied nowhere: the stage has its own passport_validity");
        let later = programme.stages.get(&early.for_stage);
        faults.add_unless(
            later.is_some_and(|later| later.passport_validity.is_some()),
            &format!("{key}.for_stage"),
            "no stage of that name with a passport_validity",
        );
    }
}

fn check_clock(programme: &Programme, clock: &Clock, key: &str, faults: &mut Faults) {
    faults.add_unless(DAYS.contains(&clock.days), &format!("{key}.days"), TEN_YEARS);
    faults.add_unless(
        (0..=clock.days).contains(&clock.safe_days),
        &format!("{key}.safe_days"),
        "must be between 0 and days",
    );
    faults.add_unless(
        clock.unit == DayUnit::CalendarDays || programme.holidays.is_some(),
        &format!("{key}.unit"),
        "working days need a table of holidays: set `holidays`",
    );
}
