//! Days on which public offices are open (開庁日).
//!
//! Closed are Saturdays, Sundays, national holidays and 29 December to 3 January (行政機関の休日に関する法律 第1条).
//! National holidays follow 国民の祝日に関する法律 (昭和23年法律第178号, as in force in 2025) with the equinoxes of 国立天文台
//! 暦要項; the table beside this module holds 2025 to 2027. A table of the user's own replaces it, for instance the one
//! that 内閣府 publishes.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

const BUNDLED: &str = include_str!("holidays.csv");

/// National holidays, and the years that the table speaks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holidays {
    days: BTreeSet<Date>,
}

impl Default for Holidays {
    fn default() -> Self {
        Self {
            days: days(BUNDLED.as_bytes()),
        }
    }
}

impl Holidays {
    /// A table of the user's own: a day in the first column of each line, `2026-11-23` or `2026/11/23`; the rest of the
    /// line is not read, so its encoding does not matter. `None` when no line begins with a day.
    pub fn read(csv: &[u8]) -> Option<Self> {
        let days = days(csv);
        (!days.is_empty()).then_some(Self { days })
    }

    /// The `count`-th open day after `day`, which itself does not count. `None` when the way there leaves the years of
    /// the table: a wrong due date is worse than none.
    pub fn open_day_after(&self, day: Date, count: u32) -> Option<Date> {
        let mut at = day;
        let mut left = count;
        while left > 0 {
            at = at.checked_add(1.day()).ok()?;
            if self.is_open(at)? {
                left -= 1;
            }
        }
        Some(at)
    }

    /// True when public offices are open; `None` outside the years of the table.
    pub fn is_open(&self, day: Date) -> Option<bool> {
        if !self.days.iter().any(|known| known.year() == day.year()) {
            return None;
        }
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let turn_of_year = matches!((day.month(), day.day()), (12, 29..) | (1, ..=3));
        Some(!weekend && !turn_of_year && !self.days.contains(&day))
    }
}

fn days(csv: &[u8]) -> BTreeSet<Date> {
    let lines = csv.split(|b| *b == b'\n');
    let first = lines.filter_map(|line| line.split(|b| *b == b',' || *b == b'\r').next());
    first.filter_map(day).collect()
}

fn day(cell: &[u8]) -> Option<Date> {
    let text = std::str::from_utf8(cell)
        .ok()?
        .trim()
        .trim_start_matches('\u{feff}');
    let mut parts = text.split(['-', '/']);
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    Date::new(year, month, day)
        .ok()
        .filter(|_| parts.next().is_none())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_table_holds_what_the_law_says() {
        let table = Holidays::default();
        assert_eq!(
            table.days.len(),
            BUNDLED.lines().count() - 1,
            "every line is a day"
        );
        let fixed = [
            (1, 1),
            (2, 11),
            (2, 23),
            (4, 29),
            (5, 3),
            (5, 4),
            (5, 5),
            (8, 11),
            (11, 3),
            (11, 23),
        ];
        // Month and number of the Monday in it (第2条: 成人の日, 海の日, 敬老の日, スポーツの日).
        let mondays = [(1, 2), (7, 3), (9, 3), (10, 2)];
        for year in 2025..=2027 {
            let on = |month, day| table.days.contains(&date(year, month, day));
            assert!(fixed.iter().all(|(month, day)| on(*month, *day)), "{year}");
            for (month, number) in mondays {
                let first = date(year, month, 1)
                    .nth_weekday_of_month(number, Weekday::Monday)
                    .unwrap();
                assert!(table.days.contains(&first), "{first}");
            }
            assert!((19..=22).any(|day| on(3, day)) && (22..=24).any(|day| on(9, day)));
            // 第3条第2項: a holiday on a Sunday moves the day off to the next day that is none.
            for sunday in table
                .days
                .iter()
                .filter(|d| d.year() == year && d.weekday() == Weekday::Sunday)
            {
                let mut next = *sunday;
                while table.days.contains(&next) && next < *sunday + 7.days() {
                    next = next.tomorrow().unwrap();
                }
                let off = next.yesterday().unwrap();
                assert!(
                    off > *sunday && off.weekday() != Weekday::Sunday,
                    "{sunday}"
                );
            }
            // 第3条第3項: a day between two holidays is one.
            for day in table.days.iter().filter(|d| d.year() == year) {
                let between = *day + 1.day();
                let fenced = table.days.contains(&(*day + 2.days()));
                assert!(
                    !fenced
                        || table.days.contains(&between)
                        || between.weekday() == Weekday::Sunday,
                    "{between}"
                );
            }
        }
    }

    #[test]
    fn three_open_days_are_counted_from_the_day_after() {
        let table = Holidays::default();
        let due = |y, m, d| {
            table
                .open_day_after(date(y, m, d), 3)
                .map(|d| d.to_string())
        };
        // Friday 20 November 2026: Saturday, Sunday and Monday 23 (勤労感謝の日) do not count.
        assert_eq!(due(2026, 11, 20).as_deref(), Some("2026-11-26"));
        assert_eq!(due(2026, 11, 24).as_deref(), Some("2026-11-27"));
        // 19 to 23 September 2026 are five days off.
        assert_eq!(due(2026, 9, 18).as_deref(), Some("2026-09-28"));
        assert_eq!(due(2025, 12, 26).as_deref(), Some("2026-01-07"));
        assert_eq!(due(2027, 12, 28), None, "the table ends");
        assert_eq!(due(2024, 6, 3), None);
    }

    #[test]
    fn a_table_of_the_user_is_read_whatever_its_encoding() {
        // The second column as Shift_JIS.
        let table =
            Holidays::read(b"\x8d\x91\x96\xaf,x\r\n2030/1/14,\x90\xac\x90l\r\n2030/2/11,a\r\n")
                .unwrap();
        assert_eq!(table.days.len(), 2);
        assert_eq!(table.is_open(date(2030, 1, 14)), Some(false));
        assert_eq!(Holidays::read(b"day\nnone\n"), None);
    }
}
