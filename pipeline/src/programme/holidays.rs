//! Tables of holidays, by which working days are counted.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::{Date, Weekday, date};
use serde::Deserialize;

use super::model::{LegalSource, toml_date, toml_date_option};
use crate::digest::sha256;

/// The days off of one country, for whole years.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holidays {
    /// Its id in programme files.
    pub id: String,
    /// Where the days are from.
    pub source: LegalSource,
    /// Names of the holidays in English, Kazakh and Russian.
    pub names: BTreeMap<String, HolidayName>,
    /// The years, without a gap.
    pub years: Vec<HolidayYear>,
    /// SHA-256 of the file, lower-case hexadecimal.
    #[serde(skip)]
    pub sha256: String,
}

/// The name of a holiday in three languages.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "each field is a language")]
pub struct HolidayName {
    pub en: String,
    pub kk: String,
    pub ru: String,
}

/// The days of one year that are not what their day of the week says.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolidayYear {
    /// The year.
    pub year: i16,
    /// Whether the orders for the year still have to be seen.
    pub to_confirm: bool,
    /// The listed days.
    pub days: Vec<ListedDay>,
}

/// One listed day.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedDay {
    /// The day.
    #[serde(deserialize_with = "toml_date")]
    pub date: Date,
    /// What it is.
    pub kind: DayKind,
    /// Short name of the holiday.
    #[serde(default)]
    pub name: Option<String>,
    /// The day that it replaces.
    #[serde(default, deserialize_with = "toml_date_option")]
    pub of: Option<Date>,
}

/// What a listed day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A holiday, or a day off by religion.
    Holiday,
    /// Off because the holiday that it replaces is on a weekend.
    MovedHoliday,
    /// Off in exchange for a weekend day that is worked.
    DayOff,
    /// A weekend day that is worked.
    WorkingDay,
}

impl Holidays {
    /// Returns the built-in table with that id.
    #[must_use]
    pub fn built_in(id: &str) -> Option<&'static Self> {
        static KAZAKHSTAN: LazyLock<Holidays> = LazyLock::new(|| {
            Holidays::parse(include_str!("../../programmes/holidays-kz.toml"))
                .expect("a test parses the file")
        });
        Some(&*KAZAKHSTAN).filter(|table| table.id == id)
    }

    fn parse(text: &str) -> Result<Self, toml::de::Error> {
        Ok(Self { sha256: sha256(text.as_bytes()), ..toml::from_str(text)? })
    }

    /// Returns whether people work on a day, or `None` outside the years of the table.
    #[must_use]
    pub fn is_working_day(&self, day: Date) -> Option<bool> {
        let year = self.year(day)?;
        Some(match year.days.iter().find(|listed| listed.date == day) {
            Some(listed) => listed.kind == DayKind::WorkingDay,
            None => !is_weekend(day),
        })
    }

    /// Returns whether the orders for the year of a day still have to be seen.
    #[must_use]
    pub fn is_to_confirm(&self, day: Date) -> bool {
        self.year(day).is_none_or(|year| year.to_confirm)
    }

    /// Returns the last day that the table covers.
    #[must_use]
    pub fn last_day(&self) -> Date {
        date(self.years.iter().map(|year| year.year).max().unwrap_or_default(), 12, 31)
    }

    fn year(&self, day: Date) -> Option<&HolidayYear> {
        self.years.iter().find(|year| year.year == day.year())
    }
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn table() -> &'static Holidays {
        Holidays::built_in("kz").unwrap()
    }

    fn listed() -> impl Iterator<Item = &'static ListedDay> {
        table().years.iter().flat_map(|year| &year.days)
    }

    #[test]
    fn a_table_is_found_by_its_id() {
        assert!(Holidays::built_in("atlantis").is_none());
        assert_eq!(table().last_day(), date(2027, 12, 31));
    }

    #[test]
    fn years_and_days_follow_each_other() {
        let years: Vec<i16> = table().years.iter().map(|year| year.year).collect();
        assert_eq!(years, (2024..=2027).collect::<Vec<i16>>());
        for year in &table().years {
            assert!(year.days.iter().all(|day| day.date.year() == year.year), "{}", year.year);
        }
        let days: Vec<Date> = listed().map(|day| day.date).collect();
        assert!(days.is_sorted_by(|one, next| one < next));
        let named: BTreeSet<&str> = listed().filter_map(|day| day.name.as_deref()).collect();
        assert_eq!(named, table().names.keys().map(String::as_str).collect());
    }

    #[test]
    fn a_holiday_on_a_weekend_is_moved_to_a_later_working_day() {
        let religious = [Some("christmas"), Some("kurban_ait")];
        for day in listed().filter(|day| day.kind == DayKind::Holiday && is_weekend(day.date)) {
            let moved = listed()
                .find(|other| other.kind == DayKind::MovedHoliday && other.of == Some(day.date));
            assert_eq!(moved.is_none(), religious.contains(&day.name.as_deref()), "{}", day.date);
            if let Some(moved) = moved {
                assert!(day.date < moved.date && !is_weekend(moved.date), "{}", moved.date);
            }
        }
        let moved: Vec<&ListedDay> =
            listed().filter(|day| day.kind == DayKind::MovedHoliday).collect();
        assert!(moved.iter().all(|day| day.of.is_some_and(is_weekend)));
        assert_eq!(moved.len(), 17);
    }

    #[test]
    fn an_exchanged_day_is_off_and_a_weekend_day_is_worked() {
        let of = |kind| -> BTreeSet<(Date, Option<Date>)> {
            listed().filter(|day| day.kind == kind).map(|day| (day.date, day.of)).collect()
        };
        let off = of(DayKind::DayOff);
        assert_eq!(off.len(), 2);
        for (day, worked) in off {
            let worked = worked.unwrap();
            assert!(!is_weekend(day) && is_weekend(worked), "{day}");
            assert!(of(DayKind::WorkingDay).contains(&(worked, Some(day))), "{worked}");
        }
    }

    /// The fixed days of the law, apart from those of the constitution, which changed.
    #[test]
    fn every_year_has_the_holidays_of_the_law() {
        let fixed = [
            (1, 1),
            (1, 2),
            (1, 7),
            (3, 8),
            (3, 21),
            (3, 22),
            (3, 23),
            (5, 1),
            (5, 7),
            (5, 9),
            (7, 6),
            (10, 25),
            (12, 16),
        ];
        for year in &table().years {
            for (month, day) in fixed {
                let day = date(year.year, month, day);
                assert_eq!(table().is_working_day(day), Some(false), "{day}");
            }
            let named = |name: &str| {
                year.days.iter().filter(|day| day.name.as_deref() == Some(name)).count()
            };
            assert_eq!(named("kurban_ait"), 1, "{}", year.year);
            assert_eq!(year.to_confirm, 2026 <= year.year, "{}", year.year);
        }
    }
}
