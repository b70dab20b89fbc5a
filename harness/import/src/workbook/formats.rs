//! Number formats, as far as they change what a specification says: leading zeros, dates, times.

/// What a number format does to a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Format {
    /// Shown as it is.
    #[default]
    Plain,
    /// At least that many digits.
    Zeros(usize),
    /// A day.
    Day,
    /// A time of day.
    Time,
    /// Both.
    DayTime,
}

impl Format {
    /// A format by its code, e.g. `00000`, `yyyy/m/d`, `[h]:mm`.
    pub(super) fn of_code(code: &str) -> Self {
        let first = code.split(';').next().unwrap_or("");
        let bare = without_literals(first);
        if bare.eq_ignore_ascii_case("general") {
            return Self::Plain;
        }
        let digits = bare.bytes().filter(|b| *b == b'0').count();
        if digits > 1 && bare.bytes().all(|b| b == b'0' || b == b'#') && !first.contains('"') {
            return Self::Zeros(digits.min(64));
        }
        let lower = bare.to_ascii_lowercase();
        let has = |letters: &[char]| lower.contains(letters);
        let era = lower.contains(['g', 'e']) && !lower.contains(['0', '#']);
        let day = has(&['y', 'd']) || (era && has(&['m']));
        let time = has(&['h', 's']);
        let month = has(&['m']) && !lower.contains(['0', '#']);
        match (day || (month && !time), time) {
            (true, true) => Self::DayTime,
            (true, false) => Self::Day,
            (false, true) => Self::Time,
            (false, false) => Self::Plain,
        }
    }

    /// A built-in format (ECMA-376 part 1, 18.8.30; 27 to 36 and 50 to 58 are days in Japanese Excel).
    pub(super) fn built_in(id: u32) -> Self {
        match id {
            14..=17 | 27..=31 | 34..=36 | 50..=58 => Self::Day,
            18..=21 | 32 | 33 | 45..=47 => Self::Time,
            22 => Self::DayTime,
            _ => Self::Plain,
        }
    }

    /// What people see; the second value tells whether it is a date or time.
    pub(super) fn show(&self, number: f64, from_1904: bool) -> (String, bool) {
        let plain = plain(number);
        match self {
            Self::Plain => (plain, false),
            Self::Zeros(width) => {
                let (sign, digits) = plain
                    .strip_prefix('-')
                    .map_or(("", plain.as_str()), |digits| ("-", digits));
                if digits.bytes().all(|b| b.is_ascii_digit()) {
                    (format!("{sign}{digits:0>width$}"), false)
                } else {
                    (plain, false)
                }
            }
            Self::Day | Self::Time | Self::DayTime => match moment(number, from_1904) {
                Some((day, time)) => {
                    let shown = match self {
                        Self::Day if number.fract() == 0.0 => day,
                        Self::Time if number < 1.0 => time,
                        _ => format!("{day} {time}"),
                    };
                    (shown, true)
                }
                None => (plain, false),
            },
        }
    }
}

fn without_literals(code: &str) -> String {
    let mut out = String::new();
    let mut chars = code.chars();
    let (mut quoted, mut bracket) = (false, String::new());
    let mut in_bracket = false;
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => {
                chars.next();
            }
            '[' => in_bracket = true,
            ']' => {
                // [h], [mm], [ss] count hours; colours, conditions and locales carry no letters of a date
                let inner = bracket.to_ascii_lowercase();
                if !inner.is_empty() && inner.chars().all(|c| matches!(c, 'h' | 'm' | 's')) {
                    out.push_str(&inner);
                }
                bracket.clear();
                in_bracket = false;
            }
            c if in_bracket => bracket.push(c),
            c => out.push(c),
        }
    }
    out
}

/// The shortest way to write a number, without an exponent for integers.
pub(super) fn plain(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        format!("{number:.0}")
    } else {
        format!("{number}")
    }
}

/// Day `YYYY-MM-DD` and time `HH:MM:SS` of a serial number. Excel's 1900 system has a 29 February 1900 (serial 60);
/// serials below 1 are times of no day.
fn moment(serial: f64, from_1904: bool) -> Option<(String, String)> {
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    let mut days = serial.trunc();
    let mut seconds = ((serial - days) * 86_400.0).round();
    if seconds >= 86_400.0 {
        days += 1.0;
        seconds = 0.0;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "both are whole and below 3 million"
    )]
    let (days, seconds) = (days as i64, seconds as i64);
    // days since 1970-01-01; 1904-01-01 is 24107 days before, 1899-12-31 is 25568 days before
    let since_epoch = match (from_1904, days) {
        (true, days) => days - 24_107,
        (false, days) if days < 60 => days - 25_568,
        (false, days) => days - 25_569,
    };
    let (year, month, day) = civil(since_epoch);
    Some((
        format!("{year:04}-{month:02}-{day:02}"),
        format!(
            "{:02}:{:02}:{:02}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        ),
    ))
}

/// Year, month, day of a day number since 1970-01-01, by counting 400-year cycles from 1 March of year 0.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let cycle = shifted.div_euclid(146_097);
    let day_of_cycle = shifted.rem_euclid(146_097);
    let year_of_cycle =
        (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
    let day_of_year =
        day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_cycle + cycle * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_understood() {
        for (code, format) in [
            ("General", Format::Plain),
            ("@", Format::Plain),
            ("00000", Format::Zeros(5)),
            ("0", Format::Plain),
            ("#,##0", Format::Plain),
            ("0.00", Format::Plain),
            ("yyyy/m/d", Format::Day),
            ("[$-411]ggge\"年\"m\"月\"d\"日\";@", Format::Day),
            ("h:mm:ss", Format::Time),
            ("[h]:mm", Format::Time),
            ("yyyy/m/d h:mm", Format::DayTime),
            ("[Red]0", Format::Plain),
            ("0.00E+00", Format::Plain),
        ] {
            assert_eq!(Format::of_code(code), format, "{code}");
        }
    }

    #[test]
    fn serials_become_days() {
        let day = |serial, old| Format::Day.show(serial, old).0;
        assert_eq!(day(1.0, false), "1900-01-01");
        assert_eq!(day(61.0, false), "1900-03-01");
        assert_eq!(day(45198.0, false), "2023-09-29");
        assert_eq!(day(43736.0, true), "2023-09-29");
        assert_eq!(Format::Time.show(0.375, false).0, "09:00:00");
        assert_eq!(
            Format::DayTime.show(45_198.999_999_9, false).0,
            "2023-09-30 00:00:00"
        );
        assert_eq!(Format::Zeros(5).show(12.0, false).0, "00012");
        assert_eq!(Format::Day.show(-1.0, false).0, "-1");
        assert_eq!(Format::Day.show(f64::NAN, false).0, "NaN");
    }
}
