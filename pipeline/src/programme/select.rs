//! The built-in programmes, and the choice of a programme by the day.

use std::sync::LazyLock;

use jiff::civil::Date;

use super::model::Programme;

/// The programme chosen for a day.
#[derive(Clone, Copy, Debug)]
pub struct ChosenProgramme<'a> {
    /// The chosen programme.
    pub programme: &'a Programme,
    /// Whether it is in force on that day; if not, it is the nearest in time.
    pub in_force: bool,
}

impl Programme {
    /// Names and texts of the built-in files, the oldest first.
    pub const FILES: [(&str, &str); 2] = [
        ("kz-dnr-2025.toml", include_str!("../../programmes/kz-dnr-2025.toml")),
        ("kz-dnr-2026.toml", include_str!("../../programmes/kz-dnr-2026.toml")),
    ];

    /// Returns the built-in programmes, the oldest first.
    #[must_use]
    pub fn built_in() -> &'static [Self] {
        static BUILT_IN: LazyLock<Vec<Programme>> = LazyLock::new(|| {
            Programme::FILES
                .iter()
                .map(|(name, text)| Programme::parse(name, text).expect("a test parses both files"))
                .collect()
        });
        &BUILT_IN
    }

    /// Returns whether the programme is in force on that local day.
    #[must_use]
    pub fn is_in_force_on(&self, day: Date) -> bool {
        self.effective_from <= day && self.effective_to.is_none_or(|last| day <= last)
    }

    /// Returns the programme in force on the local day, or the nearest in time.
    #[must_use]
    pub fn choose(programmes: &[Self], day: Date) -> Option<ChosenProgramme<'_>> {
        if let Some(programme) = programmes.iter().find(|p| p.is_in_force_on(day)) {
            return Some(ChosenProgramme { programme, in_force: true });
        }
        let distance = |p: &Self| {
            let first = (p.effective_from - day).get_days().abs();
            p.effective_to.map_or(first, |last| first.min((day - last).get_days().abs()))
        };
        let programme = programmes.iter().min_by_key(|p| distance(p))?;
        Some(ChosenProgramme { programme, in_force: false })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::kind::Kind;
    use crate::programme::{DayUnit, Step};

    #[test]
    fn the_local_day_selects_the_programme() {
        let pick = |day| {
            let chosen = Programme::choose(Programme::built_in(), day).unwrap();
            (chosen.programme.id.as_str(), chosen.in_force)
        };
        assert_eq!(pick(date(2025, 1, 14)), ("kz-dnr-2025", false));
        assert_eq!(pick(date(2025, 1, 15)), ("kz-dnr-2025", true));
        assert_eq!(pick(date(2025, 12, 31)), ("kz-dnr-2025", true));
        assert_eq!(pick(date(2026, 1, 1)), ("kz-dnr-2026", true));
    }

    #[test]
    fn the_later_programme_has_the_same_rules_and_is_marked_to_confirm() {
        let [first, later] = Programme::built_in() else { panic!("two programmes") };
        assert_eq!(first.rules, later.rules);
        let permit = |programme: &'static Programme| &programme.stages["residence-permit"];
        assert_eq!(permit(first), permit(later));
        assert!(!first.to_confirm && later.to_confirm);
    }

    #[test]
    fn the_later_programme_knows_what_the_report_of_its_order_says() {
        let [first, later] = Programme::built_in() else { panic!("two programmes") };
        let petition = |programme: &'static Programme| &programme.stages["ministry-petition"];
        assert_eq!(petition(first).required, petition(later).required);
        assert_eq!(petition(later).optional, [Kind::Diploma, Kind::ProfessionalCertificate]);
        assert_eq!(petition(first).clock, None);
        let clock = petition(later).clock.as_ref().unwrap();
        assert_eq!(
            (clock.step, clock.days, clock.unit),
            (Step::MigrationCheck, 3, DayUnit::WorkingDays)
        );
        let notes = &later.notes;
        assert_eq!(notes.places.as_ref().unwrap().places, ["Astana", "Almaty"]);
        assert_eq!(notes.reapplication.as_ref().unwrap().days, None);
        assert_eq!(notes.entry.as_ref().unwrap().days, 30);
    }

    /// A reader of the file sees the mark beside each rule.
    #[test]
    fn what_is_not_confirmed_is_marked_in_the_file() {
        for ((name, text), programme) in Programme::FILES.iter().zip(Programme::built_in()) {
            for line in text.lines() {
                let Some((_, rest)) = line.split_once("source = \"") else { continue };
                let (source, mark) = rest.split_once('"').unwrap();
                let expected =
                    if programme.is_to_confirm(source) { " # to be confirmed" } else { "" };
                assert_eq!(mark, expected, "{name}: {line}");
            }
        }
    }
}
